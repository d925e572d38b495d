"""What an application on a telephone shows: RFC 6238, written here anew so that it checks ours."""

import base64
import hashlib
import hmac
import itertools
import struct
import time

from django.test import Client

from contactcenter.accounts.models import User

_keys = itertools.count(1)


def code_of(secret: str, *, later: int = 0) -> str:
    """The six digits of now, or of so many half minutes later."""
    counter = struct.pack(">Q", int(time.time()) // 30 + later)
    mac = hmac.new(base64.b32decode(secret), counter, hashlib.sha1).digest()
    start = mac[-1] & 15
    return f"{(struct.unpack('>I', mac[start : start + 4])[0] & 0x7FFFFFFF) % 10**6:06d}"


def wrong(secret: str) -> str:
    """Six digits that no clock near ours shows."""
    right = {code_of(secret, later=later) for later in range(-3, 4)}
    return next(code for number in itertools.count() if (code := f"{number:06d}") not in right)


def enter(client: Client, user: User, **more: str) -> object:
    """Give name and password at the door."""
    return client.post("/login/", {"username": user.username, "password": "pass", **more})


def with_codes(client: Client, user: User) -> str:
    """Set codes up on the page, as somebody who just came in; returns the key. The client is logged out again."""
    enter(client, user)
    secret = str(client.get("/account/codes/add/").context["form"].secret)
    answer = client.post("/account/codes/add/", {"code": code_of(secret)})
    assert answer["Location"] == "/account/recovery/"
    client.post("/logout/")
    return secret
