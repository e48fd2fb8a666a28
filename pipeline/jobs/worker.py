"""Who holds a job: a process's name from which others can tell that it is dead."""

import os
import socket
from pathlib import Path


def this_worker() -> str:
    """The name of this process: machine, process id and start time.

    The start time tells a process from a later one with the same id; the boot id and the
    namespace of process ids tell machines and containers apart, even those of one host name.
    """
    pid = os.getpid()
    return f"{_machine()} {pid} {_started(pid)}"


def is_dead(worker: str) -> bool:
    """Whether `worker` is certainly dead: on other machines nobody can tell."""
    machine, pid, started = worker.rsplit(" ", 2)
    return machine == _machine() and started != "" and _started(int(pid)) != started


def _machine() -> str:
    boot = _read(Path("/proc/sys/kernel/random/boot_id")).strip()
    try:
        namespace = os.readlink("/proc/self/ns/pid")
    except OSError:
        namespace = ""
    return f"{socket.gethostname()}/{boot}/{namespace}"


def _started(pid: int) -> str:
    """Start time in clock ticks after boot; empty for a process that is gone or a zombie."""
    # The second field is the program's name in brackets and may hold anything.
    fields = _read(Path(f"/proc/{pid}/stat")).rpartition(")")[2].split()
    return "" if not fields or fields[0] in "ZX" else fields[19]


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
