"""Walking through a sign-in at the service with faults on demand, which the settings call "town"."""

import re
from urllib.parse import urlsplit

import httpx

from tests.factories.factors import SECURITY, first_step
from tests.oidc.running import way_on

GO = "/accounts/with/town/"
BACK = f"{GO}back/"
LINK = f"{SECURITY}with/town/link/"
TOWN = """
[town]
issuer = "{service}"
client_id = "sirkel"
secret_file = "secret"
label = {{ "" = "Town ID", nb = "By-ID" }}
acr_accepted = ["substantial", "high"]
"""


def spoil(service, **fault):
    """Let the service answer with these faults from now on; without any, rightly."""
    assert httpx.put(f"{service}/fault", json=fault).status_code == 204


def there(address, sub):
    """Show at the service who somebody is; return where the browser is sent back to, as path and query."""
    answer = httpx.post(address, data={"sub": sub})
    assert answer.status_code == 302, answer.text
    back = urlsplit(answer.headers["Location"])
    assert back.path == BACK
    return f"{back.path}?{back.query}"


def through(client, sub, *, begin=GO, **sent):
    """Go to the service and come back; return the answer."""
    page = client.post(begin, sent)
    assert page.status_code == 200, page.content.decode()
    return client.get(there(way_on(page), sub))


def linked(client, person, sub="anna"):
    """Sign somebody in by mail, and link what the service shows."""
    first_step(client, person.email)
    answer = through(client, sub, begin=LINK)
    assert (answer.status_code, answer.headers["Location"]) == (302, SECURITY)


def said(answer):
    """Return the words of a page."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def is_in(client):
    """Tell whether a browser is signed in, with the second step where it is needed."""
    return client.get("/me/messages/").status_code == 200
