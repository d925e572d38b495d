"""Languages: one is required of an agent only while somebody who speaks it is on shift.

Else anybody answers at once, and the work item says that an interpreter is needed. Speaking a language is a skill whose
code is the language's own (ISO 639-1).
"""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from contactcenter.routing import holding
from contactcenter.routing.lanes import lane_for
from contactcenter.routing.models import Agent, Presence, WorkItem, WorkState
from contactcenter.tickets.events import record_all
from contactcenter.tickets.models import Ticket

ON_SHIFT = timedelta(minutes=2)


def is_foreign(ticket: Ticket) -> bool:
    """Whether the person speaks a language that not every agent does."""
    return bool(ticket.language) and ticket.language != settings.LANGUAGE_CODE


def wanted(ticket: Ticket) -> str:
    """The language an agent must speak for this ticket now; "" where any agent may answer."""
    language = ticket.language
    return language if is_foreign(ticket) and language in spoken_now(ticket.office_id) else ""


def spoken_now(office_id: int) -> frozenset[str]:
    """What those of the office who are on shift speak."""
    there = Agent.objects.exclude(presence=Presence.OFFLINE).filter(
        seen_at__gte=timezone.now() - ON_SHIFT, user__is_active=True, user__offices=office_id
    )
    codes = there.filter(skills__code__regex=r"^[a-z]{2}$").values_list("skills__code", flat=True)
    return frozenset(codes.distinct())


def sweep_languages() -> int:
    """Let anybody take what waits for a language that nobody on shift speaks any more; returns how many."""
    moved = 0
    waiting = WorkItem.objects.filter(state__in=(WorkState.WAITING, WorkState.SCHEDULED))
    lanes = waiting.filter(lane__skills__regex=r"(^|,)[a-z]{2}(,|$)").values_list("lane__queue__office", "lane__skills")
    for office_id, skills in set(lanes):
        gone = {code for code in skills.split(",") if len(code) == 2} - spoken_now(office_id)
        if gone:
            same = waiting.filter(lane__queue__office=office_id, lane__skills=skills).values_list("pk", flat=True)
            moved += sum(_let_anybody(work_item_id, gone) for work_item_id in same[:200])
    return moved


@transaction.atomic
def _let_anybody(work_item_id: int, gone: set[str]) -> bool:
    item = holding.held(work_item_id)
    if item is None or item.state not in (WorkState.WAITING, WorkState.SCHEDULED):
        return False
    skills = ",".join(sorted(item.lane.skill_set - gone))
    queue = item.lane.queue
    item.lane = lane_for(queue.office, item.lane.service_class, skills, queue)
    item.lane.queue = queue
    item.interpreter_needed = True
    item.save(update_fields=["lane", "interpreter_needed"])
    record_all([holding.line(item, "work_item.interpreter_needed", "system", languages=sorted(gone))])
    return True
