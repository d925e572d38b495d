"""What becomes of a tape: what the provider did and told, its audio kept and played, and all of it erased in time."""

from datetime import timedelta
from functools import partial

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from contactcenter.accounts.principal import Principal
from contactcenter.routing import calls as live
from ivr import sealed
from ivr.models import Call, Command, Leg
from ivr.sealed import Sealed
from ivr.services.orders import order, order_again
from ivr.tapes import LIVE, Tape, TapeRule

AT_ONCE = 500


def ask(tape: Tape, call: Call) -> None:
    """Have the provider brought to what is wanted of a tape at the moment of asking."""
    order_again(Command.Kind.TAPE, f"tape-{tape.pk}", call=call, argument=str(tape.pk), rank=1)


# --- what the provider did -------------------------------------------------------------------------------------------


@transaction.atomic
def runs(tape_id: int, sid: str) -> None:
    """It is being recorded, under this id; had something else been wanted meanwhile, that is asked for now."""
    tape = _locked(tape_id)
    if tape.state != Tape.State.WANTED:
        return
    tape.sid, tape.state = sid, Tape.State.RUNS
    tape.save(update_fields=["sid", "state"])
    _noted(tape, "call.recorded")
    if tape.wants != Tape.State.RUNS:
        ask(tape, tape.call)


@transaction.atomic
def became(tape_id: int, state: Tape.State) -> None:
    """The provider paused it, went on, or ended it."""
    tape = _locked(tape_id)
    if tape.state not in LIVE or tape.state == state:
        return
    tape.state, tape.trouble = state, ""
    if state == Tape.State.ENDED:
        tape.end_at(timezone.now())
    tape.save(update_fields=["state", "trouble", "ended_at", "keep_until"])
    kinds = {Tape.State.PAUSED: "call.recording_paused", Tape.State.RUNS: "call.recording_resumed"}
    if state in kinds:
        _noted(tape, kinds[state])


@transaction.atomic
def came_to_nothing(tape_id: int, trouble: str = "") -> None:
    """Nothing was recorded: there was no time for it, or the provider would not, which the agent sees."""
    tape = _locked(tape_id)
    if tape.state not in (*LIVE, Tape.State.ENDED) or tape.seconds is not None:
        return
    tape.state, tape.trouble = Tape.State.NONE, trouble
    tape.save(update_fields=["state", "trouble"])
    if trouble:
        _noted(tape, "call.recording_failed")


@transaction.atomic
def disobeyed(tape_id: int) -> None:
    """The provider did not do what was asked: who talks has to know that it is not so."""
    tape = _locked(tape_id)
    if tape.state == Tape.State.WANTED:
        came_to_nothing(tape_id, Tape.Trouble.START)
    elif tape.state in LIVE and tape.state != tape.wants:
        tape.trouble = Tape.Trouble.PAUSE
        tape.save(update_fields=["trouble"])
        _noted(tape, "call.recording_not_changed")


@transaction.atomic
def ended(tape_id: int, sid: str, seconds: int) -> None:
    """The provider has the whole of it: its audio is fetched, unless the person does not want it. Told again, nothing.

    One that nobody wants is deleted there: begun twice, begun after all when we had been told no, or erased by now.
    """
    tape = _locked(tape_id)
    if (tape.sid and tape.sid != sid) or tape.state in (Tape.State.NONE, Tape.State.ERASED):
        _delete_there(tape, sid)
        return
    if tape.seconds is not None:
        return
    tape.sid, tape.state, tape.seconds = sid, Tape.State.ENDED, seconds
    tape.end_at(timezone.now())
    tape.save(update_fields=["sid", "state", "seconds", "ended_at", "keep_until"])
    if tape.refused:
        erase(tape, actor="system", why="refused")
    else:
        order(Command.Kind.FETCH_TAPE, f"fetch-tape-{tape.pk}", call=tape.call, argument=str(tape.pk), rank=7)


