"""On whose behalf something is done, and what that one may see and do."""

from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True, slots=True, kw_only=True)
class Principal:
    """A user or the service token. `offices` and `skills` are None where there is no limit.

    `actor` is what events record (`agent:3`, `user:7`, `service:api`); `label` is what people read.
    """

    actor: str
    label: str
    role: str
    user_id: int | None = None
    agent_id: int | None = None
    offices: frozenset[int] | None = None
    skills: frozenset[str] | None = None
    service: bool = False

    @classmethod
    def of_service(cls) -> Self:
        """`CC_API_TOKEN`: agent, clerk and supervisor of every office, with every skill and no limits of its own."""
        return cls(actor="service:api", label="API", role="supervisor", service=True)

    def serves(self, office_id: int) -> bool:
        """Whether this office's work is theirs to see."""
        return self.offices is None or office_id in self.offices

    def has_skills(self, wanted: frozenset[str]) -> bool:
        """Whether they can serve work that wants these skills."""
        return self.skills is None or wanted <= self.skills

    @property
    def may_write(self) -> bool:
        """Auditors read only."""
        return self.role != "auditor"
