"""No process outlives the one that started it, whatever ends that one."""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1
LINUX = sys.platform == "linux"
_libc = ctypes.CDLL(None) if LINUX else None


def die_with_parent() -> None:
    """Ask the kernel to end this process with its parent; Linux alone can, elsewhere it changes nothing.

    Fit for `subprocess`'s `preexec_fn`, and for the start of a process that was forked or spawned by another's code.
    """
    if _libc is not None:
        _libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def die_with_our_own_parent() -> None:
    """The same for a server's worker, which imports our code; a worker whose parent has gone already ends at once."""
    if os.environ.get("CC_LIFELINE") and LINUX:
        die_with_parent()
        if os.getppid() == 1:
            os._exit(1)