def whole_seconds(told: object) -> int:
    """A duration as the provider writes it; 0 where that is nonsense."""
    text = str(told)
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 8 else 0


# --- what becomes of its audio ---------------------------------------------------------------------------------------


@transaction.atomic
def kept(tape_id: int, audio: Sealed) -> None:
    """Its audio is ours, and the provider's copy is deleted; one that was erased meanwhile is not kept after all."""
    tape = _locked(tape_id)
    if tape.state != Tape.State.ENDED:
        sealed.forget(audio.name)
        return
    tape.state, tape.file, tape.key, tape.size, tape.trouble = Tape.State.KEPT, audio.name, audio.key, audio.size, ""
    tape.save(update_fields=["state", "file", "key", "size", "trouble"])
    _noted(tape, "recording.kept")
    _delete_there(tape, tape.sid)


@transaction.atomic
def lost(tape_id: int) -> None:
    """The audio could not be had; an alarm tells as well. Tried anew and lost again, nothing is added."""
    tape = _locked(tape_id)
    if tape.state == Tape.State.ENDED and tape.trouble != Tape.Trouble.AUDIO:
        tape.trouble = Tape.Trouble.AUDIO
        tape.save(update_fields=["trouble"])
        _noted(tape, "recording.lost")


def may_play(tape: Tape, by: Principal) -> bool:
    """A supervisor, and whoever was in that conversation; nobody else needs it for what it was recorded for."""
    if by.role == "supervisor":
        return True
    was_there = Leg.objects.filter(call=tape.call_id, kind=Leg.Kind.AGENT, agent_id=by.agent_id or 0)
    return was_there.exclude(joined_at=None).exists()


def played(tape: Tape, by: Principal) -> None:
    """That somebody listened, on the ticket."""
    _noted(tape, "recording.played", by.actor)


def erase(tape: Tape, *, actor: str, why: str) -> None:
    """The audio is gone here and at the provider, and its key, so that a copy in some backup says nothing either.

    Inside a transaction that holds the tape. That it was there, and when it went, stays.
    """
    if tape.file:
        transaction.on_commit(partial(sealed.forget, tape.file))
    elif tape.sid:
        _delete_there(tape, tape.sid)
    tape.state, tape.file, tape.key = Tape.State.ERASED, "", ""
    tape.save(update_fields=["state", "file", "key"])
    _noted(tape, "recording.erased", actor, why=why)


def sweep_tapes() -> int:
    """Job: erase what has been kept for its time; returns how many. An office's shorter time counts at once."""
    now = timezone.now()
    due = Q(keep_until__lte=now)
    for office_id, days in TapeRule.objects.values_list("office", "keep_days"):
        due |= Q(call__ticket__office=office_id, ended_at__lte=now - timedelta(days=days))
    held = Tape.objects.filter(due, state__in=(Tape.State.KEPT, Tape.State.ENDED))
    return sum(_expired(number) for number in held.order_by("keep_until").values_list("pk", flat=True)[:AT_ONCE])


@transaction.atomic
def _expired(tape_id: int) -> bool:
    tape = _locked(tape_id)
    if tape.state not in (Tape.State.KEPT, Tape.State.ENDED):
        return False
    erase(tape, actor="clock", why="retention")
    return True


def _delete_there(tape: Tape, sid: str) -> None:
    order(Command.Kind.DELETE, f"delete-{sid}", call=tape.call, argument=sid, rank=8)


def _locked(tape_id: int) -> Tape:
    """The tape as it is now, held after its call."""
    Call.objects.locked(Tape.objects.values_list("call_id", flat=True).get(pk=tape_id))
    return Tape.objects.select_for_update(no_key=True, of=("self",)).select_related("call").get(pk=tape_id)


def _noted(tape: Tape, kind: str, actor: str = "system", **data: object) -> None:
    live.noted(tape.call.work_item_id or 0, kind, actor=actor, call=tape.call_id, tape=tape.pk, **data)
