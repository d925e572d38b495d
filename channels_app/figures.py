"""The wallboard's figures: who waits, how late each channel runs, what was answered today, what is wrong."""

from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter

from django.utils import timezone

from channels_app import words
from channels_app.queue_list import pace_of, score_words
from contactcenter.accounts.principal import Principal
from contactcenter.desk.unappointed import Unappointed, unappointed
from contactcenter.reports.alarms import open_alarms
from contactcenter.reports.board import Board, board, interval_asked
from contactcenter.reports.calls import Fate
from contactcenter.reports.channels import ChannelFigures, Waiting
from contactcenter.reports.models import Alarm
from contactcenter.routing.models import Assignment
from contactcenter.tickets.models import TicketEvent

AXIS = 2.0  # times the promise that the axis reaches at least; as far as the latest channel where that is more
LEFT, WIDTH, STEP = 110, 280, 30  # of the drawing
GOAL = 0.85  # of the calls answered: what public services in France have set themselves


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What waits of one channel in one class of service."""

    name: str
    waiting: int
    oldest: str
    shown: str
    pace: str
    pace_word: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One channel of the queue."""

    channel: str
    name: str
    waiting: int
    oldest: str
    p90_s: float | None
    lateness: float
    shown: str
    pace: str
    pace_word: str
    bar: int  # its length on the one axis of all channels
    top: int
    classes: list[Part]

    @property
    def label_x(self) -> int:
        """Where the number stands, behind the bar."""
        return LEFT + self.bar + 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Five figures, the channels beside each other, and the open alarms."""

    waiting: int
    oldest: str
    latest: Row | None
    answered: int
    in_hand: int
    unappointed: Unappointed
    rows: list[Row]
    axis: float  # how many times the promise the drawing reaches
    alarms: list[Alarm]
    today: Board
    at: datetime

    @property
    def hour(self) -> str:
        """When they were true."""
        return words.hour(self.at)

    @property
    def answered_pace(self) -> str:
        """Whether the telephone keeps its goal today, as a code for the card's edge; "" without a single call."""
        share = self.today.phone.answered_share
        return "" if share is None else "kept" if share >= GOAL else "near" if share >= GOAL - 0.1 else "late"

    @property
    def calls_answered(self) -> int:
        """Calls that an agent answered, and those really called back."""
        counts = self.today.phone.counts
        return counts[Fate.ANSWERED] + counts[Fate.CALLED_BACK]

    @property
    def promise_x(self) -> int:
        """Where the promise stands in the drawing."""
        return LEFT + round(WIDTH / self.axis)

    @property
    def floor(self) -> int:
        """Where the bars end."""
        return len(self.rows) * STEP

    @property
    def height(self) -> int:
        """The drawing's height, with the line that names the promise."""
        return self.floor + 24


def of(by: Principal) -> Figures:
    """The figures of the offices this one serves, as they are now; today is that of the clock that is in force."""
    today = board(by.offices, interval_asked("", "", timezone.get_current_timezone()))
    now = timezone.now()
    axis = max([AXIS, *(one.now.relative_lateness for one in today.channels)])
    rows = [_row(number, one, now, axis) for number, one in enumerate(today.channels)]
    oldest = min((one.now.oldest_at for one in today.channels if one.now.oldest_at), default=None)
    held = Assignment.objects.filter(ended_at=None)
    return Figures(
        waiting=sum(row.waiting for row in rows),
        oldest=words.age(now - oldest) if oldest else "",
        latest=max((row for row in rows if row.waiting), key=attrgetter("lateness"), default=None),
        answered=_answered(by, now),
        in_hand=(held if by.offices is None else held.filter(work_item__lane__queue__office__in=by.offices)).count(),
        unappointed=unappointed(by.offices, timezone.localdate(now)),
        rows=rows,
        axis=axis,
        alarms=open_alarms(by.offices),
        today=today,
        at=now,
    )


def _row(number: int, one: ChannelFigures, now: datetime, axis: float) -> Row:
    lateness = one.now.relative_lateness
    pace, pace_word = pace_of(lateness)
    return Row(
        channel=one.channel,
        name=str(words.CHANNELS.get(one.channel, one.channel)),
        waiting=one.now.waiting,
        oldest=words.age(now - one.now.oldest_at) if one.now.oldest_at else "",
        p90_s=one.p90_s,
        lateness=lateness,
        shown=score_words(lateness),
        pace=pace,
        pace_word=pace_word,
        bar=round(lateness / axis * WIDTH),
        top=number * STEP,
        classes=[_part(name, waiting, now) for name, waiting in one.classes.items()],
    )


def _part(name: str, waiting: Waiting, now: datetime) -> Part:
    pace, pace_word = pace_of(waiting.relative_lateness)
    return Part(
        name=str(words.CLASSES.get(name, name)),
        waiting=waiting.waiting,
        oldest=words.age(now - waiting.oldest_at) if waiting.oldest_at else "",
        shown=score_words(waiting.relative_lateness),
        pace=pace,
        pace_word=pace_word,
    )


def _answered(by: Principal, now: datetime) -> int:
    """Replies written since midnight."""
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    replies = TicketEvent.objects.filter(kind="interaction.replied", at__gte=midnight)
    return (replies if by.offices is None else replies.filter(ticket__office__in=by.offices)).count()
