"""What the ticket's page shows of recording: whether this conversation is recorded now, and what was."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_lazy

from contactcenter.accounts.principal import Principal
from ivr.models import Call
from ivr.services import tapes, taping
from ivr.tapes import LIVE, Tape, TapeNotice

# What is so, and how it is said: those who talk go by the words, never by a colour.
SAID = {
    "begins": gettext_lazy("The recording is beginning."),
    "runs": gettext_lazy("This conversation is recorded."),
    "pausing": gettext_lazy("It is still recorded: the recording is being paused."),
    "paused": gettext_lazy("The recording is paused: nothing of this is kept."),
    "going_on": gettext_lazy("The recording goes on in a moment."),
    "disobeyed": gettext_lazy("The provider did not do it: what you say is still recorded. Try again."),
    "refused": gettext_lazy("Not recorded: the person does not want it."),
    "failed": gettext_lazy("Not recorded: the provider could not begin."),
    "no": gettext_lazy("Not recorded."),
}
DOES: dict[str, str] = {Tape.State.WANTED: "begins", Tape.State.RUNS: "runs", Tape.State.PAUSED: "going_on"}
NEXT = {"pause": frozenset({"begins", "runs", "going_on", "disobeyed"}), "go-on": frozenset({"pausing", "paused"})}
MOST = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One recording that is kept, or was. `number` is None where it is not this reader's to play."""

    number: int | None
    at: datetime
    minutes: int
    seconds: int
    until: datetime | None
    how: str


def state_of(call: Call) -> str:
    """How it stands with the recording of a live call, as a word of `SAID`; "" where its office records nothing."""
    tape = call.tapes.order_by("-pk").first()
    if tape is None or tape.refused or tape.stop or tape.state not in (*LIVE, Tape.State.NONE):
        if TapeNotice.objects.filter(call=call, refused=True).exists():
            return "refused"
        return "no" if tape or taping.rule_of(call) else ""
    if tape.trouble and tape.state != Tape.State.PAUSED:
        return "disobeyed" if tape.state in LIVE else "failed"
    if tape.pause or tape.trouble:
        return "pausing" if tape.state == Tape.State.RUNS else "paused"
    return DOES.get(tape.state, "no")


def next_of(state: str) -> str:
    """What one key does now: `pause`, `go-on`, or nothing."""
    return next((what for what, states in NEXT.items() if state in states), "")


def kept_of(calls: Sequence[Call], by: Principal) -> Iterator[Shown]:
    """The recordings of these conversations, the newest first."""
    over = (Tape.State.ENDED, Tape.State.KEPT, Tape.State.ERASED)
    rows = Tape.objects.filter(call__in=calls, state__in=over)
    for tape in rows.order_by("-pk")[:MOST]:
        minutes, seconds = divmod(tape.seconds or 0, 60)
        plays = tape.state == Tape.State.KEPT and tapes.may_play(tape, by)
        yield Shown(
            number=tape.pk if plays else None,
            at=tape.started_at,
            minutes=minutes,
            seconds=seconds,
            until=tape.keep_until,
            how="lost" if tape.trouble else str(tape.state),
        )
