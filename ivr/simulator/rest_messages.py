"""Text messages.

Source: Twilio, "REST API 2010-04-01".
"""

from ivr.simulator.forms import Answer, Form, Json, NoSuchError, RefusedRequestError, Routes, last, page
from ivr.simulator.network import Network, Text


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
    return 200, page("messages", [message_of(text) for text in reversed(texts)], form)


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


ROUTES: Routes = [
    ("Messages", {"POST": create_message, "GET": list_messages}),
    (r"Messages/(\w+)", {"GET": get_message}),
]
