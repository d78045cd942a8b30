"""Markup in what people write is words: on every surface, in a real browser, for a hundred payloads."""

import re
from datetime import timedelta

import pytest
from django.conf import settings as django_settings
from django.test import Client

from sirkel.circles.domain import grouping, sharing, trials
from sirkel.circles.domain.joining import room_address
from sirkel.circles.enums import Audience
from sirkel.circles.models import Note, Theme
from sirkel.circles.rules.texts import tidy
from sirkel.circles.views.participant import DEVICE_COOKIE, PASS_COOKIE
from sirkel.kernel import clock
from tests.attack.markup import PAYLOADS
from tests.circles.web.hands import Phone
from tests.e2e.screenshots import browser, chromium
from tests.e2e.site import running_site
from tests.factories.meetings import make_meeting, sign_in

FIELDS = ("what", "who", "when", "prediction", "look_at", "stop_rule")


def test_there_are_a_hundred_and_each_is_one_note():
    assert len(PAYLOADS) == len(set(PAYLOADS)) == 100
    assert all(tidy(text) == text and len(text) <= 80 for text in PAYLOADS)
    assert sum("bad" in text or "elsewhere.example" in text for text in PAYLOADS) == 100


class Watcher:
    """A browser page that remembers everything it was made to do."""

    def __init__(self, chrome, site, cookies):
        self.site, self.seen = site, []
        context = chrome.new_context(locale="en")
        context.add_cookies([{"name": name, "value": value, "url": site} for name, value in cookies.items()])
        context.expose_function("bad", lambda *_words: self.seen.append("script ran"))
        context.add_init_script(
            "document.addEventListener('securitypolicyviolation', event => bad(event.violatedDirective))"
        )
        self.page = context.new_page()
        self.page.on("dialog", lambda dialog: (self.seen.append("dialog"), dialog.dismiss()))
        self.page.on("pageerror", lambda error: self.seen.append(f"error: {error}"))
        self.page.on("console", self.hear)
        self.page.on("request", self.ask)

    def hear(self, message):
        if "Content Security Policy" in message.text:
            self.seen.append(message.text)

    def ask(self, request):
        if not request.url.startswith(self.site) or request.url.partition(self.site)[2].startswith("/bad"):
            self.seen.append(request.url)

    def shows(self, path, texts):
        """Load an address; every text stands there letter by letter and nothing has happened."""
        answer = self.page.goto(f"{self.site}{path}", wait_until="load")
        assert answer.status == 200, path
        self.page.wait_for_timeout(400)
        # textContent: also what is folded away stands there as words.
        shown = flat(self.page.evaluate("document.body.textContent"))
        fields = self.page.eval_on_selector_all("input, textarea", "all => all.map(each => each.value)")
        shown += " ".join(map(flat, fields))
        assert [text for text in texts if flat(text) not in shown] == [], path
        assert self.seen == [], path
        assert self.page.url == f"{self.site}{path}"


def away(watchers):
    """Leave the pages: each of a hundred changes would draw every one of them anew."""
    for watcher in watchers:
        watcher.page.goto("about:blank")


def flat(text):
    return re.sub(r"\s+", " ", text)


@pytest.fixture
def live(settings):
    settings.STATIC_COLLECTED = False
    return make_meeting(step="write")


def written_by_phones(live):
    """A hundred notes from five phones, through the real address."""
    phones = [Phone(live) for _phone in range(5)]
    for index, text in enumerate(PAYLOADS):
        assert phones[index % 5].note(text).status_code == 200, text
    assert phones[0].page().count("<script") == Phone(live).page().count("<script")
    live.reveal()
    return phones[0]


def grouped(live):
    """Fifty groups named by notes, half of them renamed, so that every payload is a title once."""
    live.go_to("group")
    notes = list(Note.objects.filter(round__step__meeting=live.meeting))
    acting, meeting_id = live.facilitator, live.meeting.id
    for one, other in zip(notes[::2], notes[1::2], strict=True):
        theme = grouping.put_together(
            acting=acting, meeting_id=meeting_id, note_id=one.id, with_note=other.id
        )
        grouping.name_theme(
            acting=acting, meeting_id=meeting_id, theme_id=theme.id, title=one.text, lang="nb"
        )
    return list(Theme.objects.values_list("title", flat=True))


