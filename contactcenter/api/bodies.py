"""What clients send, checked at the door. Unknown members are ignored, so that a client may be newer than we are."""

from datetime import date
from typing import Annotated, Literal

from django.utils.translation import gettext as _
from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, Field, StringConstraints

from contactcenter.channel import Point
from contactcenter.people.points import normalised


def _without_nul(value: object) -> object:
    return value.replace("\x00", "") if isinstance(value, str) else value


_LONGEST = 200_000  # characters of a text

Words = Annotated[str, StringConstraints(max_length=_LONGEST), BeforeValidator(_without_nul)]
Text = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=_LONGEST), BeforeValidator(_without_nul)
]
Line = Annotated[str, StringConstraints(strip_whitespace=True, max_length=300), BeforeValidator(_without_nul)]
Code = Annotated[str, StringConstraints(max_length=80), BeforeValidator(_without_nul)]


class PointIn(BaseModel):
    """An address or a number of a person."""

    kind: Literal["email", "phone", "address"]
    value: Line


def _usable(point: PointIn) -> PointIn:
    if normalised(Point(kind=point.kind, value=point.value)) is None:
        raise ValueError(_("This cannot be used as %(kind)s.") % {"kind": point.kind})
    return point


class PersonIn(BaseModel):
    """Who it is about, as in a ticket."""

    name: Line = ""
    contact_points: list[Annotated[PointIn, AfterValidator(_usable)]] = Field(default_factory=list, max_length=20)


class NewPointIn(PointIn):
    """An address or number to note; `instead_of` is the value, as told, that it takes the place of."""

    value: Words
    instead_of: Words = ""


class CardIn(BaseModel):
    """What is to be noted of a ticket's person; what is left out stays as it is."""

    name: Line = ""
    contact_points: list[NewPointIn] = Field(default_factory=list, max_length=20)


class TicketIn(BaseModel):
    """A request that somebody hands in on a person's behalf."""

    channel: Code
    person: PersonIn | None
    procedure: Code | None = None
    subject: Line
    text: Text


class ShownIn(BaseModel):
    """What the client showed of the ticket's work items: all their ids, or at least the highest of them."""

    shown: list[int] | None = None
    newest: int | None = None


class ReplyIn(ShownIn):
    """An answer to the person; without `channel` and `means` it goes the way they can receive it.

    `at` is the hour promised for a callback.
    """

    text: Text
    channel: Code | None = None
    means: Code | None = None
    at: AwareDatetime | None = None


class NoteIn(BaseModel):
    """A remark for colleagues."""

    text: Text


class TransferIn(BaseModel):
    """Whom to pass the matter to: a queue (its slug or number) or an agent (number, `agent:3`, or user name)."""

    queue: Code | int | None = None
    agent: Code | int | None = None
    text: Words = ""


class HoldIn(ShownIn):
    """Until when the matter rests."""

    until: AwareDatetime
    text: Words = ""


class SolveIn(ShownIn):
    """How the matter ended."""

    disposition: Code
    text: Words = ""


class MergeIn(BaseModel):
    """Into which ticket this one goes."""

    into: Code


class SplitIn(BaseModel):
    """Which interactions (their ids) go onto a new ticket."""

    interactions: Annotated[list[Annotated[int, Field(lt=2**63)]], Field(max_length=1000)]
    subject: Line = ""


class TakeIn(BaseModel):
    """Why this one, where its queue wants a reason."""

    reason: Line = ""


class ReassignIn(BaseModel):
    """Whose hands or which queue the work goes to, and why."""

    queue: Code | int | None = None
    agent: Code | int | None = None
    reason: Words = ""


class ReprioritiseIn(BaseModel):
    """Which promise the work gets, and why."""

    service_class: Code
    reason: Words = ""


class PresenceIn(BaseModel):
    """Whether one is there for work."""

    state: Literal["available", "away", "offline"]
    reason: Line = ""


class DecisionIn(BaseModel):
    """What was decided, on which day, and why; a refusal wants its reasons."""

    favourable: bool
    decided_on: date
    reasons: Words = ""


class AppointmentIn(BaseModel):
    """Where and when the person is expected, and what to bring."""

    place: Words
    starts_at: AwareDatetime
    bring: Words = ""


class TagIn(BaseModel):
    """A word with which an office marks its tickets."""

    name: Code


class LinkIn(BaseModel):
    """Another ticket, and in a word or two why."""

    other: Code
    word: Code = ""


class PieceIn(BaseModel):
    """Whether a document that the procedure asks for is held."""

    code: Code
    held: bool


class EvidenceIn(BaseModel):
    """What showed who the person is: a code such as `passport` or `called_back`."""

    kind: Code


class IncidentIn(BaseModel):
    """What does not work."""

    title: Words
    text: Words = ""


class LinksIn(BaseModel):
    """The tickets that an incident caused."""

    references: Annotated[list[Code], Field(max_length=1000)]


class MendedIn(BaseModel):
    """What people can do now."""

    text: Words
