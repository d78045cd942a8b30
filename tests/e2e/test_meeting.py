"""A whole 90-minute meeting in real browsers: a room screen, a facilitator's phone and eight phones in four languages."""

from datetime import date, timedelta

import pytest
from django.test import Client

from sirkel.circles.enums import MeetingState
from sirkel.circles.models import InboxNote, Note, PulseSummary, ShareItem, Step, Theme, Trial
from sirkel.circles.queries.rounds import current_round
from sirkel.kernel import clock
from tests.e2e.people import Facilitator, Phone, Room
from tests.e2e.screenshots import browser, chromium
from tests.e2e.site import running_site
from tests.factories.places import make_circle

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True, databases=["default", "research", "vault"]),
    pytest.mark.skipif(chromium() is None, reason="SKIPPED: no Chromium on this machine"),
]

LANGUAGES = ["nb", "nb", "sv", "fi", "da", "fi", "nb", "sv"]
NOTES = {
    0: "Alle vaktskifter samtidig kl. 15.30",
    1: "Ingen har tid til å bare sitte ned",
    2: "Vi säger inte till när vi tycker olika",
    3: "Illalla kaikki soittokellot soivat yhtä aikaa",
    4: "Papirerne kommer før hilsenen",
    5: "Čáhci ja čalbmi 🙂 <b>ei lihavoitu</b>",
    6: "TV-en står på hele tiden",
    7: "Nya vikarier vet inte vem som blir orolig",
}
SECOND_HAND = "Den delte telefonens andre stemme"
CARD = "Skrevet på et kort av papir"


@pytest.fixture
def meeting(settings):
    settings.STATIC_COLLECTED = False
    circle, acting = make_circle(languages=("nb", "sv", "fi", "da"))
    found = circle.meetings.get()
    found.acting = acting
    return found


@pytest.fixture
def session(meeting):
    client = Client()
    client.force_login(meeting.acting)
    return client.cookies["session"].value


def test_a_whole_meeting_from_the_qr_code_to_the_recap(meeting, session):
    with running_site() as site, browser() as chrome:
        facilitator = Facilitator(chrome, site, meeting, session)
        facilitator.next()  # opens the meeting
        meeting.refresh_from_db()
        assert meeting.state == MeetingState.RUNNING
        room = Room(chrome, site, meeting)
        room.wait_for("lobby")
        phones = [
            Phone(chrome, site, meeting, language, is_shared=index == 6)
            for index, language in enumerate(LANGUAGES)
        ]
        room.page.wait_for_function("() => document.querySelector('#people').textContent.includes('8')")

        everybody_talks_in_turn(facilitator, room, phones)
        everybody_writes_once(facilitator, room, phones, meeting)
        all_screens_show_the_same(facilitator, room, phones)
        notes_are_grouped_and_a_theme_is_chosen(facilitator, room, phones, meeting)
        a_trial_is_decided(facilitator, room, meeting)
        one_objection_keeps_words_in_the_room(facilitator, phones, meeting)
        the_check_out_is_counted(facilitator, phones)
        the_meeting_closes(facilitator, room, phones, meeting)
        the_recap_says_what_happened(facilitator, phones, site, meeting)
        assert [error for phone in phones for error in phone.errors] == []


def everybody_talks_in_turn(facilitator, room, phones):
    facilitator.next()
    clock.advance(timedelta(minutes=8))
    room.wait_for("talk")
    for phone in phones:
        phone.wait_for("talk")
    speaking = [phone for phone in phones if phone.page.locator(".my-turn").count()]
    assert len(speaking) == 1
    speaking[0].tap(".my-turn button >> nth=0")
    speaking[0].page.wait_for_selector(".my-turn", state="detached")


def everybody_writes_once(facilitator, room, phones, meeting):
    facilitator.until("write")
    clock.advance(timedelta(minutes=41))
    for phone in phones:
        phone.wait_for("write")

    dropped = phones[2]
    dropped.context.set_offline(True)
    for index, phone in enumerate(phones):
        phone.write(NOTES[index], taps=2 if index == 1 else 1)
        if phone is not dropped:
            phone.sent(NOTES[index])
    assert dropped.page.locator("#own li").count() == 1
    assert "sent" not in dropped.page.locator("#own li").first.get_attribute("data-state")

    shared = phones[6]
    shared.next_person()
    shared.page.goto(f"{shared.site}/m/{meeting.id}/")
    assert shared.page.locator("#own li").count() == 0
    assert NOTES[6] not in shared.page.content()
    shared.write(SECOND_HAND)
    shared.sent(SECOND_HAND)

    facilitator.page.click("#paper summary")
    facilitator.page.fill("#card", "1")
    facilitator.page.fill("#card-text", CARD)
    facilitator.page.click("#add-card")
    facilitator.page.wait_for_selector("#refusal .code")

    dropped.context.set_offline(False)
    dropped.sent(NOTES[2])
    round_ = current_round(type(meeting).objects.get(id=meeting.id))
    assert InboxNote.objects.filter(round=round_).count() == len(NOTES) + 2
    for word in NOTES.values():
        assert word not in room.page.content()


def all_screens_show_the_same(facilitator, room, phones):
    facilitator.next()
    expected = sorted([*NOTES.values(), SECOND_HAND, CARD])
    for phone in phones:
        phone.page.wait_for_function("() => document.querySelectorAll('#notes li').length === 10")
        assert phone.shown() == expected
    room.page.wait_for_function("() => document.querySelectorAll('#notes li').length === 10")
    assert room.shown() == expected
    assert sorted(Note.objects.values_list("text", flat=True)) == expected


