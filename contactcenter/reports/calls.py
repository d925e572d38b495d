"""What became of the calls: each counted once, however often it was queued again, under exactly one fate.

A call counts where it asked for a human: it waited, chose a callback, or left a message. It belongs to the moment it
rang and to the office that has its request. offered = answered + called back + abandoned + short + message + waiting.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import groupby
from typing import Any

from django.conf import settings
from django.db.models import Q

from contactcenter import channel
from contactcenter.offices.hours import is_open
from contactcenter.offices.models import Office
from contactcenter.routing.models import Assignment, Kind, WorkItem, WorkState

LEFT = frozenset({"callback", "message", "abandoned"})  # the line was left without having spoken to anybody
REACHED = frozenset({"reached", "done", "wrapped_up", "sent", "delivered"})  # what ends a callback that was made
UNREACHED = frozenset({"unreached", "told_in_writing", "no_number", "not_called"})  # what ends one in vain
TEXTS = Q(interaction__external_id__startswith="SM") | Q(interaction__external_id__startswith="MM")


class Fate(StrEnum):
    """What became of a call, as things stand."""

    ANSWERED = "answered"  # an agent and the caller spoke
    CALLED_BACK = "called_back"  # the caller chose a callback, and was reached
    ABANDONED = "abandoned"  # hung up, or was never reached by the callback they chose
    SHORT = "short"  # hung up within CC_SHORT_ABANDON_S; no standard value is known, so shares are told with them too
    MESSAGE = "message"  # left a message
    WAITING = "waiting"  # on the line, or for the callback they chose


class Owed(StrEnum):
    """What became of a callback that was promised, or is owed to who hung up."""

    KEPT = "kept"  # reached in time: within its promise, or within the hour that was named
    LATE = "late"  # reached after that
    UNREACHED = "unreached"  # tried to the end, or nobody whom we call
    SETTLED = "settled"  # no longer needed: they called again, or their matter was settled
    OPEN = "open"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hand:
    """One time that an agent held a piece of work."""

    began_at: datetime
    connected_at: datetime | None
    ended_at: datetime | None

    @property
    def length_s(self) -> float:
        """From the first word, or from taking it, to the end of the after-work."""
        return ((self.ended_at or self.began_at) - (self.connected_at or self.began_at)).total_seconds()


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One work item of a call: the call itself, its callback or its message."""

    kind: str
    service_class: str
    done: bool
    outcome: str
    enqueued_at: datetime
    due_at: datetime
    done_at: datetime | None
    target_s: int
    hands: tuple[Hand, ...] = ()
    held_s: float = 0.0  # on hold, in whosever hands

    @property
    def after_abandoning(self) -> bool:
        """Whether it is the callback that we owe to somebody who hung up."""
        return self.kind == Kind.CALLBACK and self.service_class == "abandoned"

    @property
    def reached(self) -> bool:
        """Whether the person of this callback was really reached."""
        return self.kind == Kind.CALLBACK and self.done and self.outcome in REACHED

    @property
    def reached_at(self) -> datetime | None:
        """When the person of a callback was first reached: talk, after-work and being passed on do not make it late."""
        return min(filter(None, (hand.connected_at for hand in self.hands)), default=self.done_at)

    @property
    def owed(self) -> Owed:
        """What became of this callback."""
        if not self.done:
            return Owed.OPEN
        if self.reached:
            return Owed.KEPT if self.reached_at is not None and self.reached_at <= self.due_at else Owed.LATE
        return Owed.UNREACHED if self.outcome in UNREACHED else Owed.SETTLED


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """One call with its work, in the order in which it was opened."""

    id: int
    rang_at: datetime
    pieces: tuple[Piece, ...]
    while_open: bool = True  # nobody is missed who rang a closed office and left a message

    @property
    def _calls(self) -> list[Piece]:
        return [piece for piece in self.pieces if piece.kind == Kind.CALL]

    @property
    def _chosen(self) -> list[Piece]:
        return [piece for piece in self.pieces if piece.kind == Kind.CALLBACK and not piece.after_abandoning]

    @property
    def answered_at(self) -> datetime | None:
        """When an agent and the caller first heard each other; of a call without legs, when it was last taken."""
        calls = self._calls
        heard = [hand.connected_at for piece in calls for hand in piece.hands if hand.connected_at]
        if heard:
            return min(heard)
        served = [piece for piece in calls if piece.done and piece.hands and piece.outcome not in LEFT]
        return served[-1].hands[-1].began_at if served else None

    @property
    def fate(self) -> Fate:
        """Exactly one."""
        if self.answered_at:
            return Fate.ANSWERED
        calls, chosen = self._calls, self._chosen
        if any(not piece.done for piece in (*calls, *chosen)):
            return Fate.WAITING
        if chosen and any(piece.reached for piece in chosen):
            return Fate.CALLED_BACK
        if any(piece.kind == Kind.MESSAGE for piece in self.pieces) or (calls and calls[-1].outcome == "message"):
            return Fate.MESSAGE
        return Fate.SHORT if not chosen and self.waited_s < settings.CC_SHORT_ABANDON_S else Fate.ABANDONED

    @property
    def waited_s(self) -> float:
        """How long the caller held the line: until the answer, or until they left. 0 for who never did."""
        calls = self._calls
        if not calls:
            return 0.0
        until = self.answered_at or calls[-1].done_at or calls[-1].enqueued_at
        return max((until - calls[0].enqueued_at).total_seconds(), 0.0)

    @property
    def in_time(self) -> bool:
        """Whether it was answered within its promise."""
        return self.fate == Fate.ANSWERED and self.waited_s <= self._calls[0].target_s

    @property
    def handling_s(self) -> float | None:
        """Conversation and after-work of all agents together; None while it goes on, or where there was none."""
        hands = [hand for piece in self.pieces if piece.kind != Kind.MESSAGE for hand in piece.hands]
        if not hands or any(hand.ended_at is None for hand in hands):
            return None
        spoken = [hand for hand in hands if hand.connected_at] or hands
        return sum(hand.length_s for hand in spoken)

    @property
    def held_s(self) -> float:
        """How long the person was on hold, which is part of the conversation."""
        return sum(piece.held_s for piece in self.pieces)


