"""Conferences and who takes part in them.

Source: Twilio, "REST API 2010-04-01".
"""

from ivr.simulator.conferences import Conference, Participant
from ivr.simulator.documents import Asked
from ivr.simulator.forms import Answer, Form, Json, NoSuchError, RefusedRequestError, Routes, last, page
from ivr.simulator.network import Network


def list_conferences(network: Network, form: Form) -> Answer:
    """Conferences, by name and by status."""
    name, status = last(form, "FriendlyName"), last(form, "Status")
    found = [
        conference_of(one)
        for one in network.conferences.all
        if one.listed and name in ("", one.name) and status in ("", one.status)
    ]
    return 200, page("conferences", found, form)


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
    return 200, page("participants", [participant_of(room, one) for one in list(room.participants.values())], form)


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
    if changes.get("hold") and last(form, "HoldUrl"):
        changes["hold_music"] = Asked(last(form, "HoldUrl"), last(form, "HoldMethod", "POST"))
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


ROUTES: Routes = [
    ("Conferences", {"GET": list_conferences}),
    (r"Conferences/([^/]+)", {"GET": get_conference, "POST": change_conference}),
    (r"Conferences/([^/]+)/Participants", {"GET": list_participants, "POST": create_participant}),
    (
        r"Conferences/([^/]+)/Participants/([^/]+)",
        {"GET": get_participant, "POST": change_participant, "DELETE": remove_participant},
    ),
]
