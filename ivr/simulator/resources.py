"""The provider's resources over the simulated network: calls, queues, conferences, messages, recordings.

Source: Twilio, "REST API 2010-04-01". Each takes the path below the account and a form, and answers a status and JSON.
"""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

from ivr.simulator.calls import SimulatedCall
from ivr.simulator.conferences import Conference, Participant
from ivr.simulator.documents import Asked
from ivr.simulator.network import Network, Text
from ivr.simulator.parking import Queue
from ivr.simulator.recordings import Recording
from ivr.simulator.taping import USUAL_EVENTS

Json = dict[str, object]
Form = dict[str, list[str]]
Answer = tuple[int, Json]


class NoSuchError(Exception):
    """There is nothing of this name."""


class RefusedRequestError(Exception):
    """The provider does not do this; `code` is its own number for the reason."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code


def last(form: Form, name: str, usual: str = "") -> str:
    """The last value of a field."""
    return form.get(name, [usual])[-1]


def answer(network: Network, method: str, path: str, form: Form) -> Answer:
    """What the provider answers to this request."""
    for pattern, methods in ROUTES:
        found = pattern.fullmatch(path)
        if found and method in methods:
            try:
                return methods[method](network, form, *found.groups())
            except NoSuchError:
                break
            except RefusedRequestError as refused:
                return 400, {"code": refused.code, "message": str(refused), "status": 400}
    return 404, {"code": 20404, "message": "The requested resource was not found", "status": 404}


# --- calls ------------------------------------------------------------------------------------------------------------


def create_call(network: Network, form: Form) -> Answer:
    """Call somebody."""
    for name, code in (("To", 21201), ("From", 21213)):
        if not last(form, name):
            raise RefusedRequestError(code, f"No '{name}' number is specified")
    if not (last(form, "Url") or last(form, "Twiml")):
        raise RefusedRequestError(21205, "Url parameter is required.")
    if len(last(form, "Twiml")) > 4000:
        raise RefusedRequestError(32018, "The Twiml parameter is too long")
    call = network.call_out(
        last(form, "To"),
        last(form, "From"),
        last(form, "Url"),
        last(form, "StatusCallback"),
        twiml=last(form, "Twiml"),
        method=last(form, "Method", "POST"),
        fallback_url=last(form, "FallbackUrl"),
        timeout_s=float(last(form, "Timeout", "60")),
        status_events=frozenset(form.get("StatusCallbackEvent", ["completed"])),
    )
    return 201, call_of(call)


def change_call(network: Network, form: Form, sid: str) -> Answer:
    """Move a call to another document, or end it."""
    call = network.calls.get(sid)
    if call is None and "Url" in form:
        return 200, call_of(network.take_over(sid, last(form, "Url")))
    if call is None:
        raise NoSuchError
    if call.is_over:
        raise RefusedRequestError(21220, "Call is not in-progress. Cannot redirect.")
    if "Press" in form:  # by the demo's own caller, not by the application
        call.press(last(form, "Press"))
    elif last(form, "Status") in ("completed", "canceled"):
        call.hang_up(last(form, "Status"))
    elif "Url" in form or "Twiml" in form:
        call.move(Asked(last(form, "Url"), last(form, "Method", "POST"), {}, last(form, "Twiml")))
    return 200, call_of(call)


def get_call(network: Network, form: Form, sid: str) -> Answer:
    """One call."""
    return 200, call_of(_call(network, sid))


def list_calls(network: Network, form: Form) -> Answer:
    """The newest calls first."""
    calls = [call_of(call) for call in reversed(list(network.calls.values()))]
    wanted = last(form, "Status")
    return 200, _page("calls", [call for call in calls if wanted in ("", call["status"])], form)


def call_of(call: SimulatedCall) -> Json:
    """A call as the provider describes it, and what the demo's terminal shows besides."""
    ends = (call.line, call.number) if call.outgoing else (call.number, call.line)
    started = datetime.now(UTC) - timedelta(seconds=call.clock.now() - call.began)
    return {
        "sid": call.sid,
        "parent_call_sid": call.parent or None,
        "status": call.status,
        "from": ends[0],
        "to": ends[1],
        "direction": call.params({})["Direction"],
        "start_time": format_datetime(started),
        "date_created": format_datetime(started),
        "duration": str(call.seconds) if call.is_over else None,
        "queue_time": "0",
        "state": call.state,
        "heard": call.heard,
        "script": [{"words": one.words, "language": one.language} for one in list(call.script)],
        "errors": call.errors,
    }


