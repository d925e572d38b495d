"""What waits for a human, and who may take it."""

from contactcenter.routing.models.hands import ASKED_AFTER, LEASE, Assignment, Offer, Parking
from contactcenter.routing.models.people import Agent, AgentSkill, Presence, PresenceInterval, Pulse, Skill
from contactcenter.routing.models.queues import Choosing, Lane, Need, Queue
from contactcenter.routing.models.work import (
    IN_HAND,
    NEXT,
    NEXT_STAGE,
    Kind,
    Stage,
    WorkItem,
    WorkItemQuerySet,
    WorkState,
    WrongStepError,
)

__all__ = [
    "ASKED_AFTER",
    "IN_HAND",
    "LEASE",
    "NEXT",
    "NEXT_STAGE",
    "Agent",
    "AgentSkill",
    "Assignment",
    "Choosing",
    "Kind",
    "Lane",
    "Need",
    "Offer",
    "Parking",
    "Presence",
    "PresenceInterval",
    "Pulse",
    "Queue",
    "Skill",
    "Stage",
    "WorkItem",
    "WorkItemQuerySet",
    "WorkState",
    "WrongStepError",
]
