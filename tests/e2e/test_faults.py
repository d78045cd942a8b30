"""What goes wrong on a phone in a meeting: sleep, two tabs, lost replies, a wrong clock, a step that moves on."""

import re
from contextlib import contextmanager
from datetime import timedelta

import pytest

from sirkel.circles.models import InboxNote, Note
from sirkel.kernel import clock
from tests.e2e.people import Phone, shown_on
from tests.e2e.proxy import proxied
from tests.e2e.screenshots import browser, chromium
from tests.e2e.site import running_site
from tests.factories.meetings import make_meeting

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True, databases=["default", "research", "vault"]),
    pytest.mark.skipif(chromium() is None, reason="SKIPPED: no Chromium on this machine"),
]

FIELD = "#writer textarea"
A_NUMBER = "Hun med 01010750160 ringte"
MAYBE = "Ordre 0101075016 kom ikke"
HIDES = """is => {
  Object.defineProperty(document, 'hidden', { value: is, configurable: true });
  Object.defineProperty(document, 'visibilityState', { value: is ? 'hidden' : 'visible', configurable: true });
  document.dispatchEvent(new Event('visibilitychange'));
}"""


@pytest.fixture
def live(settings):
    settings.STATIC_COLLECTED = False
    return make_meeting(step="write", people=2)


@contextmanager
def phone_in(live):
    with running_site() as site, browser() as chrome:
        yield ready(Phone(chrome, site, live.meeting, "en"))


def ready(phone):
    """Wait until the page's scripts have taken over and the stream is open."""
    phone.page.wait_for_selector("html[data-line=live]", timeout=20_000)
    return phone


def stored():
    return sorted(
        [*InboxNote.objects.values_list("text", flat=True), *Note.objects.values_list("text", flat=True)]
    )


def states(page):
    return page.eval_on_selector_all("#own > li", "rows => rows.map(row => row.dataset.state)")


def test_a_phone_that_slept_ninety_seconds_shows_everything_and_goes_on_listening(live):
    with running_site() as site, proxied(int(site.rpartition(":")[2])) as network, browser() as chrome:
        phone = ready(Phone(chrome, f"http://127.0.0.1:{network.port}", live.meeting, "en"))
        phone.write("Before sleep")
        phone.sent("Before sleep")
        phone.page.fill(FIELD, "Only begun")
        phone.page.evaluate(HIDES, True)
        network.is_asleep = True
        clock.advance(timedelta(seconds=90))
        live.write("While it slept", "And one more")
        live.reveal()
        phone.page.wait_for_timeout(1500)
        assert phone.shown() == []  # it did sleep
        network.is_asleep = False
        phone.page.evaluate(HIDES, False)
        phone.page.wait_for_function(
            "() => document.querySelectorAll('#notes li').length === 3", timeout=15_000
        )
        assert phone.shown() == ["And one more", "Before sleep", "While it slept"]
        live.go_on()
        phone.page.wait_for_selector(f"#stage[data-round='{live.round.id}']", timeout=10_000)
        unsent = phone.page.locator("#own li[data-state=unsent]")
        unsent.wait_for(timeout=10_000)
        assert "Only begun" in unsent.inner_text()
        assert phone.errors == []


def test_a_reply_lost_after_the_server_took_the_note_makes_no_second_note(live):
    with phone_in(live) as phone:
        lost = []

        def lose_the_first_two(route):
            if len(lost) == 2:
                route.continue_()
                return
            lost.append(route.fetch().json())  # the server has answered
            route.abort()

        phone.page.route(re.compile(r"/notes/$"), lose_the_first_two)
        phone.write("Taken in, and not told", taps=2)
        phone.sent("Taken in, and not told")
        assert len(lost) == 2
        assert lost[0] == lost[1]
        assert stored() == ["Taken in, and not told"]
        assert states(phone.page) == ["sent"]


def test_two_tabs_on_one_draft_send_it_once_and_other_words_go_on_alone(live):
    with phone_in(live) as phone:
        first = phone.page
        first.fill(FIELD, "From two tabs")
        first.wait_for_timeout(600)
        second = phone.context.new_page()
        second.goto(first.url)
        second.wait_for_function("() => document.querySelector('#writer textarea').value === 'From two tabs'")
        first.click("#writer [data-sends]")
        phone.sent("From two tabs")
        second.wait_for_function("() => document.querySelector('#writer textarea').value === ''")
        second.wait_for_selector("#own li:has-text('From two tabs')")
        assert stored() == ["From two tabs"]

        first.fill(FIELD, "The same beginning")
        first.wait_for_timeout(600)
        second.reload()
        second.wait_for_function(
            "() => document.querySelector('#writer textarea').value === 'The same beginning'"
        )
        second.fill(FIELD, "Another end")
        first.click("#writer [data-sends]")
        phone.sent("The same beginning")
        second.wait_for_timeout(800)
        assert second.input_value(FIELD) == "Another end"
        second.click("#writer [data-sends]")
        phone.sent("Another end")
        assert stored() == ["Another end", "From two tabs", "The same beginning"]
        for page in (first, second):
            page.wait_for_function(
                "() => document.querySelectorAll('#own > li[data-state=sent]').length === 3"
            )


