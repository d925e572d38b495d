"""What happened on a ticket, told as a line: the event's code in words, its ids as the names people know."""

from collections.abc import Iterable
from datetime import datetime

from channels_app import words
from contactcenter.people.assurance import KINDS
from contactcenter.people.models import ContactPoint
from contactcenter.procedures.models import in_language
from contactcenter.routing.models import Agent, Queue
from contactcenter.tickets.models import Tag, Ticket, TicketEvent

MARKED = frozenset({"ticket.tagged", "ticket.untagged"})
REACHED_AT = frozenset({"contact_point.added", "contact_point.corrected"})
ELSEWHERE = frozenset({"ticket.related", "ticket.unrelated", "call.again", "call.reached"})
PASSED = frozenset({"ticket.transferred", "ticket.reassigned"})


def worth_a_line(event: TicketEvent) -> bool:
    """What no other line tells already: taking a new ticket in hand opens it."""
    opened = event.kind == "ticket.open" and event.data.get("was") == "new"
    return event.kind in words.EVENTS and not opened


def what(event: TicketEvent, names: dict[str, str], now: datetime) -> str:
    """The event in words, with the date or the name that its ids stand for."""
    told = str(words.RELEASED.get(str(event.data.get("why")), words.EVENTS[event.kind]))
    if event.kind == "ticket.held":
        return told % {"when": words.when(datetime.fromisoformat(event.data["until"]), now)}
    if event.kind in PASSED:
        kind = "agent" if event.data.get("agent") else "queue"
        return told % {"to": names.get(f"{kind}:{event.data.get(kind)}", "–")}
    if event.kind.startswith("piece."):
        return told % {"piece": names.get(f"piece:{event.data['piece']}", event.data["piece"])}
    if event.kind.startswith("evidence."):
        of = event.data["of"]
        return told % {"evidence": KINDS[of].label if of in KINDS else of}
    if event.kind in REACHED_AT:
        return told % {"kind": ContactPoint.Kind(event.data["of"]).label}
    if event.kind in MARKED:
        return told % {"tag": names.get(f"tag:{event.data['tag']}", "–")}
    if event.kind in ELSEWHERE:
        return told % {"other": words.digits(event.data["other"])}
    return told


def names(events: Iterable[TicketEvent]) -> dict[str, str]:
    """Who did it, and where it went, as people know them."""
    actors = {event.actor for event in events}
    passed = [event.data for event in events if event.kind in PASSED]
    agent_ids = {int(actor.partition(":")[2]) for actor in actors if actor.startswith("agent:")}
    agent_ids |= {data["agent"] for data in passed if data.get("agent")}
    queue_ids = {data["queue"] for data in passed if data.get("queue")}
    agents = Agent.objects.filter(pk__in=agent_ids).select_related("user") if agent_ids else ()
    queues = Queue.objects.filter(pk__in=queue_ids) if queue_ids else ()
    known = {f"agent:{agent.pk}": str(agent) for agent in agents}
    known |= {f"queue:{queue.pk}": queue.name for queue in queues}
    tag_ids = {event.data["tag"] for event in events if event.kind in MARKED}
    known |= {f"tag:{tag.pk}": tag.name for tag in Tag.objects.filter(pk__in=tag_ids)} if tag_ids else {}
    return known | {actor: str(words.ACTORS.get(actor.partition(":")[0], "")) for actor in actors - set(known)}


def pieces(ticket: Ticket) -> dict[str, str]:
    """The documents that the ticket's procedure asks for, by their names in the reader's language."""
    asked = ticket.procedure.pieces if ticket.procedure else []
    texts = {piece["code"]: {key: text for key, text in piece.items() if isinstance(text, str)} for piece in asked}
    return {f"piece:{code}": in_language(text) for code, text in texts.items()}