def _call(network: Network, sid: str) -> SimulatedCall:
    call = network.calls.get(sid)
    if call is None:
        raise NoSuchError
    return call


# --- queues -----------------------------------------------------------------------------------------------------------


def create_queue(network: Network, form: Form) -> Answer:
    """A queue with its size."""
    return 201, queue_of(network.queues.add(last(form, "FriendlyName"), int(last(form, "MaxSize", "1000"))))


def change_queue(network: Network, form: Form, sid: str) -> Answer:
    """Its size."""
    queue = _queue(network, sid)
    queue.max_size = int(last(form, "MaxSize", str(queue.max_size)))
    return 200, queue_of(queue)


def list_queues(network: Network, form: Form) -> Answer:
    """All queues."""
    return 200, _page("queues", [queue_of(one) for one in network.queues.all.values()], form)


def get_queue(network: Network, form: Form, sid: str) -> Answer:
    """One queue, by its id alone: a name is not found."""
    return 200, queue_of(_queue(network, sid))


def list_members(network: Network, form: Form, sid: str) -> Answer:
    """Who waits, in order."""
    queue = _queue(network, sid)
    members = [
        {
            "call_sid": one.leg.sid,
            "queue_sid": sid,
            "position": place,
            "wait_time": int(one.leg.clock.now() - one.since),
        }
        for place, one in enumerate(list(queue.members), 1)
    ]
    return 200, _page("queue_members", members, form)


def change_member(network: Network, form: Form, sid: str, who: str) -> Answer:
    """Take a caller out of the queue and on to a document."""
    member = _queue(network, sid).of(who)
    if member is None:
        raise NoSuchError
    member.leg.move(Asked(last(form, "Url"), last(form, "Method", "POST")))
    return 200, {"call_sid": member.leg.sid, "queue_sid": sid, "position": 0}


def _queue(network: Network, sid: str) -> Queue:
    queue = network.queues.all.get(sid)
    if queue is None:
        raise NoSuchError
    return queue


def queue_of(queue: Queue) -> Json:
    """A queue as the provider describes it."""
    return {
        "sid": queue.sid,
        "friendly_name": queue.name,
        "max_size": queue.max_size,
        "current_size": len(queue.members),
        "average_wait_time": 0,
    }


# --- conferences ------------------------------------------------------------------------------------------------------


def list_conferences(network: Network, form: Form) -> Answer:
    """Conferences, by name and by status."""
    name, status = last(form, "FriendlyName"), last(form, "Status")
    found = [
        conference_of(one)
        for one in network.conferences.all
        if one.listed and name in ("", one.name) and status in ("", one.status)
    ]
    return 200, _page("conferences", found, form)


def get_conference(network: Network, form: Form, sid: str) -> Answer:
    """One conference."""
    return 200, conference_of(_conference(network, sid))


def change_conference(network: Network, form: Form, sid: str) -> Answer:
    """End it for everybody."""
    room = _conference(network, sid)
    if last(form, "Status") == "completed":
        network.conferences.end(room)
    return 200, conference_of(room)


def list_participants(network: Network, form: Form, sid: str) -> Answer:
    """Who is in it."""
    room = _conference(network, sid)
    return 200, _page("participants", [participant_of(room, one) for one in list(room.participants.values())], form)


def get_participant(network: Network, form: Form, sid: str, who: str) -> Answer:
    """One who is in it."""
    room = _conference(network, sid)
    return 200, participant_of(room, _participant(room, who))


