"""Every file that somebody takes home, from places whose names are attacks: its name, its kind, and where it is shown."""

import re

import pytest

from sirkel.circles.models import Circle, Meeting
from sirkel.people.models import Organisation, Person, Unit, Workplace
from tests.attack.addresses import Place, routes

pytestmark = [
    pytest.mark.slow,
    pytest.mark.pure,
    pytest.mark.django_db(databases=["default", "research", "vault"]),
]
EVIL = 'a"; filename="../../evil.html\r\nSet-Cookie: session=evil\r\n\r\n<script>'
NAMES = ("=cmd|' /C calc'!A0\t\x00", "Rolig kväll – hiljainen ilta č đ ŋ.html")
# RFC 6266: one way, one name in quotes; of our own words, so nothing needs to be encoded.
HEAD = re.compile(r'(?:attachment|inline); filename="([a-z0-9]+(?:-[a-z0-9]+)*\.(?:ics|pdf|docx|zip|txt))"')
KINDS = {
    "ics": "text/calendar",
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "zip": "application/zip",
    "txt": "text/plain",
}
ELSEWHERE = (
    "script",
    "style",
    "image",
    "font",
    "audio",
    "video",
    "object",
    "embed",
    "iframe",
    "frame",
    "xslt",
)


@pytest.fixture
def place():
    return Place()


def call_everything(name):
    """Give whatever has a name this one, as no form would take it in."""
    for model in (Circle, Workplace, Organisation, Unit):
        model.objects.update(name=name[:60])
    Person.objects.update(first_name=name[:30])
    Meeting.objects.update(place=name[:60])


def files(place, among):
    """Ask addresses for what they give; yield the answers that are files."""
    for route in among:
        client = place.phone.client if route.startswith("m/") else place.facilitator
        answer = client.get(place.at(route))
        if "Content-Disposition" in answer.headers:
            yield route, answer


@pytest.mark.requirement("SEC-16")
def test_no_name_of_a_file_is_a_path_a_header_or_anybodys_words(place):
    """SEC-15, SEC-16: whatever a circle, a workplace or a person is called; and no file is a table or a page."""
    found = routes()
    for name in (EVIL, *NAMES):
        call_everything(name)
        given = dict(files(place, found))
        for route, answer in given.items():
            named = HEAD.fullmatch(answer.headers["Content-Disposition"])
            assert named, (route, answer.headers["Content-Disposition"])
            kind = answer.headers["Content-Type"].partition(";")[0]
            assert kind == KINDS[named[1].rpartition(".")[2]], route
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
            assert "evil" not in str(answer.headers), route
        assert len(given) >= 15, given
        found = list(given)  # the other names are tried where there are files


@pytest.mark.requirement("SEC-16")
def test_no_file_or_page_is_a_part_of_another_page(place):
    """SEC-16, 3.2.1: a browser that wants it as a script, a picture or a frame gets nothing of it, from wherever it asks."""
    for route in routes():
        for wanted in ELSEWHERE:
            asked = {"Sec-Fetch-Dest": wanted, "Sec-Fetch-Site": "same-origin", "Sec-Fetch-Mode": "no-cors"}
            answer = place.facilitator.get(place.at(route), headers=asked)
            assert (answer.status_code, answer.content) == (403, b""), (route, wanted)
    page, file = place.at("circles/<uuid:circle_id>/"), place.at("circles/<uuid:circle_id>/meetings.ics")
    for address in (page, file):
        for site, mode, wanted, status in (
            ("same-origin", "navigate", "document", 200),
            ("none", "navigate", "document", 200),
            ("cross-site", "navigate", "document", 200),  # a link in somebody's mail
            ("same-origin", "cors", "empty", 200),  # our own scripts
            ("cross-site", "cors", "empty", 403),
            ("same-site", "no-cors", "empty", 403),
            ("cross-site", "navigate", "iframe", 403),
        ):
            asked = {"Sec-Fetch-Site": site, "Sec-Fetch-Mode": mode, "Sec-Fetch-Dest": wanted}
            assert place.facilitator.get(address, headers=asked).status_code == status, (address, asked)
