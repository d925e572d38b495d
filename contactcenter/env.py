"""Read the environment: small readers that fail with a sentence, and the demo's own keys.

Only `settings.py` and the commands that start processes use it; docs/env.md lists each variable.
"""

import json
import os
import secrets
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

DEMO_MARK = "demo-"
SENDER_LENGTH = 11  # characters; no network takes a longer sender's name
UNSET = "unset-"
PLACES = "run/places.json"
DEMO_KEYS = ("CC_SECRET_KEY", "CC_FIELD_KEYS", "CC_API_TOKEN", "TWILIO_AUTH_TOKEN")


class EnvError(Exception):
    """The environment does not let us start; the text says what to set."""


def text(name: str, default: str = "") -> str:
    """The variable, or the default where it is unset or empty."""
    return os.environ.get(name, "") or default


def flag(name: str, *, default: bool = False) -> bool:
    """1/true/yes/on or 0/false/no/off."""
    value = text(name, "1" if default else "0").lower()
    if value not in ("0", "1", "true", "false", "yes", "no", "on", "off"):
        raise EnvError(f"{name} must be 1 or 0, not {value!r}.")
    return value in ("1", "true", "yes", "on")


def number(name: str, default: int) -> int:
    """A whole number, such as a port."""
    value = text(name, str(default))
    if not value.isdigit():
        raise EnvError(f"{name} must be a whole number, not {value!r}.")
    return int(value)


def listed(name: str) -> list[str]:
    """Values separated by commas or spaces."""
    return [part for part in text(name).replace(",", " ").split() if part]


def sender_names(name: str) -> dict[str, str]:
    """Names that text messages come from, by country prefix, written as `+33=ACCUEIL +32=ACCUEIL`."""
    names: dict[str, str] = {}
    for entry in listed(name):
        prefix, _, sender = entry.partition("=")
        if not (prefix.startswith("+") and prefix[1:].isdigit()):
            raise EnvError(f"{name}: {entry} must begin with a country's prefix, such as +33=ACCUEIL.")
        if not (sender.isascii() and sender.isalnum() and len(sender) <= SENDER_LENGTH and not sender.isdigit()):
            raise EnvError(f"{name}: {entry}: a name has up to {SENDER_LENGTH} letters and digits, not digits alone.")
        names[prefix] = sender
    return names


def some_of(name: str, known: tuple[str, ...], *, default: tuple[str, ...]) -> tuple[str, ...]:
    """Some of the known words, or the word `none`; the default where the variable is unset."""
    words = listed(name)
    if not words:
        return default
    if words == ["none"]:
        return ()
    if unknown := set(words) - set(known):
        raise EnvError(f"{name} may name {', '.join(known)}, or be none; it names {', '.join(sorted(unknown))}.")
    return tuple(words)


def pairs(name: str) -> dict[str, str]:
    """`name=value` separated by commas or spaces; a value may hold further equals signs."""
    found = dict(part.partition("=")[::2] for part in listed(name))
    if not all(key and value for key, value in found.items()):
        raise EnvError(f"{name} must be written NAME=VALUE, with commas between.")
    return found


def secret(name: str, keys: dict[str, str]) -> str:
    """A secret: from the environment, else from the demo's own keys (none outside the demo)."""
    return text(name, keys.get(name, ""))


def unset() -> str:
    """What stands for a secret that is not set, where Django wants one before our checks can say so."""
    return UNSET + secrets.token_urlsafe(48)


def complaints(secrets_in_use: dict[str, str], *, needed: tuple[str, ...]) -> list[str]:
    """What forbids starting with CC_DEMO=0: a secret that is missing, or one that a demo made."""
    missing = [
        f"{name} is not set: with CC_DEMO=0 every secret is your own (docs/env.md)."
        for name in needed
        if not secrets_in_use[name] or secrets_in_use[name].startswith(UNSET)
    ]
    demos = [
        f"{name} is a demo secret: make your own before you start with CC_DEMO=0 (docs/env.md)."
        for name, value in secrets_in_use.items()
        if DEMO_MARK in value
    ]
    return missing + demos


def settle_in(data_dir: Path) -> None:
    """Take over where the running `./run` of this data folder put its servers, for what the environment leaves open."""
    file = data_dir / PLACES
    if file.exists():
        for name, value in json.loads(file.read_text()).items():
            if not os.environ.get(name):
                os.environ[name] = value


def demo_keys(data_dir: Path) -> dict[str, str]:
    """The demo's own secrets, made on its first start in `$CC_DATA_DIR/keys` (mode 0600), never in the database."""
    file = data_dir / "keys"
    if file.exists():
        return dict(json.loads(file.read_text()))
    data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    made = {name: DEMO_MARK + secrets.token_urlsafe(40) for name in DEMO_KEYS}
    new = data_dir / f".keys-{secrets.token_hex(4)}"
    handle = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as out:
        json.dump(made, out, indent=1)
        out.flush()
        os.fsync(out.fileno())
    try:
        os.link(new, file)  # the first of two starters wins
    except FileExistsError:
        return dict(json.loads(file.read_text()))
    finally:
        new.unlink()
    return made


def database(url: str, data_dir: Path) -> dict[str, object]:
    """Django's settings for DATABASE_URL: `postgres://user:password@host:port/name`, or SQLite where it is empty."""
    if not url:
        return _sqlite(data_dir / "contactcenter.sqlite3")
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return _sqlite(Path(parts.path))
    if parts.scheme not in ("postgres", "postgresql"):
        raise EnvError("DATABASE_URL must begin with postgres:// or sqlite://.")
    query = dict(parse_qsl(parts.query))
    prepared = query.pop("prepared", "1") != "0"  # the server plans a repeated statement once; a pooler may forbid it
    return {
        "ENGINE": "contactcenter.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.pop("host", "") or parts.hostname or "",
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            "application_name": "contactcenter",
            "connect_timeout": "2",  # a caller hears silence meanwhile
            "server_side_binding": prepared,
            "prepare_threshold": 5 if prepared else None,
            **({"options": "-c jit=off"} if prepared else {}),  # compiling takes longer than any statement of ours
            **query,
        },
    }


def _sqlite(file: Path) -> dict[str, object]:
    """WAL with full fsync, since a 250 must survive a power cut; IMMEDIATE, or writers meet "database is locked"."""
    pragmas = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON")
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(file),
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": " ".join(f"PRAGMA {pragma};" for pragma in pragmas),
        },
        "TEST": {"NAME": str(file.with_name("test.sqlite3"))},
    }
