"""Signing in with a second factor, as a phone with a code app does it (RFC 6238, written down once more)."""

import base64
import hashlib
import hmac
import re
import struct
import time

from django.core import mail
from django.test import Client

CODE = re.compile(r"^([A-Z]{4}-[A-Z]{4})$", re.MULTILINE)
SECURITY = "/me/security/"
APP = f"{SECURITY}app/"
CODES = f"{SECURITY}codes/"
SECOND = "/accounts/login/factor/"


def app_code(secret: str, *, steps: int = 0) -> str:
    """Return what an app with this secret shows now, or so many half minutes from now."""
    counter = struct.pack(">Q", int(time.time()) // 30 + steps)
    digest = hmac.new(base64.b32decode(secret), counter, hashlib.sha1).digest()
    start = digest[-1] & 0x0F
    return f"{(struct.unpack('>I', digest[start : start + 4])[0] & 0x7FFFFFFF) % 1_000_000:06}"


def first_step(client: Client, email: str, **query: str):
    """Ask for a code by mail and type it; return the answer."""
    client.post("/accounts/login/", {"email": email, **query})
    return client.post("/accounts/login/code/", {"code": CODE.search(mail.outbox[-1].body)[1], **query})


def add_app(client: Client) -> str:
    """Add a code app to whoever is signed in; return its secret."""
    page = client.get(APP).content.decode()
    secret = "".join(re.findall(r"<span>([A-Z2-7]{4})</span>", page))
    answer = client.post(APP, {"code": app_code(secret)})
    assert answer.status_code == 302, "the app was not added"
    return secret
