"""The desk's words: codes of rows and events, told as people say them."""

from datetime import datetime, timedelta

from django.utils.formats import date_format
from django.utils.timezone import localdate, localtime
from django.utils.translation import gettext, ngettext, pgettext
from django.utils.translation import gettext_lazy as _

from contactcenter.people.languages import LANGUAGES
from contactcenter.routing import classes
from contactcenter.routing.models import WorkItem

CHANNELS = {"phone": _("Phone"), "email": _("E-mail"), "web": _("Web form"), "paper": _("Paper")}
KINDS = {
    "call": _("Call"),
    "callback": _("Callback"),
    "message": _("To answer"),
    "scan_check": _("Scan to check"),
    "letter_to_post": _("Letter to post"),
    "undelivered": _("Answer not delivered"),
    "follow_up": _("Decision without an appointment"),
}
MEANS = {
    "email": _("e-mail"),
    "sms": _("SMS"),
    "callback": _("callback"),
    "letter": _("letter"),
    "page": _("follow page"),
}
DELIVERY_STATES = {
    "pending": _("leaves in a moment"),
    "sending": _("on its way"),
    "sent": _("sent"),
    "delivered": _("delivered"),
    "failed": _("could not be sent"),
    "bounced": _("came back"),
}
WAITING_FOR_HANDS = {
    "letter": _("in the mailroom's tray, to be printed and posted"),
    "callback": _("waits in the queue until the person is reached"),
}
PURPOSES = {"receipt": _("receipt"), "reply": _("reply"), "notice": _("notice")}
PROBLEMS = {
    "empty": _("This file is empty; it is kept as it came."),
    "encrypted": _("This file is locked with a password; it is kept as it came."),
    "corrupt": _("This file is damaged; it is kept as it came."),
    "unreadable": _("We could not open this file; it is kept as it came."),
}
EVENTS = {
    "ticket.opened": _("Recorded"),
    "ticket.open": _("Opened again"),
    "ticket.solved": _("Solved"),
    "ticket.held": _("Set aside until %(when)s"),
    "ticket.transferred": _("Passed on to %(to)s"),
    "ticket.amended": _("Completed"),
    "ticket.read": _("Read by another office, which has work on it"),
    "ticket.merged": _("Put together with another request"),
    "ticket.split": _("A part was taken onto a request of its own"),
    "ticket.undone": _("Undone: both requests stand as before"),
    "draft.taken_over": _("A supervisor went on with what a colleague who has left was writing"),
    "work_item.taken": _("Taken in hand"),
    "work_item.released": _("Given back to the queue"),
    "work_item.woken": _("Back in the queue"),
    "work_item.hastened": _("Moved to a faster class: a legal date comes near"),
    "work_item.reprioritised": _("Given another promise by a supervisor"),
    "work_item.interpreter_needed": _("Anybody may answer now: an interpreter is needed"),
    "work_item.speaker_came": _("Kept for a colleague who has come and speaks the language"),
    "interaction.incomplete": _("A recording could not be fetched"),
    "ticket.decided": _("Decision recorded, and the person told"),
    "ticket.appointed": _("Appointment recorded, and the person told"),
    "ticket.linked": _("Linked to an incident"),
    "ticket.tagged": _("Tagged: %(tag)s"),
    "ticket.untagged": _("Tag taken off: %(tag)s"),
    "ticket.related": _("Linked to %(other)s"),
    "ticket.unrelated": _("Link to %(other)s taken away"),
    "ticket.reassigned": _("Given to %(to)s by a supervisor"),
    "piece.held": _("Held: %(piece)s"),
    "piece.missing": _("Missing: %(piece)s"),
    "evidence.noted": _("Who it is, shown by: %(evidence)s"),
    "evidence.withdrawn": _("Taken back: %(evidence)s"),
    "person.found": _("Noted whose request this is"),
    "person.named": _("The person's name noted"),
    "contact_point.added": _("Noted for the person: %(kind)s"),
    "contact_point.corrected": _("Put right: %(kind)s"),
    "person.unhurried": _("The person gets more time on the telephone"),
    "person.hurried": _("The person gets the usual time on the telephone"),
    "contact_point.shared": _("A number or address is used by several people"),
    "contact_point.one_person": _("A number or address is used by this person alone"),
    "ticket.mended": _("The incident is mended, and the person told"),
    "call.connecting": _("The call is being connected"),
    "call.connected": _("Connected with the caller"),
    "call.held": _("The person is on hold"),
    "call.resumed": _("The person is back from hold"),
    "call.muted": _("The agent is not heard"),
    "call.unmuted": _("The agent is heard again"),
    "call.joined": _("Somebody came into the conversation"),
    "call.left": _("Somebody left the conversation"),
    "call.line_kept": _("The agent's line stays open for the next call"),
    "call.line_stood": _("The call comes to the agent's open line"),
    "call.line_lost": _("The agent's open line was lost: they are called anew"),
    "call.bad_line": _("Bad line: dialled anew"),
    "call.again": _("The person called again, see %(other)s: no callback is owed any more"),
    "call.reached": _("The person was reached, see %(other)s: no callback is owed any more"),
    "call.colleague_asked": _("A colleague was asked into the conversation"),
    "call.third_party": _("A third party was asked into the conversation"),
    "call.supervised": _("A supervisor is in the conversation"),
    "call.hung_up": _("The agent hung up"),
    "call.recorded": _("The conversation is recorded"),
    "call.recording_paused": _("The recording is paused"),
    "call.recording_resumed": _("The recording goes on"),
    "call.recording_refused": _("The person does not want to be recorded"),
    "call.recording_failed": _("The provider did not record the conversation"),
    "call.recording_not_changed": _("The provider did not pause the recording, or did not go on with it"),
    "recording.kept": _("The recording of the conversation is kept"),
    "recording.lost": _("The recording of the conversation could not be fetched"),
    "recording.played": _("The recording of the conversation was listened to"),
    "recording.erased": _("The recording of the conversation was erased"),
    "call.ended": _("The call ended"),
    "call.abandoned": _("The caller hung up before an answer"),
}
ACTORS = {
    "person": _("the person"),
    "system": _("the service"),
    "clock": _("the clock"),
    "service": _("the service"),
}
RELEASED = {"lease_ended": _("Back in the queue: nobody worked on it for a while")}
SOURCES = {
    "phone": _("known from a call"),
    "email": _("known from an e-mail"),
    "web": _("given in a form"),
    "paper": _("read in a letter"),
    "desk": _("noted by an agent"),
}
CLASSES = classes.NAMES
WHERE = {
    "person": _("found in the person"),
    "reference": _("found by its number"),
    "interaction": _("found in what was said"),
    "attachment": _("found in a file's name"),
    "tag": _("found by its tag"),
}
PRESENCE = {
    "available": _("Available"),
    "busy": _("Busy"),
    "wrap_up": _("Wrap-up"),
    "away": _("Away"),
    "offline": _("Offline"),
}
AWAY = (_("break"), _("meal"), _("training"), _("meeting"), _("at the counter"))
AWAY_BY_ITSELF = {
    "passed": _("two offers passed"),
    "silent": _("no sign of life for two minutes"),
    "line": _("your line could not be proved or was not taken up"),
}


