"""Calls, as the provider lists and changes them.

Source: Twilio, "REST API 2010-04-01".
"""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

from ivr.simulator.calls import SimulatedCall
from ivr.simulator.documents import Asked
from ivr.simulator.forms import Answer, Form, Json, NoSuchError, RefusedRequestError, Routes, last, page
from ivr.simulator.network import Network


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
    return 200, call_of(call_named(network, sid))


def list_calls(network: Network, form: Form) -> Answer:
    """The newest calls first."""
    calls = [call_of(call) for call in reversed(list(network.calls.values()))]
    wanted = last(form, "Status")
    return 200, page("calls", [call for call in calls if wanted in ("", call["status"])], form)


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
        "end_time": call.over_at or None,
        "duration": str(call.seconds) if call.is_over else None,
        "queue_time": "0",
        "state": call.state,
        "heard": call.heard,
        "script": [{"words": one.words, "language": one.language} for one in list(call.script)],
        "errors": call.errors,
    }


def call_named(network: Network, sid: str) -> SimulatedCall:
    call = network.calls.get(sid)
    if call is None:
        raise NoSuchError
    return call


ROUTES: Routes = [
    ("Calls", {"POST": create_call, "GET": list_calls}),
    (r"Calls/(\w+)", {"POST": change_call, "GET": get_call}),
]