def calls_between(start: datetime, end: datetime, offices: Collection[int] | None) -> list[Contact]:
    """The calls that rang from `start` until before `end`, in four queries; `offices` None is all."""
    asked = Q(interaction__channel="phone", interaction__direction="in", interaction__external_id__isnull=False)
    rang = Q(interaction__occurred_at__gte=start, interaction__occurred_at__lt=end)
    items = WorkItem.objects.filter(asked, rang, channel="phone", kind__in=(Kind.CALL, Kind.CALLBACK, Kind.MESSAGE))
    items = items.exclude(TEXTS)
    if offices is not None:
        items = items.filter(interaction__ticket__office__in=offices)
    hands, held = _hands(items.values("pk")), _held(items.values_list("pk", flat=True))
    read = items.order_by("interaction", "created_at", "pk").values_list(
        "interaction", "interaction__occurred_at", "pk", "kind", "lane__service_class", "lane__target_s", "state",
        "outcome", "enqueued_at", "due_at", "done_at", "interaction__ticket__office",
    )  # fmt: skip
    known = Office.objects.in_bulk()
    return [_contact(number, list(rows), hands, held, known) for number, rows in groupby(read, key=lambda row: row[0])]


def _hands(items: Any) -> dict[int, list[Hand]]:
    held: dict[int, list[Hand]] = {}
    rows = Assignment.objects.filter(work_item__in=items).order_by("started_at", "pk")
    for item, began_at, connected_at, ended_at in rows.values_list(
        "work_item", "started_at", "connected_at", "ended_at"
    ):
        held.setdefault(item, []).append(Hand(began_at=began_at, connected_at=connected_at, ended_at=ended_at))
    return held


def _held(items: Iterable[int]) -> Mapping[int, float]:
    """How long the person was on hold, by work item, as the telephone keeps it."""
    plug = channel.get("phone") if "phone" in channel.names() else None
    held_s = getattr(plug, "held_s", None)
    return held_s(items) if held_s else {}


def _contact(
    number: int,
    rows: list[Any],
    hands: dict[int, list[Hand]],
    held: Mapping[int, float],
    offices: dict[int, Office],
) -> Contact:
    pieces = tuple(
        Piece(
            kind=kind,
            service_class=service_class,
            done=state == WorkState.DONE,
            outcome=outcome,
            enqueued_at=max(enqueued_at, rang_at) if kind == Kind.CALL else enqueued_at,  # earlier calls are credited
            due_at=due_at,
            done_at=done_at,
            target_s=target_s,
            hands=tuple(hands.get(item, ())),
            held_s=held.get(item, 0.0),
        )
        for _id, rang_at, item, kind, service_class, target_s, state, outcome, enqueued_at, due_at, done_at, _in in rows
    )
    rang_at, office = rows[0][1], offices[rows[0][-1]]
    return Contact(id=number, rang_at=rang_at, pieces=pieces, while_open=is_open(office, rang_at))
