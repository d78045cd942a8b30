"""A sign-in service with faults on demand: oidc-provider-mock behind a layer that spoils what it says.

Run as ``python -m tests.oidc.bad PORT``. ``PUT /fault`` takes what to spoil, as JSON, until the next one:
``claims`` (put into the ID token; null takes one out), ``sign`` (``forged``, ``none``, ``secret``), ``metadata`` (put
into the metadata), ``slow`` (seconds before an answer to the house), ``status`` (instead of an answer),
``answer`` (put into the answer to the browser), ``body`` (in place of the answer). ``PUT /rotate`` changes the key.
``GET /asked`` counts what the house asked for, by path.
"""

import base64
import collections
import hashlib
import hmac
import io
import json
import os
import sys
import time
import warnings
from urllib.parse import parse_qsl, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"
warnings.simplefilter("ignore")
import oidc_provider_mock  # noqa: E402 -- warns of its own parts while it is imported
from werkzeug.serving import WSGIRequestHandler, make_server  # noqa: E402 -- as above


class Quiet(WSGIRequestHandler):
    def log(self, *_given):
        """Write nothing down."""


def by_secret(claims, headers, public):
    """Sign with the public key as a secret that both sides know: the old trick, which PyJWT itself refuses to play."""
    pem = public.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    parts = [json.dumps({**headers, "alg": "HS256", "typ": "JWT"}), json.dumps(claims)]
    signed = b".".join(base64.urlsafe_b64encode(part.encode()).rstrip(b"=") for part in parts)
    mark = hmac.new(pem, signed, hashlib.sha256).digest()
    return (signed + b"." + base64.urlsafe_b64encode(mark).rstrip(b"=")).decode()


class Spoiled:
    """The layer: it signs all tokens with its own keys, so that right and wrong ones differ in one thing only."""

    def __init__(self):
        self.inner = oidc_provider_mock.app()
        self.inner.debug = False
        self.fault, self.count, self.asked = {}, 0, collections.Counter()
        self.rotate()

    def rotate(self):
        self.count += 1
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.other = rsa.generate_private_key(public_exponent=65537, key_size=2048)

    def __call__(self, environ, start):
        path, method = environ["PATH_INFO"], environ["REQUEST_METHOD"]
        if method == "PUT" and path in {"/fault", "/rotate"}:
            sent = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
            if path == "/fault":
                self.fault = json.loads(sent)
                self.asked.clear()
            else:
                self.rotate()
            return self.say(start, "204 No Content", b"")
        if path == "/asked":
            return self.say(start, "200 OK", json.dumps(self.asked).encode())
        is_house = path in {"/.well-known/openid-configuration", "/jwks", "/oauth2/token"}
        if is_house:
            self.asked[path] += 1
            time.sleep(self.fault.get("slow", 0))
            if "status" in self.fault:
                return self.say(start, f"{self.fault['status']} Spoiled", b"{}")
            if path in self.fault.get("body", {}):
                return self.say(start, "200 OK", self.fault["body"][path].encode())
        status, headers, body = self.ask(environ)
        if path == "/jwks":
            body = json.dumps({"keys": [self.public()]}).encode()
        elif path.endswith("configuration"):
            body = json.dumps({**json.loads(body), **self.fault.get("metadata", {})}).encode()
        elif path == "/oauth2/token" and status.startswith("200"):
            said = json.loads(body)
            body = json.dumps({**said, "id_token": self.token(said["id_token"])}).encode()
        elif status.startswith("302"):
            headers = [
                (name, self.answered(value) if name == "Location" else value) for name, value in headers
            ]
        return self.say(start, status, body, headers)

    def ask(self, environ):
        taken = {}

        def began(status, headers, _error=None):
            taken.update(status=status, headers=headers)
            return io.BytesIO().write

        body = b"".join(self.inner.wsgi_app(environ, began))
        return taken["status"], taken["headers"], body

    def say(self, start, status, body, headers=(("Content-Type", "application/json"),)):
        kept = [(name, value) for name, value in headers if name.lower() != "content-length"]
        start(status, [*kept, ("Content-Length", str(len(body)))])
        return [body]

    def public(self):
        jwk = jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key(), as_dict=True)
        return {**jwk, "kid": f"key-{self.count}", "use": "sig", "key_ops": ["verify"], "alg": "RS256"}

    def token(self, made):
        claims = jwt.decode(made, options={"verify_signature": False})
        now = int(time.time())
        claims |= {"auth_time": now, "acr": "substantial", **self.fault.get("claims", {})}
        claims = {name: value for name, value in claims.items() if value is not None}
        sign = self.fault.get("sign", "")
        headers = {"kid": f"key-{self.count}"}
        if sign == "none":
            return jwt.encode(claims, None, algorithm="none", headers=headers)
        if sign == "secret":
            return by_secret(claims, headers, self.key.public_key())
        key = self.other if sign == "forged" else self.key
        return jwt.encode(claims, key, algorithm="RS256", headers=headers)

    def answered(self, location):
        there, _, query = location.partition("?")
        said = {**dict(parse_qsl(query)), **self.fault.get("answer", {})}
        return f"{there}?{urlencode(said)}" if urlsplit(location).query else location


if __name__ == "__main__":
    make_server(
        "127.0.0.1", int(sys.argv[1]), Spoiled(), threaded=True, request_handler=Quiet
    ).serve_forever()