def renamed(live, *, but=(), only=None):
    """The other fifty payloads become the titles, of all groups or some; return those that are titles now."""
    for theme in Theme.objects.filter(id__in=only) if only else Theme.objects.exclude(id__in=but):
        other = theme.notes.exclude(text=theme.title).first()
        grouping.name_theme(
            acting=live.facilitator,
            meeting_id=live.meeting.id,
            theme_id=theme.id,
            title=other.text,
            lang="nb",
        )
    return list(Theme.objects.values_list("title", flat=True))


def tried(live):
    """Every payload in some field of a trial, and every payload as words that may leave the room."""
    texts = [*PAYLOADS, *PAYLOADS[:2]]
    for start in range(0, len(texts), 6):
        plan = trials.TrialPlan(
            **dict(zip(FIELDS, texts[start : start + 6], strict=True)),
            ends_on=(clock.now() + timedelta(days=7)).date(),
            lang="nb",
        )
        trials.decide_trial(acting=live.facilitator, meeting_id=live.meeting.id, plan=plan, at=clock.now())


def proposed(live):
    for text in PAYLOADS:
        sharing.propose(
            acting=live.facilitator,
            meeting_id=live.meeting.id,
            text=text,
            lang="nb",
            audience=Audience.NETWORK,
        )


@pytest.mark.requirement("SEC-12")
@pytest.mark.threat(row="T14")
@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.django_db(transaction=True, databases=["default", "research", "vault"])
@pytest.mark.skipif(chromium() is None, reason="SKIPPED: no Chromium on this machine")
def test_a_hundred_payloads_are_words_on_every_surface(live):
    phone = written_by_phones(live)
    facilitator = Client()
    sign_in(facilitator, live.facilitator)
    meeting = live.meeting.id
    hand, lead, room = f"/m/{meeting}/", f"/meetings/{meeting}/lead/", f"/room/{room_address(live.meeting)}/"
    with running_site() as site, browser() as chrome:
        names = (DEVICE_COOKIE, PASS_COOKIE)
        a_hand = Watcher(chrome, site, {name: phone.client.cookies[name].value for name in names})
        session = django_settings.SESSION_COOKIE_NAME
        a_lead = Watcher(chrome, site, {session: facilitator.cookies[session].value})
        a_room = Watcher(chrome, site, {})

        everybody = (a_hand, a_lead, a_room)
        a_hand.shows(hand, PAYLOADS)
        a_lead.shows(lead, PAYLOADS)
        a_room.shows(room, [])
        away(everybody)
        titles = grouped(live)
        last = Theme.objects.values_list("id", flat=True)[:3]
        renamed(live, but=(last := list(last)))
        a_hand.shows(hand, PAYLOADS)
        a_lead.shows(lead, PAYLOADS)
        a_room.shows(room, [])
        # The rest arrives by the stream, into pages that stand open, and with it all of that part of the page.
        titles += renamed(live, only=last)
        assert sorted(titles) == sorted(PAYLOADS)
        for watcher in everybody:
            watcher.page.wait_for_timeout(1500)
            assert watcher.seen == []
        a_lead.shows(lead, PAYLOADS)
        live.go_to("choose")
        a_hand.shows(hand, renamed_titles := list(Theme.objects.values_list("title", flat=True)))
        assert len(renamed_titles) == 50
        away(everybody)
        live.go_to("decide-trial")
        tried(live)
        for watcher, path in ((a_hand, hand), (a_lead, lead), (a_room, room)):
            watcher.shows(path, PAYLOADS if watcher is not a_room else [])
        away(everybody)
        live.go_to("carry-out")
        proposed(live)
        for watcher, path in ((a_hand, hand), (a_lead, lead), (a_room, room)):
            watcher.shows(path, PAYLOADS if watcher is not a_room else [])
        live.close()
        for watcher in (a_hand, a_lead):
            watcher.shows(f"/meetings/{meeting}/recap/", PAYLOADS)
        assert a_hand.page.evaluate("typeof window.bad") == "function"  # the payloads had something to call
