"""A closed door in real browsers: two phones wait, one is let in by its number and arrives by itself, one is not."""

import pytest
from django.test import Client

from tests.e2e.people import PHONE, Facilitator, Phone, Room
from tests.e2e.screenshots import browser
from tests.e2e.site import running_site
from tests.e2e.test_patterns import pytestmark as browsers
from tests.factories.meetings import make_meeting, sign_in

pytestmark = [
    *(mark for mark in browsers if mark.name != "django_db"),
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True, databases=["default", "research", "vault"]),
]


def number_on(phone):
    return phone.page.inner_text(".waiting-number b")


@pytest.mark.threat(row="T5")
def test_a_phone_waits_with_its_number_and_arrives_by_itself_when_it_is_let_in(settings):
    settings.STATIC_COLLECTED = False
    live = make_meeting(step="write", people=1)
    client = Client()
    sign_in(client, live.facilitator)
    with running_site() as site, browser() as chrome:
        facilitator = Facilitator(chrome, site, live.meeting, client.cookies["session"].value)
        room = Room(chrome, site, live.meeting)
        facilitator.page.click("#close-door")
        facilitator.page.wait_for_selector("text=The door is closed")
        room.page.wait_for_selector("#door >> text=Døra er lukket")

        let_in, refused = (Phone(chrome, site, live.meeting, "en") for _phone in range(2))
        facilitator.page.wait_for_selector(f"#let-in-{number_on(let_in)}")
        facilitator.page.wait_for_selector("#said >> text=Somebody waits at the door", state="attached")
        facilitator.page.wait_for_selector(f"#let-in-{number_on(refused)}")
        room.page.wait_for_selector("#door >> text=2 venter")
        assert number_on(let_in) != number_on(refused)
        assert number_on(let_in) not in room.page.inner_text("#door")

        facilitator.page.click(f"#let-in-{number_on(let_in)}")
        let_in.wait_for("write")
        assert "If you change phones" in let_in.page.inner_text("#words")
        let_in.write("Jeg kom inn")
        let_in.sent("Jeg kom inn")
        room.page.wait_for_selector("#people >> text=2 er her")
        facilitator.page.click(f"#turn-away-{number_on(refused)}")
        refused.page.wait_for_selector("text=You were not let in this time")
        facilitator.page.wait_for_selector("text=Nobody waits.")

        plain = chrome.new_context(viewport=PHONE, locale="en", java_script_enabled=False).new_page()
        plain.goto(refused.page.locator("main a").evaluate("link => link.href"))
        plain.click("main form button >> nth=0")
        assert len(plain.inner_text(".waiting-number b")) == 2
        facilitator.page.click("#open-door")
        room.page.wait_for_selector("#door:empty", state="attached")
        room.page.wait_for_selector("#people >> text=3 er her")
        plain.click("main noscript a")
        assert plain.locator("#stage[data-kind=write]").count() == 1
        assert [*let_in.errors, *refused.errors] == []
