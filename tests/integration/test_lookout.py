"""Looking into ASP before a create is repeated (E11)."""

import threading
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor

from portal.asp.records import AspRecord
from portal.sync.pushing.lookouts import Lookout


def test_e11_requests_that_look_at_once_share_one_reading() -> None:
    readings: list[int] = []
    at_work, more_than_one = threading.Event(), threading.Event()

    def read() -> Iterable[tuple[str, AspRecord]]:
        readings.append(1)
        if at_work.is_set():
            more_than_one.set()
        at_work.set()
        more_than_one.wait(0.2)  # long enough for the others to come in, were there no lock
        return [("key", AspRecord("ASP-1", {}, ""))]

    ticks = iter(range(1, 100))
    lookout = Lookout(read, lambda: float(next(ticks)))

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: lookout.find("key", since=0.0), range(8)))

    assert [each.uuid for each in found if each] == ["ASP-1"] * 8
    assert len(readings) == 1
