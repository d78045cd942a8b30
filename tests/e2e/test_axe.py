"""Every page of the whole table of addresses: axe content, nothing cut off, no error said, nobody else called.

With ``TOUR_PICTURES=FOLDER`` a picture of each is left there, at 320 and 1280 pixels, light and dark, for looking at.
"""

import json
import os
import re
import uuid
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.test import Client
from django.urls import URLPattern, get_resolver, resolve

from tests.e2e.screenshots import SIZES, browser
from tests.e2e.site import running_site
from tests.e2e.test_patterns import IS_NIGHTLY, findings
from tests.e2e.test_patterns import pytestmark as browsers
from tests.e2e.tour import Visit, tour

pytestmark = [
    *(mark for mark in browsers if mark.name != "django_db"),
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True, databases=["default", "research", "vault"]),
]
LANGUAGES = ("nb", "fi", "sv", "nn", "da", "en")
# The pattern library is looked at in test_patterns.
ELSEWHERE = {"patterns/", "patterns/<slug:surface>/"}
# Pieces of a page, which scripts put into the page that has been looked at.
PIECES = {"m/<uuid:meeting_id>/mine/", "m/<uuid:meeting_id>/state/", "room/<str:address>/state/"}
PIECES |= {"meetings/<uuid:meeting_id>/lead/state/"}
FILES = (".pdf", ".docx", ".ics")
PART = re.compile(r"<(\w+):\w+>")
PARTS = {"uuid": str(uuid.UUID(int=7)), "int": "1", "slug": "nothing", "str": "nothing", "meeting": "1"}
PARTS["uuidstr"] = PARTS["uuid"]
PICTURES = os.environ.get("TOUR_PICTURES", "")
# Captions of tables that must be moved sideways to be read.
OUT_OF_SIGHT = """[...document.querySelectorAll('.table-frame')]
    .filter((frame) => frame.scrollWidth > frame.clientWidth)
    .map((frame) => frame.querySelector('caption').innerText)"""
LOOKS = ((320, "light"), (1280, "dark"))
# The same page in another look is asked anew only what a look can change.
OF_LOOKS = {"runOnly": ["color-contrast", "link-in-text-block", "scrollable-region-focusable"]}


def routes(patterns, before=""):
    """Every address of the resolver as it is written in the code."""
    for pattern in patterns:
        here = before + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield here
        else:
            yield from routes(pattern.url_patterns, here)


class Looker:
    """One browser page that goes everywhere and writes down what is wrong."""

    def __init__(self, chrome, site):
        self.site = site
        self.context = chrome.new_context(reduced_motion="reduce", viewport={"width": 320, "height": 640})
        self.page = self.context.new_page()
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.say(str(error)))
        self.page.on("request", self._asked)
        self.found, self.seen, self.name = {}, set(), ""

    def say(self, text):
        self.found.setdefault(self.name, []).append(text)

    def _heard(self, message):
        is_answer = message.text.startswith(
            "Failed to load resource: the server responded with a status of 4"
        )
        if message.type == "error" and not (is_answer and self.status != 200):
            self.say(f"console: {message.text}")

    def _asked(self, request):
        if not request.url.startswith((self.site, "data:image/svg")):
            self.say(f"asked elsewhere: {request.url}")

    def look(self, visit: Visit, language: str):
        """Open a page as this visitor, in this language, and look at it in every way."""
        self.name, self.status = f"{visit.name} ({language})", visit.status
        self.context.clear_cookies()
        cookies = {**visit.cookies, django_settings.LANGUAGE_COOKIE_NAME: language}
        self.context.add_cookies(
            [{"name": name, "value": value, "url": self.site} for name, value in cookies.items()]
        )
        self.page.set_viewport_size({"width": 320, "height": SIZES[320]})
        self.page.emulate_media(color_scheme="light")
        answer = self.page.goto(self.site + visit.path, wait_until="load")
        if visit.post:
            answer = self._send(visit)
        if answer.status != visit.status:
            self.say(f"status {answer.status}, not {visit.status}")
        self.seen.add(resolve_route(visit.path))
        for look in LOOKS:
            width, scheme = look
            options = {} if look == LOOKS[0] or IS_NIGHTLY else OF_LOOKS
            self.page.set_viewport_size({"width": width, "height": SIZES[width]})
            self.page.emulate_media(color_scheme=scheme)
            for finding in findings(self.page, options=options):
                self.say(f"{width} {finding}")
            wide = self.page.evaluate(
                "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            )
            if wide > 0:
                self.say(f"{wide} pixels too wide at {width}")
            if hidden := self.page.evaluate(OUT_OF_SIGHT):
                self.say(f"columns out of sight at {width}: {hidden}")
        if PICTURES:
            self._shoot(f"{len(list(Path(PICTURES).glob('*-320-light.png'))) + 1:03}-{visit.name}-{language}")

    def _shoot(self, name):
        for width, scheme in ((320, "light"), (320, "dark"), (1280, "light"), (1280, "dark")):
            self.page.set_viewport_size({"width": width, "height": SIZES[width]})
            self.page.emulate_media(color_scheme=scheme)
            self.page.screenshot(path=Path(PICTURES) / f"{name}-{width}-{scheme}.png", full_page=True)

    def _send(self, visit):
        """Fill in the page's main form and send it, without the browser's own checks."""
        with self.page.expect_navigation(wait_until="load") as moved:
            self.page.evaluate(
                """fields => {
                    const form = document.querySelector('main form.form[method=post]')
                        || document.querySelector('main form[method=post]');
                    for (const [name, value] of Object.entries(fields)) form.elements[name].value = value;
                    form.submit();
                }""",
                visit.post,
            )
        return moved.value


def resolve_route(path):
    try:
        return resolve(path.partition("?")[0]).route
    except Exception:  # noqa: BLE001 -- a page that says that nothing is here
        return ""


def is_page(route):
    """Tell whether an address that nobody opened would have given a stranger a page."""
    path = "/" + PART.sub(lambda part: PARTS[part[1]], route)
    answer = Client().get(path)
    return answer.status_code in {200, 403, 404} and answer.headers["Content-Type"].startswith("text/html")


@pytest.mark.begins
@pytest.mark.requirement("PD-22")
def test_every_page_is_good_for_everybody(settings):
    settings.STATIC_COLLECTED, settings.DEMO = False, True
    with running_site() as site, browser() as chrome:
        looker = Looker(chrome, site)
        for number, visit in enumerate(tour(site)):
            looker.look(visit, LANGUAGES[number % len(LANGUAGES)])
        assert looker.found == {}, json.dumps(looker.found, indent=1, ensure_ascii=False)
    unseen = set(routes(get_resolver().url_patterns)) - looker.seen - PIECES - ELSEWHERE
    left = {route for route in unseen if not route.endswith(FILES) and is_page(route)}
    assert left == set(), "give these pages a visit in tests/e2e/tour.py"
