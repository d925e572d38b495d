"""The plug: how a channel brings in what is said and carries out what we answer.

Plain types only: nothing here knows a model. A channel is one folder with a `channel.py` that implements `Channel`
and an `apps.py` whose `ready()` registers it.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from contactcenter.vault import Kept

if TYPE_CHECKING:
    from django.utils.functional import Promise


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One address or number: `kind` is `email`, `phone` or `address`; people normalise the value at the door."""

    kind: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Speaker:
    """Who reached us, as far as they said: `named` when they wrote the name themselves (a form, a clerk's reading)."""

    name: str = ""
    points: tuple[Point, ...] = ()
    named: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """One file as it came, kept unchanged. `problem`: "" or `empty`, `encrypted`, `corrupt`, `unreadable`."""

    name: str
    content_type: str
    kept: Kept
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Inbound:
    """One thing said to us. `external_id` makes it unique within its channel, so the door can be knocked at twice.

    `needs` is the kind of work item it opens, "" for a call still in the menu. `replies_to` are Message-IDs of ours
    that it answers; `ticket_id` is set where the adapter already knows the ticket.
    """

    channel: str
    external_id: str | None
    occurred_at: datetime
    office_id: int
    speaker: Speaker | None = None
    subject: str = ""
    text: str = ""
    language: str = ""
    procedure: str = ""
    files: tuple[File, ...] = ()
    raw_sha256: str = ""
    replies_to: tuple[str, ...] = ()
    ticket_id: int | None = None
    needs: str = "message"
    receipt: bool = True
    actor: str = "person"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outbound:
    """One thing we say, ready to be carried by `means` to `to`."""

    delivery_id: int
    ticket_id: int
    purpose: str
    means: str
    to: str
    subject: str
    text: str
    language: str
    reference: str
    message_id: str = ""
    in_reply_to: str = ""
    files: tuple[File, ...] = ()
    receipt_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """What became of an `Outbound`: `sent` (the next hop took it), `delivered`, or `sending`.

    `sending` means that a human or another process goes on with it and will tell `outbox.services.report`.
    """

    state: str
    external_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fragment:
    """What a channel adds to one interaction on the ticket page: safe HTML."""

    html: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """How something will look to the person before it is sent: a head and a text, or the pages of a sheet (PNG, PDF).

    `note` says in a sentence what it costs or lacks; `segments` is how many text messages it takes, 0 for other means.
    """

    head: tuple[tuple[str, str], ...] = ()
    text: str = ""
    note: str = ""
    segments: int = 0
    pages: tuple[bytes, ...] = ()
    document: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class PromisedHour:
    """An hour that was named for a callback; `missed` where it went by without a call."""

    starts_at: datetime
    missed: bool


class DeliveryError(Exception):
    """The channel could not carry it; `permanent` when trying again is useless."""

    def __init__(self, reason: str, *, permanent: bool = False) -> None:
        super().__init__(reason)
        self.permanent = permanent


@runtime_checkable
class Channel(Protocol):
    """A medium a person uses. `urls` is the dotted path of a urls module, or ""."""

    name: str
    urls: str

    @property
    def label(self) -> "str | Promise": ...

    def send(self, outbound: Outbound) -> Sent: ...


@runtime_checkable
class LiveChannel(Channel, Protocol):
    """A channel with a person on the line. The desk asks, after commit, and never knows the vendor."""

    def connect(self, work_item_id: int, agent_id: int | None) -> None: ...

    def hold(self, work_item_id: int) -> None: ...

    def resume(self, work_item_id: int) -> None: ...

    def hang_up(self, work_item_id: int) -> None: ...

    def let_go(self, work_item_id: int) -> None: ...


_channels: dict[str, Channel] = {}


def register(channel: Channel) -> None:
    """Plug a channel in; done once by its app's `ready()`."""
    _channels[channel.name] = channel


def get(name: str) -> Channel:
    """The channel of that name; KeyError where none is plugged in."""
    return _channels[name]


def names() -> list[str]:
    """The names of all plugged-in channels, in the order of registration."""
    return list(_channels)


def asked(what: str, said: Iterable[tuple[str, int]]) -> dict[int, Any]:
    """What the channels answer, by interaction, that can be asked `what`; `said` are names of channels and ids."""
    by_channel: dict[str, list[int]] = {}
    for name, interaction_id in said:
        by_channel.setdefault(name, []).append(interaction_id)
    found: dict[int, Any] = {}
    for name in by_channel.keys() & _channels.keys():
        answers = getattr(_channels[name], what, None)
        found |= answers(by_channel[name]) if answers else {}
    return found


@contextmanager
def registered(channel: Channel) -> Iterator[Channel]:
    """Plug a channel in for a while, in place of one of the same name (for tests)."""
    before = _channels.get(channel.name)
    _channels[channel.name] = channel
    try:
        yield channel
    finally:
        if before is None:
            del _channels[channel.name]
        else:
            _channels[channel.name] = before