def create_participant(network: Network, form: Form, name: str) -> Answer:
    """Call somebody into a conference, by its id or by its name."""
    known = network.conferences.find(name)
    room = known or network.conferences.room(name)
    inside = {
        "startConferenceOnEnter": last(form, "StartConferenceOnEnter", "true").lower(),
        "endConferenceOnExit": last(form, "EndConferenceOnExit", "false").lower(),
        "muted": last(form, "Muted", "false").lower(),
        "participantLabel": last(form, "Label"),
        "coach": last(form, "CallSidToCoach") if last(form, "Coaching").lower() == "true" else "",
    }
    attributes = " ".join(f'{name}="{value}"' for name, value in inside.items() if value)
    call = network.call_out(
        last(form, "To"),
        last(form, "From"),
        "",
        last(form, "StatusCallback"),
        twiml=f"<Response><Dial><Conference {attributes}>{room.name}</Conference></Dial></Response>",
        timeout_s=float(last(form, "Timeout", "60")),
        status_events=frozenset(form.get("StatusCallbackEvent", ["completed"])),
    )
    return 201, {"call_sid": call.sid, "conference_sid": room.sid, "label": inside["participantLabel"] or None}


def change_participant(network: Network, form: Form, sid: str, who: str) -> Answer:
    """Hold, mute, coach, or decide who ends it."""
    room = _conference(network, sid)
    participant = _participant(room, who)
    fields = {"Muted": "muted", "Hold": "hold", "EndConferenceOnExit": "ends"}
    changes: dict[str, object] = {
        ours: last(form, theirs).lower() == "true" for theirs, ours in fields.items() if theirs in form
    }
    if "Coaching" in form:
        coaching = last(form, "Coaching").lower() == "true"
        if coaching and last(form, "CallSidToCoach") not in room.participants:
            raise RefusedRequestError(16202, "The call to coach is not in this conference")
        changes["coached"] = last(form, "CallSidToCoach") if coaching else ""
    network.conferences.change(room, participant, **changes)
    if last(form, "AnnounceUrl"):
        participant.leg.hear(f"[{last(form, 'AnnounceUrl')}]")
    return 200, participant_of(room, participant)


def remove_participant(network: Network, form: Form, sid: str, who: str) -> Answer:
    """Out with them: their leg ends."""
    _participant(_conference(network, sid), who).leg.hang_up()
    return 204, {}


def _conference(network: Network, sid: str) -> Conference:
    room = network.conferences.find(sid)
    if room is None or room.sid != sid:
        raise NoSuchError
    return room


def _participant(room: Conference, who: str) -> Participant:
    participant = room.of(who)
    if participant is None or room.status == "completed":
        raise NoSuchError
    return participant


def conference_of(room: Conference) -> Json:
    """A conference as the provider describes it."""
    return {"sid": room.sid, "friendly_name": room.name, "status": room.status}


def participant_of(room: Conference, one: Participant) -> Json:
    """A participant as the provider describes it."""
    return {
        "call_sid": one.leg.sid,
        "conference_sid": room.sid,
        "label": one.label or None,
        "muted": one.muted,
        "hold": one.hold,
        "coaching": bool(one.coached),
        "call_sid_to_coach": one.coached or None,
        "end_conference_on_exit": one.ends,
        "start_conference_on_enter": one.starts,
        "status": "connected",
    }


# --- messages and recordings ------------------------------------------------------------------------------------------


def create_message(network: Network, form: Form) -> Answer:
    """Send a text."""
    if not last(form, "To"):
        raise RefusedRequestError(21604, "A 'To' phone number is required.")
    text = network.text_out(last(form, "To"), last(form, "Body"), last(form, "StatusCallback"), last(form, "From"))
    return 201, message_of(text) | {"status": "queued"}


def list_messages(network: Network, form: Form) -> Answer:
    """The newest texts first, in and out; those to somebody where they are asked for."""
    to = last(form, "To")
    texts = [text for text in (*network.texts, *network.texts_in.values()) if to in ("", text.to)]
    return 200, _page("messages", [message_of(text) for text in reversed(texts)], form)


def get_message(network: Network, form: Form, sid: str) -> Answer:
    """One text."""
    found = network.texts_in.get(sid) or next((text for text in network.texts if text.sid == sid), None)
    if found is None:
        raise NoSuchError
    return 200, message_of(found)


def message_of(text: Text) -> Json:
    """A text as the provider describes it."""
    return {
        "sid": text.sid,
        "to": text.to,
        "from": text.from_,
        "body": text.body,
        "direction": text.direction,
        "status": text.status,
        "date_sent": text.sent_at,
        "date_created": text.sent_at,
    }


