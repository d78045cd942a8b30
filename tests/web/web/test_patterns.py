import re
from pathlib import Path

import pytest
from django.test import Client

import sirkel.web
from sirkel.web.patterns import SURFACES

TEMPLATES = Path(sirkel.web.__file__).parent / "templates"
COMPONENTS = sorted(path.stem.replace("_", "-") for path in (TEMPLATES / "cotton").glob("*.html"))


@pytest.fixture
def client():
    return Client(SERVER_NAME="localhost")


def test_the_library_is_open_to_all_and_shows_long_finnish_words(client):
    page = client.get("/patterns/")

    assert page.status_code == 200
    text = page.content.decode()
    assert "työsuojeluvaltuutetulle" in text
    assert "<c-" not in text
    assert "{{" not in text
    assert "{%" not in text


@pytest.mark.parametrize("surface", SURFACES)
def test_every_surface_is_shown(client, surface):
    page = client.get(f"/patterns/{surface}/")

    assert page.status_code == 200
    text = page.content.decode()
    assert "<c-" not in text
    assert len(re.findall(r"<h1[ >]", text)) == 1
    assert len(re.findall(r"<main[ >]", text)) == 1


def test_a_surface_that_does_not_exist_is_said_plainly(client):
    page = client.get("/patterns/nothing/")

    assert page.status_code == 404
    assert b"There is no page here" in page.content


@pytest.mark.parametrize("component", COMPONENTS)
def test_every_component_is_shown_in_the_library(component):
    pages = "".join(path.read_text(encoding="utf-8") for path in TEMPLATES.rglob("*.html"))
    assert re.search(rf"<c-{component}[\s>]", pages)


def test_ids_are_used_once_on_a_page(client):
    text = client.get("/patterns/").content.decode()
    ids = re.findall(r'\sid="([^"]+)"', text)
    twice = {name for name in ids if ids.count(name) > 1}
    assert twice == set()


def test_a_page_says_its_language_and_offers_the_others(client):
    text = client.get("/patterns/", headers={"accept-language": "fi"}).content.decode()

    assert '<html lang="fi">' in text
    for code in ("nb", "nn", "da", "sv", "fi", "en"):
        assert f'value="{code}" lang="{code}"' in text


@pytest.mark.django_db
def test_choosing_a_language_stays_on_the_page_and_lasts(client):
    answer = client.post("/i18n/setlang/", {"language": "sv", "next": "/patterns/"})

    assert answer.status_code == 302
    assert answer["Location"] == "/patterns/"
    assert '<html lang="sv">' in client.get("/patterns/").content.decode()


def test_pages_turn_to_each_other(client):
    text = client.get("/patterns/?page=3&q=natt").content.decode()

    assert 'rel="prev" href="?page=2&amp;q=natt"' in text
    assert 'rel="next" href="?page=4&amp;q=natt"' in text
