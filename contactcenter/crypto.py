"""Encrypted columns whose keys rotate, and blind indexes to look their values up.

`CC_FIELD_KEYS` holds the keys, newest first: the newest writes, all read. A value is stored as
`<key id>:<base64 of nonce + AES-256-GCM ciphertext>`; a blind index is an HMAC-SHA-256 under a key derived from the
same secret, so a value is looked up under every key with `value_index__in=blind_indexes(value)`.
"""

import base64
import hashlib
import hmac
import os
import secrets
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import models

NONCE = 12


@dataclass(frozen=True, slots=True)
class _Key:
    id: str
    cipher: AESGCM
    index: bytes


@lru_cache(maxsize=8)
def _keys(configured: tuple[str, ...]) -> tuple[_Key, ...]:
    if not configured:
        raise ImproperlyConfigured("CC_FIELD_KEYS is empty: set it to one or more secrets, newest first.")
    return tuple(_derive(secret.encode()) for secret in configured)


def _derive(secret: bytes) -> _Key:
    def part(label: bytes) -> bytes:
        return hmac.new(secret, label, hashlib.sha256).digest()

    return _Key(id=part(b"id").hex()[:8], cipher=AESGCM(part(b"encrypt")), index=part(b"index"))


def _current() -> tuple[_Key, ...]:
    return _keys(tuple(settings.CC_FIELD_KEYS))


def encrypt(value: str) -> str:
    """The value as it is stored, under the newest key."""
    key = _current()[0]
    nonce = os.urandom(NONCE)
    sealed = nonce + key.cipher.encrypt(nonce, value.encode(), None)
    return f"{key.id}:{base64.b64encode(sealed).decode()}"


def decrypt(stored: str) -> str:
    """The value behind what is stored; ImproperlyConfigured where its key is no longer among CC_FIELD_KEYS."""
    key_id, _, text = stored.partition(":")
    sealed = base64.b64decode(text)
    for key in _current():
        if key.id == key_id:
            try:
                return key.cipher.decrypt(sealed[:NONCE], sealed[NONCE:], None).decode()
            except InvalidTag as error:
                raise ValueError("an encrypted value was changed outside the application") from error
    raise ImproperlyConfigured(f"CC_FIELD_KEYS lacks the key {key_id}: add it again, after the newest.")


def blind_index(value: str) -> str:
    """What the value is found by, under the newest key: 64 hex digits."""
    return _index(_current()[0], value)


def blind_indexes(value: str) -> list[str]:
    """What the value may be found by, under every key."""
    return [_index(key, value) for key in _current()]


def _index(key: _Key, value: str) -> str:
    return hmac.new(key.index, value.encode(), hashlib.sha256).hexdigest()


def random_digits(count: int) -> str:
    """Unguessable decimal digits, which a telephone can key and any language can say."""
    return f"{secrets.randbelow(10**count):0{count}d}"


class EncryptedTextField(models.TextField):  # type: ignore[type-arg]
    """A text that is encrypted in the database and plain in Python; the empty text stays empty."""

    def get_prep_value(self, value: Any) -> Any:
        plain = super().get_prep_value(value)
        return encrypt(plain) if plain else plain

    def from_db_value(self, value: str | None, expression: object, connection: object) -> str | None:
        return decrypt(value) if value else value

    def get_lookup(self, lookup_name: str) -> Any:
        """Only `isnull` makes sense on ciphertext: the rest is looked up by the blind index beside it."""
        return super().get_lookup(lookup_name) if lookup_name == "isnull" else None
