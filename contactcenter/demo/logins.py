"""The demo's users and their passwords, which are made once and kept in a file of our own (mode 0600)."""

import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Login:
    """One demo user: `word` is what the start prints, `role` what the user is."""

    word: str
    username: str
    role: str
    first_name: str
    last_name: str
    office: str
    skills: tuple[str, ...]


EVERY_SKILL = ("calls", "writing", "mailroom")
LOGINS = tuple(
    Login(word=word, username=username, role=role, first_name=first, last_name=last, office=office, skills=skills)
    for word, username, role, first, last, office, skills in (
        ("agent", "agent", "agent", "Claire", "Marivaux", "valmorin", EVERY_SKILL),
        ("agent2", "agent2", "agent", "Tomas", "Lindqvist", "roquebrande", EVERY_SKILL),
        ("supervisor", "supervisor", "supervisor", "Inès", "Carbonel", "valmorin", EVERY_SKILL),
        ("mailroom", "mailroom", "clerk", "Denis", "Aubrac", "valmorin", ("mailroom",)),
        ("administrator", "admin", "administrator", "Samira", "Otmani", "valmorin", EVERY_SKILL),
    )
)


def passwords() -> dict[str, str]:
    """The password of each demo user, made on the first start."""
    file = Path(settings.CC_DATA_DIR) / "logins"
    if file.exists():
        return dict(json.loads(file.read_text()))
    file.parent.mkdir(parents=True, exist_ok=True)  # with a PostgreSQL nothing may have been kept there yet
    made = {login.username: secrets.token_urlsafe(9) for login in LOGINS}
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w") as out:
        json.dump(made, out, indent=1)
    return made
