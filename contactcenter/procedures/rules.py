"""What a procedure must say before anybody may use it (pure): the same for the catalogue's file and the admin."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from contactcenter.procedures.parity import ANSWER, WAY_IN

NATURES = ("information", "assistance", "declaration", "application", "complaint", "appeal")
DEMANDS = frozenset({"application", "complaint", "appeal"})  # silence decides these, so it must be said how
WAYS_IN = WAY_IN | {"email", "web_form", "sms", "partner_portal", "video_relay"}
WAYS_OUT = ANSWER | {"email", "sms", "partner_portal"}
NATURE_WAYS = frozenset({"any", "phone", "email", "web", "paper", "counter", "appointment"})
EFFECTS = ("none", "accept", "reject")
MOST_MONTHS = 60


def mistakes(facts: Mapping[str, Any]) -> Iterator[str]:
    """What is wrong with these fields of a version, one sentence each; what is left out has its default."""
    yield from _names(facts)
    yield from _natures(facts.get("legal_natures"))
    yield from _ways(facts)
    yield from _silence(facts)
    if not _are_pieces(facts.get("pieces", [])):
        yield _("each document has a code and a French name, and names in other languages")
    for name, longest in (("service_class", 30), ("silence_source", 120)):
        if not isinstance(facts.get(name, ""), str) or len(facts.get(name, "")) > longest:
            yield _("%(field)s is a text of at most %(longest)d signs") % {"field": name, "longest": longest}


def _names(facts: Mapping[str, Any]) -> Iterator[str]:
    name = facts.get("name", {})
    if not _are_texts(name) or not _are_texts(facts.get("hint", {})):
        yield _("name and hint are one text per language; a text with a comma or a colon stands in quotes")
    elif not name.get("fr", "").strip():
        yield _("the French name is missing")


def _natures(natures: object) -> Iterator[str]:
    if not _are_texts(natures) or not natures:
        yield _("legal_nature is missing: say what a contact is in law, by way or for any")
        return
    facts = natures if isinstance(natures, dict) else {}
    if strange := sorted(set(facts) - NATURE_WAYS):
        yield _("legal_nature names %(strange)s, which is none of %(known)s") % _told(strange, NATURE_WAYS)
    if strange := sorted(set(facts.values()) - set(NATURES)):
        yield _("the legal nature %(strange)s is none of %(known)s") % _told(strange, NATURES)


def _ways(facts: Mapping[str, Any]) -> Iterator[str]:
    for name, known in (("channels_in", WAYS_IN), ("channels_out", WAYS_OUT)):
        ways = facts.get(name)
        if not isinstance(ways, list) or not ways or not all(isinstance(way, str) for way in ways):
            yield _("%(field)s is missing: it is a list of %(known)s") % {"field": name, **_told([], known)}
        elif strange := sorted(set(ways) - known):
            yield _("%(field)s names %(strange)s, which is none of %(known)s") % {
                "field": name,
                **_told(strange, known),
            }


def _silence(facts: Mapping[str, Any]) -> Iterator[str]:
    effect, months = facts.get("silence_effect", "none"), facts.get("silence_months")
    natures = facts.get("legal_natures")
    decided = isinstance(natures, dict) and any(one in DEMANDS for one in natures.values() if isinstance(one, str))
    if effect not in EFFECTS:
        yield _("the effect of silence is none of %(known)s") % _told([], EFFECTS)
    elif effect == "none" and months is not None:
        yield _("silence has months, but no effect: accept or reject")
    elif effect == "none" and decided:
        yield _(
            "an application, complaint or appeal says what silence means (accept or reject) and after how many months"
        )
    elif effect != "none" and (type(months) is not int or not 1 <= months <= MOST_MONTHS):
        yield _("silence decides after a number of months from 1 to %(most)d") % {"most": MOST_MONTHS}


def _are_texts(value: object) -> bool:
    return isinstance(value, dict) and all(isinstance(one, str) for pair in value.items() for one in pair)


def _are_pieces(value: object) -> bool:
    return isinstance(value, list) and all(_is_piece(piece) for piece in value)


def _is_piece(piece: object) -> bool:
    if not isinstance(piece, dict) or not _are_texts({key: piece.get(key) for key in ("code", "fr")}):
        return False
    plain = (str, bool, int)
    return all(isinstance(value, plain) or _is_plain_list(value) for value in piece.values()) and all(
        isinstance(key, str) for key in piece
    )


def _is_plain_list(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


def _told(strange: list[str], known: Any) -> dict[str, str]:
    return {"strange": ", ".join(strange), "known": ", ".join(sorted(known))}
