"""`portal up`: its processes end together."""

import io
import signal

import pytest
from honcho.printer import Printer

from portal.workers.processes import ENDED_BY_SIGNAL, Together


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_all_processes_though_none_has_told_its_start(number: signal.Signals) -> None:
    class Signalled(Together):
        def _start(self) -> None:
            super()._start()
            signal.raise_signal(number)

    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    former = {each: signal.signal(each, signal.SIG_DFL) for each in numbers}
    manager = Signalled(Printer(io.StringIO()))
    try:
        manager.add_process("one", "exec sleep 60")
        manager.loop()
    finally:
        for each, handler in former.items():
            signal.signal(each, handler)

    assert manager.returncode in ENDED_BY_SIGNAL
    assert manager._all_stopped()
