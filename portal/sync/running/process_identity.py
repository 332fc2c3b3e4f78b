"""Which process, machine and clock this is, told apart without the wall clock (E14b).

A wall clock is stepped by hand or by NTP, and psutil's `create_time` follows it; start ticks count from the boot.
"""

import os
import socket
from pathlib import Path

import psutil

PROC = Path("/proc")
DEAD_STATES = (b"Z", b"X", b"x")  # proc(5): zombie, dead
STATE, START_TICKS = 0, 19  # where fields 3 and 22 of proc(5)'s stat stand, counted behind the name


def machine_name(proc: Path = PROC) -> str:
    """This machine as a process sees it: "host/boot id/process namespace".

    Hosts of one name differ by the boot id, which is new at every boot; containers of one host share that, and the
    name perhaps too, but not the namespace of their process ids. Where there is no /proc, the name is all there is.
    """
    return "/".join(filter(None, (socket.gethostname(), _boot_id(proc), _namespace(proc, "pid"))))


def clock_name() -> str:
    """Whose monotonic clock `time.monotonic` reads: on Linux that of a boot and a time namespace."""
    boot_id = _boot_id(PROC)
    if boot_id:
        return "/".join(filter(None, (boot_id, _namespace(PROC, "time"))))
    return f"{socket.gethostname()}/{os.getpid()}/{psutil.Process().create_time()}"


def own_process() -> dict[str, str | int | float]:
    """What a run row says of the process that works on it."""
    process_id = os.getpid()
    return {
        "machine": machine_name(),
        "process_id": process_id,
        "process_started": process_started(process_id) or 0.0,
    }


def process_started(process_id: int, proc: Path = PROC) -> float | None:
    """What tells a process of this machine from a later one with the same id: its start in ticks since the boot.

    Where there is no /proc it is psutil's time of creation, which the kernels of macOS and the BSDs write down once.
    None when no such process runs; a zombie runs no more. Raises PermissionError when it may not be looked at.
    """
    if not (proc / "self" / "stat").exists():
        try:
            process = psutil.Process(process_id)
            return None if process.status() == psutil.STATUS_ZOMBIE else process.create_time()
        except psutil.NoSuchProcess:
            return None
        except psutil.AccessDenied as problem:
            raise PermissionError(str(problem)) from problem
    try:
        stat = (proc / str(process_id) / "stat").read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        _look_for_hidden(process_id)
        return None
    # The name stands in parentheses and may itself hold spaces and parentheses: the last one ends it.
    values = stat.rpartition(b")")[2].split()
    return None if values[STATE] in DEAD_STATES else float(values[START_TICKS])


def is_alive(process_id: int | None, started: float | None) -> bool | None:
    """Whether that very process runs on this machine; None when it may not be looked at."""
    if not process_id:
        return False
    try:
        found = process_started(process_id)
    except PermissionError:
        return None
    return found is not None and found == started


def _look_for_hidden(process_id: int) -> None:
    """A /proc mounted with hidepid hides other users' processes. Raises PermissionError when there is one."""
    try:
        os.kill(process_id, 0)
    except ProcessLookupError:
        return


def _boot_id(proc: Path) -> str:
    try:
        return (proc / "sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    except OSError:
        return ""


def _namespace(proc: Path, kind: str) -> str:
    try:
        return str((proc / "self/ns" / kind).stat().st_ino)
    except OSError:
        return ""
