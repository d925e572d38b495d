"""A client of the API, as others write one: a token, paths below /api/v1, JSON."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.test import Client
from pydantic import ConfigDict, TypeAdapter, with_config

from contactcenter.accounts.models import ApiToken, User

SERVICE = "a-service-token-for-tests"
PROBLEM = "application/problem+json"


@dataclass
class Api:
    """Asks with one token; `""` asks without."""

    token: str = SERVICE

    def get(self, path: str, **query: Any) -> Any:
        return Client().get(f"/api/v1{path}", query, headers=self._headers())

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        data = b"" if body is None else json.dumps(body).encode()
        asked = {**self._headers(), **headers}
        return Client().post(f"/api/v1{path}", data, content_type="application/json", headers=asked)

    def every(self, path: str, **query: Any) -> Iterator[Any]:
        """All items of a list, page by page."""
        cursor = ""
        while True:
            page = self.get(path, **query, cursor=cursor).json()
            yield from page["items"]
            cursor = page["next"]
            if not cursor:
                return

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"} if self.token else {}


def asking_as(user: User) -> Api:
    """A client with a token of this user."""
    return Api(token=ApiToken.issue(user, "test"))


def has_exactly(shape: type, body: Any) -> None:
    """The body has every member of the shape, of its type, and no other."""
    closed = with_config(ConfigDict(extra="forbid", strict=True))(shape)
    TypeAdapter(closed).validate_python(body)


def is_a_time(text: str) -> bool:
    """ISO 8601 with offset."""
    return datetime.fromisoformat(text).tzinfo is not None


def a_body(**fields: Any) -> dict[str, Any]:
    """What opens a ticket on Ana's behalf."""
    person = {"name": "Ana Exemple", "contact_points": [{"kind": "email", "value": "ana@example.org"}]}
    return {"channel": "web", "person": person, "subject": "Titre expiré", "text": "Bonjour.", **fields}
