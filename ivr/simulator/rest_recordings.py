"""Recordings: begun and changed on a call, listed, fetched and deleted.

Source: Twilio, "REST API 2010-04-01".
"""

from ivr.simulator.forms import Answer, Form, Json, NoSuchError, RefusedRequestError, Routes, last, page
from ivr.simulator.network import Network
from ivr.simulator.recordings import Recording
from ivr.simulator.rest_calls import call_named
from ivr.simulator.taping import USUAL_EVENTS


def record_call(network: Network, form: Form, sid: str) -> Answer:
    """Record a conversation from now on."""
    call = call_named(network, sid)
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
    found = network.tapes.change(call_named(network, sid), recording, last(form, "Status"), last(form, "PauseBehavior"))
    if found is None:
        raise NoSuchError
    return 200, recording_of(found)


def list_recordings(network: Network, form: Form) -> Answer:
    """What was recorded, of one call or of all."""
    sid = last(form, "CallSid")
    found = [recording_of(one) for one in network.recordings.values() if sid in ("", one.call_sid)]
    return 200, page("recordings", found, form)


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


ROUTES: Routes = [
    (r"Calls/(\w+)/Recordings", {"POST": record_call}),
    (r"Calls/(\w+)/Recordings/([\w.]+)", {"POST": change_recording}),
    ("Recordings", {"GET": list_recordings}),
    (r"Recordings/(\w+)", {"GET": get_recording, "DELETE": delete_recording}),
]
