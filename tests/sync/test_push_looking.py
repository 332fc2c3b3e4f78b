"""Looking into ASP for what may have been made (E11): by its key, in a list that is new enough."""

from collections.abc import Callable, Iterable, Iterator

import pytest
from sync_world import SEMINAR, SITE, transport_to

from asp_local.server import LocalAsp
from portal.asp.client import AspClient
from portal.asp.errors import NoAnswer
from portal.asp.records import AspRecord
from portal.sync.pushing.lookouts import Lookout, lookouts

RECORD = AspRecord("ASP-1", {}, "")


@pytest.fixture
def client(local_asp: LocalAsp) -> Iterator[AspClient]:
    client = AspClient(transport_to(local_asp.url))
    yield client
    client.close()


def test_e11_each_kind_is_found_by_its_own_key_and_what_is_not_wanted_is_not_kept(client: AspClient) -> None:
    times = {"StartTime": "2030-06-15T09:00:00", "EndTime": "2030-06-15T10:00:00", "SessionType": "Session"}
    made = {
        "session": client.create_session(
            SEMINAR,
            {"Title": "One", "ClientSessionId": "1", "sessionboard_id": "id-1", **times},
            published=True,
        ),
        "speaker": client.create_speaker(
            SITE, {"FirstName": "A", "LastName": "B", "Email": "Ada@example.org"}
        ),
        "stream": client.create_stream(SEMINAR, {"Name": "Web"}),
        "location": client.create_location(SEMINAR, {"Name": "Hall"}),
    }
    keys = {"session": "id-1", "speaker": "ada@example.org", "stream": "web", "location": "hall"}

    all_wanted = lookouts(client, SEMINAR, SITE, {kind: {key} for kind, key in keys.items()})
    none_wanted = lookouts(client, SEMINAR, SITE, {"session": set(), "speaker": set()})

    for kind, key in keys.items():
        found = all_wanted[kind].find(key, since=0.0)
        assert found is not None and found.uuid == made[kind]
        assert all_wanted[kind].count(key) == [made[kind]]
        assert all_wanted[kind].find("another", since=0.0) is None
    for kind in ("session", "speaker"):
        assert none_wanted[kind].find(keys[kind], since=0.0) is None


def reading(
    *answers: Iterable[tuple[str, AspRecord]] | NoAnswer,
) -> Callable[[], Iterable[tuple[str, AspRecord]]]:
    left = list(answers)

    def read() -> Iterable[tuple[str, AspRecord]]:
        answer = left.pop(0)
        if isinstance(answer, NoAnswer):
            raise answer
        return answer

    return read


def clock_of(*moments: float) -> Callable[[], float]:
    left = list(moments)
    return lambda: left.pop(0)


def test_e11_a_list_is_read_again_only_when_it_is_older_than_the_moment() -> None:
    lookout = Lookout(reading([("key", RECORD)], []), clock_of(10, 10, 11, 12, 12))

    assert lookout.find("key", since=5) is RECORD
    assert lookout.find("key", since=9) is RECORD  # the list of 10 is new enough
    assert lookout.find("key", since=10) is None


def test_e11_of_two_with_one_key_the_first_is_found_and_both_are_counted() -> None:
    double = AspRecord("ASP-2", {}, "")
    both = [("key", RECORD), ("other", RECORD), ("key", double)]
    lookout = Lookout(reading(both, both), clock_of(1, 1))

    assert lookout.find("key", since=0) is RECORD
    assert lookout.count("key") == ["ASP-1", "ASP-2"]


def test_e11_that_the_list_cannot_be_read_does_not_say_that_the_create_arrived() -> None:
    lost = NoAnswer("It hangs", arrived=True, timed_out=True)
    lookout = Lookout(reading(lost, [("key", RECORD)]), clock_of(1, 1, 2, 3, 3))

    with pytest.raises(NoAnswer, match=r"^It hangs$") as problem:
        lookout.find("key", since=0)

    assert problem.value.arrived is False
    assert lookout.find("key", since=0) is RECORD  # who asks later tries for themselves


def test_e11_who_waited_for_a_reading_that_failed_shares_its_failure() -> None:
    """One after the other, each would wait for ASP as long again."""
    lookout = Lookout(reading(NoAnswer("It hangs", arrived=False)), clock_of(1, 1, 9, 5))
    with pytest.raises(NoAnswer):
        lookout.find("key", since=0)

    with pytest.raises(NoAnswer, match="could not be read") as problem:
        lookout.find("key", since=0)  # they began to wait at 5, and it failed at 9

    assert problem.value.arrived is False