def interpreter(item: WorkItem) -> str:
    """What to say where nobody on shift speaks the person's language; "" where no interpreter is needed."""
    if not item.interpreter_needed:
        return ""
    return gettext("interpreter needed: %(language)s") % {
        "language": LANGUAGES.get(item.ticket.language, item.ticket.language)
    }


def reason(code: str) -> str:
    """Why somebody is away: their own words, or what the service found."""
    return str(AWAY_BY_ITSELF.get(code, code))


def age(span: timedelta) -> str:
    """How long ago, as short as a list wants it."""
    minutes = max(int(span.total_seconds() // 60), 0)
    if minutes < 1:
        return gettext("now")
    if minutes < 60:
        return gettext("%(n)d min") % {"n": minutes}
    if minutes < 48 * 60:
        return gettext("%(n)d h") % {"n": minutes // 60}
    return ngettext("%(n)d d", "%(n)d d", minutes // 1440) % {"n": minutes // 1440}


def hour(at: datetime) -> str:
    """The hour of a moment, as one writes it."""
    return date_format(localtime(at), pgettext("time format", "H:i"))


def when(at: datetime, now: datetime) -> str:
    """A moment as one says it: today 08:41, yesterday 14:02, else with its date."""
    day = localtime(at)
    clock = hour(at)
    apart = (localdate(now) - day.date()).days
    if apart == 0:
        return gettext("today, %(time)s") % {"time": clock}
    if apart == 1:
        return gettext("yesterday, %(time)s") % {"time": clock}
    if apart == -1:
        return gettext("tomorrow, %(time)s") % {"time": clock}
    same_year = day.year == localtime(now).year
    date = date_format(day, "j F" if same_year else "j F Y")
    return gettext("%(date)s, %(time)s") % {"date": date, "time": clock}


def size(count: int) -> str:
    """A file's size, rounded as people read it."""
    if count < 1024:
        return gettext("%(n)d bytes") % {"n": count}
    if count < 1024 * 1024:
        return gettext("%(n)d kB") % {"n": round(count / 1024)}
    return gettext("%(n).1f MB") % {"n": count / 1024 / 1024}


def digits(reference: str) -> str:
    """A reference in groups of three, as it is said aloud."""
    return " ".join(reference[start : start + 3] for start in range(0, len(reference), 3))