@pytest.mark.parametrize("days", [-1, 1])
def test_a_clock_a_day_wrong_shows_the_right_minutes_and_sends(live, days):
    with running_site() as site, browser() as chrome:
        right = ready(Phone(chrome, site, live.meeting, "en"))
        wrong = chrome.new_context(locale="en")
        wrong.clock.install(time=clock.now() + timedelta(days=days))
        wrong.add_cookies(right.context.cookies())
        page = wrong.new_page()
        said = []
        page.expose_function("tell", lambda text: said.append(text))  # noqa: PLW0108 -- a builtin cannot be exposed
        page.add_init_script(
            "addEventListener('DOMContentLoaded', () => new MutationObserver(() =>"
            " tell(document.querySelector('[data-clock-text]')?.textContent ?? ''))"
            ".observe(document.body, { subtree: true, childList: true, characterData: true }))"
        )
        page.goto(f"{site}/m/{live.meeting.id}/")
        assert abs(page.evaluate("Date.now()") / 1000 - clock.now().timestamp()) > 80_000
        minutes = int(page.inner_text("[data-clock-text]").split()[0])
        page.wait_for_selector("html[data-line=live]")
        page.wait_for_timeout(1500)
        after = int(page.inner_text("[data-clock-text]").split()[0])
        assert 0 < minutes < 60
        assert minutes - after in {0, 1}
        assert int(right.page.inner_text("[data-clock-text]").split()[0]) - after in {-1, 0, 1}
        assert {text.split()[0] for text in said if text} <= {str(minutes), str(after)}
        page.fill(FIELD, "Sent from another day")
        page.click("#writer [data-sends]")
        page.wait_for_selector("#own li[data-state=sent]:has-text('Sent from another day')")
        assert stored() == ["Sent from another day"]


def test_a_facilitator_who_goes_back_while_people_write_loses_nobodys_words(live):
    with phone_in(live) as phone:
        first = live.round
        phone.write("Sent in the first round")
        phone.sent("Sent in the first round")
        phone.page.type(FIELD, "Still typing")
        live.reveal().go_on().go_back()  # before the pause in which a draft is kept
        phone.page.wait_for_selector(f"#mine[data-round='{live.round.id}']", timeout=15_000)
        unsent = phone.page.locator("#own li[data-state=unsent]")
        unsent.wait_for(timeout=10_000)
        assert "Still typing" in unsent.inner_text()
        assert phone.page.input_value(FIELD) == ""
        unsent.locator("[data-do=send]").click()
        phone.write("In the second round")
        phone.sent("In the second round")
        phone.page.wait_for_function("() => !document.querySelector('#own li[data-state=unsent]')")
        clock.advance(timedelta(seconds=1))
        phone.page.wait_for_timeout(1000)
        assert stored() == ["In the second round", "Sent in the first round", "Still typing"]
        assert InboxNote.objects.filter(round=live.round).count() == 1
        assert first.id != live.round.id


REPLACES_WHILE_TYPING = """async () => {
    const field = () => document.querySelector('#writer textarea');
    const type = (letters) => {
        field().value += letters;
        field().dispatchEvent(new Event('input', { bubbles: true }));
    };
    type('Still t');
    const fresh = document.getElementById('mine').cloneNode(true);
    fresh.dataset.again = '';
    fresh.querySelector('textarea').value = '';
    document.querySelector('live-room').replace(fresh);
    type('yping');  // before what is on the disk could be read
    await new Promise((done) => setTimeout(done, 800));
}"""


def test_a_page_renewed_between_two_letters_keeps_one_note_of_them(live):
    with phone_in(live) as phone:
        phone.page.evaluate(REPLACES_WHILE_TYPING)
        assert phone.page.input_value(FIELD) == "Still typing"
        assert states(phone.page) == []
        phone.page.click("#writer [data-sends]")
        phone.sent("Still typing")
        assert stored() == ["Still typing"]
        assert states(phone.page) == ["sent"]


def test_what_was_begun_when_the_meeting_closed_can_still_be_sent(live):
    with phone_in(live) as phone:
        phone.page.type(FIELD, "Begun too late")
        live.close()
        phone.page.wait_for_selector("#stage[data-kind=over]", timeout=15_000)
        phone.page.click("#own li[data-state=unsent] [data-do=send]")
        phone.sent("Begun too late")
        assert stored() == ["Begun too late"]


@pytest.mark.threat(row="T18")
def test_a_persons_number_never_leaves_the_phone_and_a_possible_one_can_be_insisted_on(live):
    with phone_in(live) as phone:
        left = []
        phone.page.on("request", lambda request: left.append(request.post_data or request.url))
        phone.write(A_NUMBER, taps=2)
        line = phone.page.wait_for_selector("#writer [data-problem]:not([hidden])")
        assert "Nothing has left this phone" in line.inner_text()
        phone.page.wait_for_timeout(800)
        assert phone.page.input_value(FIELD) == A_NUMBER
        assert [each for each in left if "01010750160" in each or "/notes/" in each] == []
        phone.write(MAYBE)
        assert "Is this a personal identity number?" in line.inner_text()
        phone.page.wait_for_timeout(500)
        assert stored() == []
        phone.page.click("#writer [data-sends]")
        phone.sent(MAYBE)
        assert stored() == [MAYBE]

        change = phone.page.locator("#own details.change")
        change.locator("summary").click()
        change.locator("textarea").fill(A_NUMBER)
        change.locator("button").first.click()
        change.locator("[data-problem]").wait_for()
        assert [each for each in left if "01010750160" in each] == []
        assert stored() == [MAYBE]


def test_too_much_and_nothing_are_said_beside_the_field(live):
    with phone_in(live) as phone:
        for text, said in (("a" * 201, "The text is too long"), ("   ", "Write a few words first")):
            phone.write(text)
            assert said in phone.page.wait_for_selector("#writer [data-problem]:not([hidden])").inner_text()
            assert phone.page.input_value(FIELD) == text
        assert stored() == []
        phone.write("Enough")
        phone.sent("Enough")
        assert shown_on(phone.page) == []