def record_call(network: Network, form: Form, sid: str) -> Answer:
    """Record a conversation from now on."""
    call = _call(network, sid)
    if network.faults.refuse_recording:
        raise RefusedRequestError(20001, "Recording is not possible on this account.")
    if call.status != "in-progress":
        raise RefusedRequestError(21220, "Requested resource is not eligible for recording")
    events = frozenset(form.get("RecordingStatusCallbackEvent", USUAL_EVENTS))
    return 201, recording_of(network.tapes.begin(call, last(form, "RecordingStatusCallback"), events))


def change_recording(network: Network, form: Form, sid: str, recording: str) -> Answer:
    """Pause, go on or stop."""
    if network.faults.refuse_recording:
        raise RefusedRequestError(20001, "Recording is not possible on this account.")
    found = network.tapes.change(_call(network, sid), recording, last(form, "Status"), last(form, "PauseBehavior"))
    if found is None:
        raise NoSuchError
    return 200, recording_of(found)


def list_recordings(network: Network, form: Form) -> Answer:
    """What was recorded, of one call or of all."""
    sid = last(form, "CallSid")
    found = [recording_of(one) for one in network.recordings.values() if sid in ("", one.call_sid)]
    return 200, _page("recordings", found, form)


def get_recording(network: Network, form: Form, sid: str) -> Answer:
    """What is known of a recording."""
    if sid not in network.recordings:
        raise NoSuchError
    return 200, recording_of(network.recordings[sid])


def delete_recording(network: Network, form: Form, sid: str) -> Answer:
    """It is gone."""
    if network.recordings.pop(sid, None) is None:
        raise NoSuchError
    return 204, {}


def recording_of(recording: Recording) -> Json:
    """A recording as the provider describes it."""
    return {
        "sid": recording.sid,
        "call_sid": recording.call_sid,
        "duration": str(recording.seconds),
        "status": recording.status,
        "source": recording.source,
    }


def _page(name: str, rows: list[Json], form: Form) -> Json:
    size, number = int(last(form, "PageSize", "50")), int(last(form, "Page", "0"))
    if number and last(form, "PageToken") != f"PA{number}":
        raise RefusedRequestError(20006, "Page tokens say where a list goes on; follow next_page_uri")
    more = len(rows) > size * (number + 1)
    follows = f"?PageSize={size}&Page={number + 1}&PageToken=PA{number + 1}" if more else None
    return {name: rows[size * number : size * (number + 1)], "page": number, "next_page_uri": follows}


Handle = Callable[..., Answer]
ROUTES: list[tuple[re.Pattern[str], dict[str, Handle]]] = [
    (re.compile(pattern + r"\.json"), methods)
    for pattern, methods in (
        (r"Calls", {"POST": create_call, "GET": list_calls}),
        (r"Calls/(\w+)", {"POST": change_call, "GET": get_call}),
        (r"Calls/(\w+)/Recordings", {"POST": record_call}),
        (r"Calls/(\w+)/Recordings/([\w.]+)", {"POST": change_recording}),
        (r"Queues", {"POST": create_queue, "GET": list_queues}),
        (r"Queues/([^/]+)", {"GET": get_queue, "POST": change_queue}),
        (r"Queues/([^/]+)/Members", {"GET": list_members}),
        (r"Queues/([^/]+)/Members/(\w+)", {"POST": change_member}),
        (r"Conferences", {"GET": list_conferences}),
        (r"Conferences/([^/]+)", {"GET": get_conference, "POST": change_conference}),
        (r"Conferences/([^/]+)/Participants", {"GET": list_participants, "POST": create_participant}),
        (
            r"Conferences/([^/]+)/Participants/([^/]+)",
            {"GET": get_participant, "POST": change_participant, "DELETE": remove_participant},
        ),
        (r"Messages", {"POST": create_message, "GET": list_messages}),
        (r"Messages/(\w+)", {"GET": get_message}),
        (r"Recordings", {"GET": list_recordings}),
        (r"Recordings/(\w+)", {"GET": get_recording, "DELETE": delete_recording}),
    )
]
