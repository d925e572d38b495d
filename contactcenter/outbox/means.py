"""By which means a person is answered (pure): their own channel first, and always one that exists for them.

A text is answered by text; a caller by SMS unless the number is known to be fixed, else by callback; a form by e-mail
if one was given, else SMS, else letter; paper by letter. What cannot be reached is left on the follow page.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from contactcenter.channel import Point
from contactcenter.outbox.models import CHANNEL_OF, Means
from contactcenter.people.points import is_known_fixed

_ORDER: dict[str, tuple[str, ...]] = {
    "email": (Means.EMAIL, Means.LETTER, Means.SMS, Means.CALLBACK),
    "phone": (Means.SMS, Means.CALLBACK, Means.LETTER, Means.EMAIL),
    "web": (Means.EMAIL, Means.SMS, Means.CALLBACK, Means.LETTER),
    "paper": (Means.LETTER, Means.EMAIL, Means.SMS, Means.CALLBACK),
}
_KIND = {Means.EMAIL: "email", Means.SMS: "phone", Means.CALLBACK: "phone", Means.LETTER: "address"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One way to answer: `reason` is a code that screens put into words (`own_channel`, `only_way`, `fixed_line`…)."""

    means: str
    to: str
    channel: str
    reason: str


def choices(channel: str, points: Sequence[Point]) -> list[Choice]:
    """Every way to answer this person, the proposed one first; the follow page is always last."""
    order = _ORDER.get(channel, _ORDER["web"])
    possible = [choice for means in order for choice in _by(means, channel, points)]
    page = Choice(
        means=Means.PAGE, to="", channel=CHANNEL_OF[Means.PAGE], reason="no_address" if not possible else "also"
    )
    return [*possible, page]


def choose(channel: str, points: Sequence[Point], *, means: str = "", wanted_channel: str = "") -> Choice | None:
    """The way to answer, or the one asked for; None where the person cannot be reached so."""
    for choice in choices(channel, points):
        if (not means or choice.means == means) and (not wanted_channel or choice.channel == wanted_channel):
            return choice
    return None


def _by(means: str, channel: str, points: Sequence[Point]) -> list[Choice]:
    usable = [point.value for point in points if point.kind == _KIND[Means(means)] and _takes(means, point.value)]
    if not usable:
        return []
    own = CHANNEL_OF[means] == channel
    reason = "own_channel" if own else "given_address"
    if means == Means.CALLBACK and all(is_known_fixed(value) for value in usable):
        reason = "fixed_line"
    return [Choice(means=means, to=usable[0], channel=CHANNEL_OF[means], reason=reason)]


def _takes(means: str, value: str) -> bool:
    return not (means == Means.SMS and is_known_fixed(value))
