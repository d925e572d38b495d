"""Who may see and take what, and why it stands where it stands."""

from datetime import datetime

from django.db.models import Q, QuerySet
from django.template.defaultfilters import floatformat
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from contactcenter.accounts.models import Role, User
from contactcenter.accounts.principal import Principal
from contactcenter.offices.hours import opening_seconds
from contactcenter.routing.classes import FASTER, LIVE_KINDS, skill_for, with_levels
from contactcenter.routing.floor import SEEN
from contactcenter.routing.match import Asker, Floor, is_capped, may_get
from contactcenter.routing.models import Agent, Assignment, Kind, Lane, Presence, Queue, Skill, WorkItem
from contactcenter.routing.score import Candidate

WITHOUT_LIMIT = frozenset({Role.SUPERVISOR, Role.AUDITOR})


def principal_for(user: User) -> Principal:
    """What a user may see and do; their agent row is made when they first come."""
    agent = Agent.objects.filter(user=user).first() or Agent.objects.get_or_create(user=user)[0]
    offices = None if everywhere(user) else frozenset(user.offices.values_list("pk", flat=True))
    skills = None if user.role in WITHOUT_LIMIT else with_levels(agent.able.values_list("skill__code", "level"))
    return Principal(
        actor=f"agent:{agent.pk}",
        label=str(user),
        role=user.role,
        user_id=user.pk,
        agent_id=agent.pk,
        offices=offices,
        skills=skills,
    )


def everywhere(user: User) -> bool:
    """Whether every office's work is theirs to see."""
    return user.is_superuser or user.role == Role.ADMINISTRATOR


def lanes_for(by: Principal) -> QuerySet[Lane]:
    """The lanes whose work this one can serve."""
    lanes = Lane.objects.all()
    if by.offices is not None:
        lanes = lanes.filter(queue__office__in=by.offices)
    if by.skills is None:
        return lanes
    wanted = set(lanes.values_list("skills", flat=True).distinct())
    served = [skills for skills in wanted if by.has_skills(frozenset(code for code in skills.split(",") if code))]
    return lanes.filter(skills__in=served)


def queues_of(by: Principal) -> QuerySet[Queue]:
    """The queues of the offices this one serves."""
    return Queue.objects.all() if by.offices is None else Queue.objects.filter(office__in=by.offices)


def queues_to_pass_to(by: Principal) -> QuerySet[Queue]:
    """Where work may be passed on: one's own queues, and any office's door (code des relations, L114-2)."""
    own = queues_of(by)
    return own if by.offices is None else own | Queue.objects.filter(arrives_here=True)


def agents_to_pass_to(by: Principal) -> QuerySet[Agent]:
    """The colleagues one sees: who works in one of one's offices."""
    here = Agent.objects.filter(user__is_active=True).exclude(user__role=Role.AUDITOR).select_related("user")
    if by.offices is None:
        return here
    return here.filter(user__in=User.objects.filter(offices__in=by.offices))  # once each, in whatever order


def answering(office_id: int) -> int:
    """How many agents of an office answer its calls now: who is there, can take calls, and may be called for one.

    Whoever was called out of their written work once already is left to it, and does not count until it is done.
    """
    can = Q(able__skill__code=skill_for(Kind.CALL)) | Q(user__role=Role.SUPERVISOR)
    there = Agent.objects.filter(can, user__is_active=True, user__offices=office_id)
    here = there.exclude(presence__in=(Presence.AWAY, Presence.OFFLINE)).filter(seen_at__gte=timezone.now() - SEEN)
    left_alone = Assignment.objects.filter(ended_at=None, interrupted=True, parked_at=None).values("agent")
    return here.exclude(pk__in=left_alone.exclude(agent=None)).distinct().count()


def still_asked_for(skill: Skill) -> str:
    """What would wait for ever if nobody could do this any more, in a sentence; "" where nothing would."""
    name = {"skill": skill}
    if skill.code in {skill_for(kind) for kind in Kind.values}:
        return _("“%(skill)s”: the centre cannot do without it.") % name
    if skill.needs.exists():
        return _("“%(skill)s”: a line of “skills that work needs” asks for it. Delete that first.") % name
    lanes = Lane.objects.filter(skills__contains=skill.code)
    asking = [lane for lane in lanes if skill.code in {one.partition(":")[0] for one in lane.skill_set}]
    if WorkItem.objects.unfinished().filter(lane__in=asking).exists():
        return _("“%(skill)s”: work is open that asks for it. Finish it or pass it on first.") % name
    return ""


def candidate(item: WorkItem, now: datetime) -> Candidate:
    """The work item as the order sees it at this instant. Needs `with_lane()`."""
    return Candidate(
        id=item.pk,
        age_s=opening_seconds(item.lane.queue.office, item.enqueued_at, now),
        target_s=item.lane.target_s,
        enqueued_at=item.enqueued_at,
        due_at=item.due_at,
        live=item.kind in LIVE_KINDS,
        queue_id=item.lane.queue_id,
    )


def reason(item: WorkItem, one: Candidate, besides: str = "") -> str:
    """Why this stands where it stands: how long it has waited beside its promise, the date that moved it, and whatever
    else (`held_back`, `preferred`) comes in."""
    facts = {"age": _span(one.age_s), "promise": _span(one.target_s), "times": floatformat(one.score, 1)}
    if one.score >= 1:
        waited = _("Waited %(age)s: %(times)s × its promise of %(promise)s.") % facts
    else:
        waited = _("Waited %(age)s of its promise of %(promise)s.") % facts
    return " ".join(part for part in (waited, _moved(item), besides) if part)


def held_back(one: Candidate, floor: Floor | None, asker: Asker) -> str:
    """That cap or reserve keep this from the asker at this moment, in a sentence; "" where neither does."""
    if may_get(one, floor, asker):
        return ""
    if floor and is_capped(floor):
        return _("The cap on written work holds it back while callers wait.")
    return _("The reserve for callers holds it back until it is late: few are free.")


def preferred(item: WorkItem, agent_id: int) -> str:
    """That this agent is asked first since they know the request; "" where somebody else worked on it last."""
    held = Assignment.objects.filter(work_item__ticket=item.ticket_id, agent__isnull=False).order_by("-started_at")
    is_last = held.values_list("agent", flat=True).first() == agent_id
    return _("You are preferred: you worked on this request last.") if is_last else ""


def _moved(item: WorkItem) -> str:
    ahead = {service_class: before for before, service_class in FASTER}.get(item.lane.service_class)
    decides_on = item.ticket.silence_on if ahead else None
    if ahead is None or decides_on is None or decides_on > timezone.localdate() + ahead:
        return ""
    return _("Moved forward: by law silence decides on %(day)s.") % {"day": date_format(decides_on, "j F")}


def _span(seconds: float) -> str:
    minutes = int(seconds // 60)
    if minutes < 60:
        return _("%(minutes)d min") % {"minutes": minutes}
    if minutes < 48 * 60 and minutes % 60 == 0:
        return _("%(hours)d h") % {"hours": minutes // 60}
    if minutes < 48 * 60:
        return _("%(hours)d h %(minutes)02d") % {"hours": minutes // 60, "minutes": minutes % 60}
    return _("%(days)d days") % {"days": minutes // 1440}
