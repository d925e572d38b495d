"""Languages: one is required of an agent only while somebody who speaks it is on shift.

Else anybody answers at once, and the work item says that an interpreter is needed. Speaking a language is a skill whose
code is the language's own (ISO 639-1).
"""

import re
from collections.abc import Collection, Iterable
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from contactcenter.accounts.models import Role
from contactcenter.routing import holding
from contactcenter.routing.classes import with_levels
from contactcenter.routing.lanes import lane_for
from contactcenter.routing.models import AgentSkill, Lane, Presence, WorkItem, WorkState
from contactcenter.tickets.events import record_all
from contactcenter.tickets.models import Ticket

ON_SHIFT = timedelta(minutes=2)
CODE = re.compile(r"[a-z]{2}(:\d)?")
AT_ONCE = 200  # work items of one lane or language in one sweep; the next takes up the others


def is_foreign(ticket: Ticket) -> bool:
    """Whether the person speaks a language that not every agent does."""
    return bool(ticket.language) and ticket.language != settings.LANGUAGE_CODE


def wanted(ticket: Ticket, skills: Collection[str], office_id: int) -> str:
    """The language an agent of this office must speak for the ticket now, besides these skills; "" where any may."""
    language = ticket.language
    return language if is_foreign(ticket) and language in spoken_now(office_id, skills) else ""


def among(skills: Iterable[str]) -> set[str]:
    """Those of these skills that are languages."""
    return {code for code in skills if CODE.fullmatch(code)}


def spoken_now(office_id: int, skills: Collection[str]) -> frozenset[str]:
    """What those of the office who are on shift and have these skills speak, with their levels.

    Who is away serves nobody meanwhile.
    """
    there = AgentSkill.objects.filter(
        agent__presence=Presence.AVAILABLE,
        agent__seen_at__gte=timezone.now() - ON_SHIFT,
        agent__user__is_active=True,
        agent__user__offices=office_id,
        skill__code__regex=r"^[a-z]{2}$",
    )
    for code, _colon, level in (skill.partition(":") for skill in skills):
        able = AgentSkill.objects.filter(skill__code=code, level__gte=int(level or 1)).values("agent")
        there = there.filter(Q(agent__in=able) | Q(agent__user__role=Role.SUPERVISOR))
    return with_levels(there.values_list("skill__code", "level"))


def sweep_languages() -> int:
    """Follow who comes and goes; returns how many work items moved.

    What waits for a language that nobody on shift speaks any more is anybody's; what waits with an interpreter needed
    is for whoever has come on shift and speaks it. What is set aside is looked at when it wakes.
    """
    return _free_what_nobody_speaks() + _keep_for_who_speaks_it()


def _free_what_nobody_speaks() -> int:
    moved = 0
    waiting = WorkItem.objects.waiting()
    of_languages = Lane.objects.filter(skills__regex=r"(^|,)[a-z]{2}(:[0-9])?(,|$)")
    lanes = of_languages.filter(Exists(waiting.filter(lane=OuterRef("pk"))))
    for lane_id, office_id, skills in list(lanes.values_list("pk", "queue__office", "skills")):
        needed = set(skills.split(","))
        spoken = among(needed)
        gone = spoken - spoken_now(office_id, needed - spoken)
        if gone:
            items = waiting.filter(lane=lane_id).values_list("pk", flat=True)
            moved += sum(_let_anybody(work_item_id, gone) for work_item_id in list(items[:AT_ONCE]))
    return moved


def _keep_for_who_speaks_it() -> int:
    moved = 0
    needing = WorkItem.objects.waiting().filter(interpreter_needed=True)
    lanes = needing.values_list("lane", "lane__queue__office", "lane__skills", "ticket__language").distinct()
    for lane_id, office_id, skills, language in list(lanes):
        if language in spoken_now(office_id, {code for code in skills.split(",") if code}):
            items = needing.filter(lane=lane_id, ticket__language=language)
            ids = list(items.values_list("pk", flat=True)[:AT_ONCE])
            moved += sum(_keep_for(work_item_id, language) for work_item_id in ids)
    return moved


@transaction.atomic
def _let_anybody(work_item_id: int, gone: set[str]) -> bool:
    item = holding.held(work_item_id)
    if item is None or item.state != WorkState.WAITING:
        return False
    _to_lane_of(item, item.lane.skill_set - gone, interpreter_needed=True)
    record_all([holding.line(item, "work_item.interpreter_needed", "system", languages=sorted(gone))])
    return True


@transaction.atomic
def _keep_for(work_item_id: int, language: str) -> bool:
    item = holding.held(work_item_id)
    if item is None or item.state != WorkState.WAITING or not item.interpreter_needed:
        return False
    _to_lane_of(item, item.lane.skill_set | {language}, interpreter_needed=False)
    record_all([holding.line(item, "work_item.speaker_came", "system", languages=[language])])
    return True


def _to_lane_of(item: WorkItem, skills: Iterable[str], *, interpreter_needed: bool) -> None:
    queue = item.lane.queue
    item.lane = lane_for(queue.office, item.lane.service_class, ",".join(sorted(skills)), queue)
    item.lane.queue = queue
    item.interpreter_needed = interpreter_needed
    item.save(update_fields=["lane", "interpreter_needed"])