def notes_are_grouped_and_a_theme_is_chosen(facilitator, room, phones, meeting):
    facilitator.until("group")
    room.wait_for("group")
    first, second = Note.objects.get(text=NOTES[0]), Note.objects.get(text=NOTES[1])
    facilitator.page.check(f"#pick-{first.id}")
    facilitator.page.click(f"#with-{second.id}")
    facilitator.page.wait_for_selector("[id^=naming-]")
    theme = Theme.objects.get(meeting=meeting)
    facilitator.page.click(f"#naming-{theme.id} summary")
    facilitator.page.fill(f"#name-{theme.id}", "Kveldens første time")
    facilitator.page.click(f"#save-{theme.id}")
    for phone in phones:
        phone.page.wait_for_selector("text=Kveldens første time")

    facilitator.until("choose")
    for phone in phones:
        phone.wait_for("choose")
        phone.tap(f"button[name=plus][value='{theme.id}']")
        phone.page.wait_for_function(
            "id => document.querySelector(`[name='dots-${id}']`).value === '1'", arg=str(theme.id)
        )
    phones[0].page.wait_for_selector("[data-kept-words]:not(:empty)")
    facilitator.page.wait_for_timeout(500)
    facilitator.next()
    facilitator.page.click(f"#go-with-{theme.id}")
    facilitator.page.wait_for_selector("text=We go on with this")
    theme.refresh_from_db()
    assert theme.is_chosen


def a_trial_is_decided(facilitator, room, meeting):
    facilitator.until("decide_trial")
    clock.advance(timedelta(minutes=20))
    room.wait_for("decide_trial")
    facilitator.page.click("#new-trial")
    fill = {
        "what": "Én sitter ved bordet den første timen",
        "who": "Kveldsvakt B",
        "when": "Hver kveld i to uker",
        "prediction": "Vi må gå imellom færre enn fem ganger",
        "look_at": "Antall ganger",
        "stop_rule": "Noen får ikke kveldsmat før kl. 19",
    }
    for name, words in fill.items():
        facilitator.page.fill(f"[name={name}]", words)
    facilitator.page.fill("[name=ends_on]", (date.today() + timedelta(days=14)).isoformat())
    facilitator.page.click("#save")
    room.page.wait_for_selector(f"text={fill['what']}")
    trial = Trial.objects.get(meeting=meeting)
    assert {name: getattr(trial, name) for name in fill} == fill
    assert trial.theme.title == "Kveldens første time"


def one_objection_keeps_words_in_the_room(facilitator, phones, meeting):
    facilitator.until("carry_out")
    for words in ("Dette kan alle få vite", "Dette blir her"):
        facilitator.page.click("#propose")
        facilitator.page.fill("[name=text]", words)
        facilitator.page.select_option("[name=audience]", "network") if facilitator.page.locator(
            "select[name=audience]"
        ).count() else facilitator.page.check("[name=audience][value=network]")
        facilitator.page.click("#save")
        facilitator.page.wait_for_selector("#propose")
    kept = ShareItem.objects.get(text="Dette blir her")
    phone = phones[3]
    phone.wait_for("carry_out")
    phone.tap(f"button[name=keep][value='{kept.id}']")
    for other in phones:
        other.page.wait_for_selector("li[data-share=objected]")
    facilitator.page.wait_for_selector("text=Stays in the room")


def the_check_out_is_counted(facilitator, phones):
    facilitator.until("check_out")
    assert set(ShareItem.objects.values_list("text", "state")) == {
        ("Dette kan alle få vite", "waiting"),  # for two of the circle to look at before it leaves
        ("Dette blir her", "objected"),
    }
    for phone in phones:
        phone.wait_for("check_out")
        phone.page.check("#heard-3", force=True)
        phone.page.check("#useful-2", force=True)
        phone.tap("#pulse button[type=submit]")
        phone.page.wait_for_selector("#pulse .kept")


def the_meeting_closes(facilitator, room, phones, meeting):
    facilitator.page.click("#next")
    facilitator.page.fill("#people", "10")
    facilitator.page.click("main form button")
    room.wait_for("over")
    for phone in phones:
        phone.page.wait_for_selector("#stage[data-kind=over]", timeout=15_000)
    meeting.refresh_from_db()
    assert meeting.state == MeetingState.HELD
    assert meeting.attendance_count == 10
    assert PulseSummary.objects.get(meeting=meeting).is_shown
    assert not InboxNote.objects.exists()


def the_recap_says_what_happened(facilitator, phones, site, meeting):
    for page in (facilitator.page, phones[0].page):
        answer = page.goto(f"{site}/meetings/{meeting.id}/recap/")
        assert answer.status == 200
        text = page.inner_text("main")
        for words in [*NOTES.values(), SECOND_HAND, CARD, "Kveldens første time", "Kveldsvakt B"]:
            assert text.count(words) >= 1, words
        assert "10" in text
    stranger = phones[0].context.browser.new_context()
    assert stranger.new_page().goto(f"{site}/meetings/{meeting.id}/recap/").status == 404
    assert Step.objects.filter(meeting=meeting, rounds__isnull=False).count() >= 9
