"""A conversation is recorded: whether it may be, begun, paused and gone on with, refused.

The provider is asked by commands, which bring it to what is wanted at that moment. Whatever it says or leaves unsaid,
the conversation goes on.
"""

from django.db import transaction
from django.utils.translation import gettext as _

from contactcenter.accounts.principal import Principal
from contactcenter.crypto import blind_index
from contactcenter.errors import InvalidError
from contactcenter.routing import calls as live
from ivr.models import Call, CallState
from ivr.prompts import spoken
from ivr.reading import must_be_talking, must_hold
from ivr.recorded import clips
from ivr.services import doors
from ivr.services.tapes import ask, erase
from ivr.tapes import LIVE, Tape, TapeNotice, TapeRule

NOTICE = "taped"


def rule_of(call: Call) -> TapeRule | None:
    """What the call's office says of recording; None where it records nothing."""
    here = doors.of(call.line)
    office_id = call.ticket.office_id
    rule = here.tape_rule if here.office.pk == office_id else TapeRule.objects.filter(office=office_id).first()
    return rule if rule and rule.on else None


def is_due(call: Call) -> bool:
    """Whether this person has to hear now that the conversation will be recorded.

    Not where the lot fell on others, and not where nothing says it in their language: then it is not recorded.
    """
    rule = rule_of(call)
    if rule is None or not (_is_drawn(call, rule) and _is_said_in(call.language)):
        return False
    return not TapeNotice.objects.filter(call=call).exists()


def _is_drawn(call: Call, rule: TapeRule) -> bool:
    """By lot, which nobody can foretell, and the same however often it is asked."""
    return int(blind_index(f"tape {call.pk}")[:8], 16) % 100 < rule.share


def _is_said_in(language: str) -> bool:
    return spoken(NOTICE, language, clips()).language == language


def was_told(call: Call, *, refused: bool) -> None:
    """They heard it, and refused or did not; told again, the first answer counts."""
    TapeNotice.objects.get_or_create(call=call, defaults={"refused": refused})


def is_taped(call: Call) -> bool:
    """Whether somebody who comes in now has to know that it is recorded, or will be once person and agent are back."""
    if call.state == CallState.CONNECTING:
        return rule_of(call) is not None and _is_agreed(call)
    return Tape.objects.filter(call=call, state__in=LIVE, stop=False).exists()


def _is_agreed(call: Call) -> bool:
    return TapeNotice.objects.filter(call=call, refused=False).exists()


@transaction.atomic
def begin(call: Call) -> None:
    """Have the conversation recorded from now on, if the person heard of it and did not refuse."""
    call = Call.objects.locked(call.pk)
    rule = rule_of(call) if call.state == CallState.CONNECTED else None
    if rule is None or is_taped(call) or not _is_agreed(call):
        return
    ask(Tape.objects.create(call=call, keep_days=rule.keep_days), call)


@transaction.atomic
def pause(call: Call, by: Principal, *, on: bool) -> Call:
    """Record no longer (a card's number is said, or what ails somebody), or again; again changes nothing."""
    call = Call.objects.locked(call.pk)
    must_hold(call, by)
    must_be_talking(call)
    tape = _live(call)
    if tape is None:
        raise InvalidError(_("This conversation is not recorded."))
    if call.held_at:
        raise InvalidError(_("While the person is on hold nothing is recorded."))
    _paused(tape, call, Tape.Pause.AGENT if on else "")
    return call


def held(call: Call, *, on: bool) -> None:
    """Nothing is recorded of a (locked) call while its person is on hold; a pause of the agent's outlasts it."""
    tape = _live(call)
    if tape and on and not tape.pause:
        _paused(tape, call, Tape.Pause.HOLD)
    elif tape and not on and tape.pause == Tape.Pause.HOLD:
        _paused(tape, call, "")


def _paused(tape: Tape, call: Call, pause: str) -> None:
    if tape.pause != pause or tape.trouble:
        tape.pause, tape.trouble = pause, ""
        tape.save(update_fields=["pause", "trouble"])
        ask(tape, call)


@transaction.atomic
def refuse(call: Call, by: Principal) -> Call:
    """The person says that they do not want it after all: it ends, and what there is of it is erased unheard."""
    call = Call.objects.locked(call.pk)
    must_hold(call, by)
    must_be_talking(call)
    if not TapeNotice.objects.filter(call=call, refused=False).update(refused=True):
        raise InvalidError(_("This conversation is not recorded."))
    live.noted(call.work_item_id or 0, "call.recording_refused", actor=by.actor, call=call.pk)
    for tape in call.tapes.exclude(state__in=(Tape.State.ERASED, Tape.State.NONE)):
        tape.refused = True
        tape.save(update_fields=["refused"])
        if tape.state in LIVE:
            _stopped(tape, call)
        elif tape.seconds is not None:  # of the same call, before it was passed on; another is erased once it is told
            erase(tape, actor=by.actor, why="refused")
    return call


@transaction.atomic
def left(call: Call) -> None:
    """The person is out of the conversation, and waits: nothing of that is recorded."""
    call = Call.objects.locked(call.pk)
    tape = _live(call)
    if tape:
        _stopped(tape, call)


def _stopped(tape: Tape, call: Call) -> None:
    tape.stop = True
    tape.save(update_fields=["stop"])
    ask(tape, call)


def _live(call: Call) -> Tape | None:
    return Tape.objects.filter(call=call, state__in=LIVE, stop=False).first()
