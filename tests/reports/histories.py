"""Days on the telephone, drawn by a seeded generator and lived through the real services, with our own book of them."""

import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from contactcenter.accounts.principal import Principal
from contactcenter.offices.models import Office
from contactcenter.routing import services as routing
from contactcenter.routing import sweeps
from contactcenter.routing.models import WorkItem
from ivr.models import Call, Leg
from ivr.services import calls, ending, legs, voicemail, waiting

SERVICE = Principal.of_service()


MONDAY = datetime.fromisoformat("2026-11-23T09:00:00+01:00")


@dataclass
class Clock:
    """The time of the whole history; it goes on when told to."""

    at: datetime

    def now(self) -> datetime:
        return self.at

    def forward(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


@dataclass
class Caller:
    """One caller: where they stand, and by our own book what became of them."""

    call: Call
    rang_at: datetime
    stands: str = "menu"
    fate: str = ""
    since: datetime | None = None
    outgoing: Call | None = None
    spoke: bool = False


@dataclass
class History:
    """Callers of one office, each doing one thing after the other."""

    office: Office
    clock: Clock
    chance: random.Random
    callers: list[Caller] = field(default_factory=list)

    def live(self, steps: int) -> None:
        """So many things happen, one after the other, at uneven distances."""
        for number in range(steps):
            self.clock.forward(self.chance.choice((1, 3, 9, 40, 200)))
            sweeps.wake_scheduled()
            open_ones = [caller for caller in self.callers if caller.stands != "over"]
            if not open_ones or self.chance.random() < 0.3:
                self._rings(f"CA{self.office.pk}-{number}")
            else:
                caller = self.chance.choice(open_ones)
                self.chance.choice(STEPS[caller.stands])(self, caller)

    def _rings(self, sid: str) -> None:
        number = "" if self.chance.random() < 0.1 else f"+3363998{self.chance.randrange(10000):04}"
        call = calls.begin(sid, number=number, line=self.office.phone)
        self.callers.append(Caller(call=call, rang_at=self.clock.at))

    def waits(self, caller: Caller) -> None:
        waiting.wait(caller.call)
        caller.stands, caller.fate, caller.since = "waiting", "waiting", self.clock.at

    def chooses_callback(self, caller: Caller) -> None:
        if waiting.promise_callback(caller.call):
            caller.stands = "promised"
            caller.fate = "answered" if caller.spoke else "waiting"
        else:
            self.leaves_message(caller)

    def leaves_message(self, caller: Caller) -> None:
        voicemail.start_message(caller.call)
        voicemail.take_message(caller.call)
        ending.end(caller.call)
        caller.stands, caller.fate = "over", "answered" if caller.spoke else "message"

    def hangs_up_in_the_menu(self, caller: Caller) -> None:
        ending.end(caller.call)
        caller.stands = "over"

    def hangs_up_waiting(self, caller: Caller) -> None:
        held = self.clock.at - (caller.since or self.clock.at)
        ending.end(caller.call)
        ending.end(caller.call)
        lost = "short" if held < timedelta(seconds=10) else "abandoned"
        caller.stands, caller.fate = "over", "answered" if caller.spoke else lost

    def is_taken(self, caller: Caller) -> None:
        item = WorkItem.objects.get(pk=self._fresh(caller).work_item_id)
        routing.take(item.pk, SERVICE)
        legs.connect(item.pk, None, "+33199000099")
        caller.stands = "connecting"

    def is_heard(self, caller: Caller) -> None:
        leg = self._leg(self._fresh(caller))
        self._takes(leg)
        legs.connected(self._fresh(caller))
        caller.stands, caller.fate, caller.spoke = "talking", "answered", True

    def loses_the_agent(self, caller: Caller) -> None:
        legs.leg_gone(self._leg(self._fresh(caller)))
        caller.stands = "waiting"

    def says_goodbye(self, caller: Caller) -> None:
        ending.end(self._fresh(caller))
        caller.stands = "over"

    def is_called_back(self, caller: Caller) -> None:
        item = WorkItem.objects.filter(ticket=caller.call.ticket, kind="callback", state="waiting").first()
        if item is None:
            return  # to be tried again later
        routing.take(item.pk, SERVICE)
        legs.connect(item.pk, None, "+33199000099")
        outgoing = Call.objects.filter(work_item_id=item.pk, outgoing=True).latest("pk")
        self._takes(self._leg(outgoing))
        Call.objects.filter(pk=outgoing.pk).update(sid=f"CAperson{outgoing.pk}")
        caller.outgoing = Call.objects.get(pk=outgoing.pk)
        caller.stands = "ringing back"

    def picks_up(self, caller: Caller) -> None:
        assert caller.outgoing
        legs.connected(caller.outgoing)
        self.clock.forward(100)
        ending.end(caller.outgoing)
        caller.stands, caller.fate = "over", "answered" if caller.spoke else "called_back"

    def does_not_pick_up(self, caller: Caller) -> None:
        assert caller.outgoing
        ending.end(caller.outgoing)
        caller.stands = "promised"

    def _takes(self, leg: Leg) -> None:
        """The agent takes up their telephone, and the call."""
        legs.answered(leg, f"CAleg{leg.pk}")
        legs.joined(leg)

    def _fresh(self, caller: Caller) -> Call:
        return Call.objects.select_related("ticket").get(pk=caller.call.pk)

    def _leg(self, call: Call) -> Leg:
        return call.legs.filter(ended_at=None).latest("pk")


STEPS = {
    "menu": (History.waits, History.waits, History.chooses_callback, History.leaves_message,
             History.hangs_up_in_the_menu),
    "waiting": (History.is_taken, History.is_taken, History.chooses_callback, History.leaves_message,
                History.hangs_up_waiting),
    "connecting": (History.is_heard, History.is_heard, History.loses_the_agent, History.hangs_up_waiting),
    "talking": (History.says_goodbye, History.says_goodbye, History.loses_the_agent),
    "promised": (History.is_called_back,),
    "ringing back": (History.picks_up, History.does_not_pick_up),
}  # fmt: skip
