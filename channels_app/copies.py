"""One copy of the waiting list for everybody who sees the same, made once for each state of its queues.

A nudge makes every open desk read at once; whoever comes first makes the copy, the others wait for it and take it.
A copy lies in the memory of one web process, so nothing has to be forgotten when rights change: other rights are
another copy.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from threading import Lock

MOST = 64  # copies kept, the last used ones


@dataclass(slots=True)
class _Copy:
    making: Lock = field(default_factory=Lock)
    text: str | None = None


_copies: OrderedDict[Hashable, _Copy] = OrderedDict()
_finding = Lock()


def one_for_all(key: Hashable, make: Callable[[], str]) -> str:
    """The text for this key, made by the first who asks. Where making it fails, the next who asks tries again."""
    with _finding:
        copy = _copies.setdefault(key, _Copy())
        _copies.move_to_end(key)
        while len(_copies) > MOST:
            _copies.popitem(last=False)
    with copy.making:
        if copy.text is None:
            copy.text = make()
        return copy.text


def forget() -> None:
    """Make every copy anew."""
    _copies.clear()
