"""The provider's resources over the simulated network: which request is whose.

Source: Twilio, "REST API 2010-04-01". Each takes the path below the account and a form, and answers a status and JSON.
"""

import re

from ivr.simulator import rest_calls, rest_conferences, rest_messages, rest_queues, rest_recordings
from ivr.simulator.forms import Answer, Form, Handle, NoSuchError, RefusedRequestError
from ivr.simulator.network import Network

ROOMS = (rest_calls, rest_queues, rest_conferences, rest_messages, rest_recordings)
ROUTES: list[tuple[re.Pattern[str], dict[str, Handle]]] = [
    (re.compile(rf"{pattern}\.json"), methods) for room in ROOMS for pattern, methods in room.ROUTES
]


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
