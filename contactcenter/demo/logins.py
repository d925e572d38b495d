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
LOGINS = (
    Login(word="agent", username="agent", role="agent", first_name="Claire", last_name="Marivaux", office="valmorin", skills=EVERY_SKILL),
    Login(word="agent2", username="agent2", role="agent", first_name="Tomas", last_name="Lindqvist", office="roquebrande", skills=EVERY_SKILL),
    Login(word="supervisor", username="supervisor", role="supervisor", first_name="Inès", last_name="Carbonel", office="valmorin", skills=EVERY_SKILL),
    Login(word="mailroom", username="mailroom", role="clerk", first_name="Denis", last_name="Aubrac", office="valmorin", skills=("mailroom",)),
    Login(word="administrator", username="admin", role="administrator", first_name="Samira", last_name="Otmani", office="valmorin", skills=EVERY_SKILL),
)  # fmt: skip


def passwords() -> dict[str, str]:
    """The password of each demo user, made on the first start."""
    file = Path(settings.CC_DATA_DIR) / "logins"
    if file.exists():
        return dict(json.loads(file.read_text()))
    made = {login.username: secrets.token_urlsafe(9) for login in LOGINS}
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w") as out:
        json.dump(made, out, indent=1)
    return made
