"""How many connections a process may have open: each open page is one, and the system's usual 1,024 are few."""

import resource
import sys

MOST = 65_536


def allow_many() -> None:
    """Let this process and those it starts open as many as the system lets it have without being asked."""
    now, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST if most == resource.RLIM_INFINITY else min(MOST, most)
    if sys.platform == "linux" and now < wanted:  # elsewhere the bound is the kernel's own, and refuses
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, most))
