"""Queues and who waits in them.

Source: Twilio, "REST API 2010-04-01".
"""

from ivr.simulator.documents import Asked
from ivr.simulator.forms import Answer, Form, Json, NoSuchError, Routes, last, page
from ivr.simulator.network import Network
from ivr.simulator.parking import Queue


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
    return 200, page("queues", [queue_of(one) for one in network.queues.all.values()], form)


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
    return 200, page("queue_members", members, form)


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


ROUTES: Routes = [
    ("Queues", {"POST": create_queue, "GET": list_queues}),
    (r"Queues/([^/]+)", {"GET": get_queue, "POST": change_queue}),
    (r"Queues/([^/]+)/Members", {"GET": list_members}),
    (r"Queues/([^/]+)/Members/(\w+)", {"POST": change_member}),
]
