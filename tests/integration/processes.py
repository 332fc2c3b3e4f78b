"""Processes that tests start, and their end."""

import subprocess

import psutil


def end(process: "subprocess.Popen[str]") -> tuple[str, str]:
    """End a process with its children, and return what it said."""
    if process.poll() is None:
        process.terminate()
    try:
        return process.communicate(timeout=120)
    except subprocess.TimeoutExpired:
        kill_tree(process.pid)
        return process.communicate()


def kill_tree(process_id: int) -> None:
    """Kill -9 a process that the test started, and its children."""
    try:
        process = psutil.Process(process_id)
        family = [*process.children(recursive=True), process]
    except psutil.NoSuchProcess:
        return
    for each in family:
        try:
            each.kill()
        except psutil.NoSuchProcess:
            continue
    psutil.wait_procs(family, timeout=120)
