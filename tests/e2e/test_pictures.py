"""The three pictures of the README, taken of a meeting as it runs. SIRKEL_PICTURES=1 takes them anew."""

import os
import struct
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.test import Client

from sirkel.circles.domain.joining import room_address
from sirkel.kernel import clock
from tests.e2e.screenshots import browser
from tests.e2e.site import running_site
from tests.e2e.test_patterns import pytestmark as browsers
from tests.e2e.tour import cookies_of, signed_in
from tests.factories.meetings import make_meeting

ROOT = Path(__file__).resolve().parents[2]
PICTURES = ROOT / "docs" / "pictures"
SIZES = {"hand": (390, 844), "room": (1280, 720), "facilitator": (1280, 800)}
DATABASES = pytest.mark.django_db(transaction=True, databases=["default", "research", "vault"])
MOST_BYTES = 150_000
AT = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
NOTES = (
    "Alle vaktskifter samtidig kl. 15.30",
    "Ingen har tid til å bare sitte ned",
    "Vi sier ikke fra når vi tenker ulikt",
    "TV-en står på hele tiden",
    "Nye vikarer vet ikke hvem som blir urolig",
    "Når vi rydder kjøkkenet først, sitter bord 2 alene",
    "Papirene kommer før hilsenen",
)


def browsers_only(test):
    """Mark a test as the browser suite's, with all three databases."""
    for mark in (*(each for each in browsers if each.name != "django_db"), pytest.mark.slow, DATABASES):
        test = mark(test)
    return test


def size_of(file):
    """Width and height as a PNG's own head gives them."""
    return struct.unpack(">II", file.read_bytes()[16:24])


def take(chrome, site, folder, name, path, cookies):
    """Take one picture in Norwegian, with the browser's clock at the meeting's hour."""
    width, height = SIZES[name]
    context = chrome.new_context(
        viewport={"width": width, "height": height}, locale="nb", reduced_motion="reduce"
    )
    context.clock.set_fixed_time(clock.now())
    context.add_cookies([{"name": key, "value": value, "url": site} for key, value in cookies.items()])
    page = context.new_page()
    answer = page.goto(site + path, wait_until="load")
    assert answer.status == 200
    page.wait_for_selector("#stage")
    page.wait_for_timeout(300)
    page.screenshot(path=folder / f"{name}.png")
    context.close()


@pytest.mark.parametrize("name", SIZES)
def test_the_readme_shows_the_surface(name):
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert f"](docs/pictures/{name}.png)" in readme
    file = PICTURES / f"{name}.png"
    assert size_of(file) == SIZES[name]
    assert file.stat().st_size < MOST_BYTES


@browsers_only
def test_the_pictures_can_be_taken(settings, tmp_path):
    settings.STATIC_COLLECTED, settings.SITE_URL = False, "http://sirkel.example.org"
    folder = PICTURES if os.environ.get("SIRKEL_PICTURES") == "1" else tmp_path
    folder.mkdir(parents=True, exist_ok=True)
    with clock.frozen(AT), running_site() as site, browser() as chrome:
        live = make_meeting(people=7).go_on()
        while live.meeting.current_step.key != "write":
            clock.advance(timedelta(minutes=live.meeting.current_step.minutes))
            live.go_on()
        clock.advance(timedelta(minutes=1))
        phone = Client()
        live.seat(phone)
        live.write(*NOTES[:5])
        here = f"/meetings/{live.meeting.id}/lead/"
        take(chrome, site, folder, "hand", f"/m/{live.meeting.id}/", cookies_of(phone))
        take(chrome, site, folder, "facilitator", here, signed_in(live.facilitator))
        live.write(*NOTES[5:]).write("Illalla kaikki soittokellot soivat yhtä aikaa", lang="fi").reveal()
        take(chrome, site, folder, "room", f"/room/{room_address(live.meeting)}/", {})
    for name, size in SIZES.items():
        assert size_of(folder / f"{name}.png") == size
        assert (folder / f"{name}.png").stat().st_size < MOST_BYTES
