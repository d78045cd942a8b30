import io
import re

import pytest
from django.urls import reverse
from pypdf import PdfReader

from sirkel.circles.enums import MeetingState
from sirkel.kernel import clock
from tests.factories.meetings import make_meeting, sign_in

pytestmark = pytest.mark.django_db
PAPERS = [
    name + end for name in ("lead-sheet-paper", "join-card", "paper-cards") for end in ("", "-pdf", "-word")
]
CHANGES = ("move", "skip", "minutes")


def link(live, name, *more):
    return reverse(f"circles:{name}", args=[live.meeting.id, *more])


@pytest.fixture
def live(client):
    """A planned meeting whose facilitator is signed in."""
    live = make_meeting(state=MeetingState.PLANNED)
    sign_in(client, live.facilitator)
    return live


def keys(live):
    return list(live.meeting.steps.order_by("position").values_list("key", flat=True))


def test_a_step_is_moved_left_out_and_shortened(client, live):
    step = live.step("share")
    client.post(link(live, "lead-sheet-move"), {"step": step.id, "later": "no"})
    assert keys(live)[:2] == ["check-in", "share"]
    client.post(link(live, "lead-sheet-minutes"), {"step": step.id, "minutes": "6"})
    assert live.step("share").minutes == 6
    client.post(link(live, "lead-sheet-skip"), {"step": step.id, "skipped": "yes"})
    page = client.get(link(live, "lead-sheet")).content.decode()
    assert "left out" in page
    assert "75 of 90 minutes" in page
    assert step.title["en"] not in client.get(link(live, "lead")).content.decode()


@pytest.mark.parametrize("minutes", ["", "x", "0", "121", "9999"])
def test_a_length_that_makes_no_sense_is_refused_on_the_page(client, live, minutes):
    answer = client.post(
        link(live, "lead-sheet-minutes"), {"step": live.step("share").id, "minutes": minutes}
    )
    assert answer.status_code == 400
    assert "A step takes from 1 to 120 minutes." in answer.content.decode()
    assert live.step("share").minutes == 15


def test_what_has_begun_offers_its_words_alone(client, live):
    live.open().go_to("share")
    page = client.get(link(live, "lead-sheet")).content.decode()
    assert f'id="minutes-{live.step("write").id}"' in page
    assert f'id="minutes-{live.step("share").id}"' not in page
    assert link(live, "lead-sheet-words", live.step("share").id) in page


def test_words_change_in_the_readers_language_alone(client, live):
    step = live.step("share")
    fields = {"title": "Tarina", "prompt": "Mitä tapahtui?", "hint": "", "say": ""}
    page = client.get(link(live, "lead-sheet-words", step.id), headers={"Accept-Language": "fi"})
    assert step.prompt["fi"] in page.content.decode()
    client.post(link(live, "lead-sheet-words", step.id), fields, headers={"Accept-Language": "fi"})
    assert live.step("share").prompt == {**step.prompt, "fi": "Mitä tapahtui?"}
    wrong = client.post(link(live, "lead-sheet-words", step.id), {**fields, "prompt": "x" * 201})
    assert wrong.status_code == 400
    assert 'href="#id_prompt"' in wrong.content.decode()


def test_a_step_of_ones_own_is_added(client, live):
    fields = {
        "kind": "talk",
        "title": "Walk",
        "prompt": "What do you see?",
        "hint": "",
        "say": "",
        "minutes": "10",
        "after": live.step("look-back").id,
    }
    assert client.post(link(live, "lead-sheet-new"), {**fields, "title": ""}).status_code == 400
    client.post(link(live, "lead-sheet-new"), fields)
    assert keys(live)[2] == "own-1"


def test_a_step_of_another_run_sheet_is_copied(client, live):
    fields = {"copied": "meeting-90-first:expectations", "after": live.step("check-in").id}
    assert client.post(link(live, "lead-sheet-new"), {**fields, "copied": "x:y"}).status_code == 400
    client.post(link(live, "lead-sheet-new"), fields)
    assert keys(live)[1] == "own-1"


def test_grouping_before_any_notes_is_refused_with_a_way_out(client, live):
    answer = client.post(link(live, "lead-sheet-move"), {"step": live.step("group").id, "later": "no"})
    assert answer.status_code == 400
    assert "Put a writing step before it" in answer.content.decode()


@pytest.mark.parametrize("change", CHANGES)
def test_nobody_else_changes_the_sheet(client, live, change):
    fields = {"step": live.step("share").id, "later": "yes", "skipped": "yes", "minutes": "5"}
    sign_in(client, make_meeting().facilitator)
    assert client.post(link(live, f"lead-sheet-{change}"), fields).status_code == 404
    sign_in(client, live.facilitator)
    assert client.post(link(live, f"lead-sheet-{change}"), fields).status_code == 302


def test_a_step_of_another_meeting_has_no_page_here(client, live):
    other = make_meeting(state=MeetingState.PLANNED)
    assert client.get(link(live, "lead-sheet-words", live.step("share").id)).status_code == 200
    assert client.get(link(live, "lead-sheet-words", other.step("share").id)).status_code == 404


@pytest.mark.parametrize("name", PAPERS)
def test_papers_are_the_facilitators(client, live, name):
    assert client.get(link(live, name)).status_code == 200
    sign_in(client, make_meeting().facilitator)
    assert client.get(link(live, name)).status_code == 404
    client.logout()
    assert client.get(link(live, name)).status_code == 302


def test_a_join_card_printed_before_the_meeting_has_a_qr_and_no_code(client, live):
    page = client.get(link(live, "join-card")).content.decode()
    assert 'class="qr"' in page
    assert "join-card-code" not in page
    live.open()
    assert re.search(r"join-card-code\">\w{3} \w{3}<", client.get(link(live, "join-card")).content.decode())


def test_a_join_card_speaks_the_language_asked_for_else_the_circles(client, live):
    assert '<html lang="nb"' in client.get(link(live, "join-card")).content.decode()
    assert '<html lang="fi"' in client.get(link(live, "join-card") + "?lang=fi").content.decode()
    assert '<html lang="nb"' in client.get(link(live, "join-card") + "?lang=xx").content.decode()


def test_the_run_sheet_on_paper_has_times_and_the_words_to_say(client):
    at = clock.now().replace(month=1, day=15, hour=13, minute=0)
    live = make_meeting(state=MeetingState.PLANNED, starts_at=at)
    sign_in(client, live.facilitator)
    page = client.get(link(live, "lead-sheet-paper")).content.decode()
    # Each language writes its times with its own sign, a colon or a full stop.
    assert [time.replace(".", ":") for time in re.findall(r"\b14[.:]\d\d\b", page)[1:3]] == ["14:00", "14:08"]
    assert live.step("share").say["nb"] in page


def test_the_pdf_holds_the_question_on_every_card(client, live):
    answer = client.get(link(live, "paper-cards-pdf") + "?step=share&sheets=2")
    assert answer["Content-Type"] == "application/pdf"
    pdf = PdfReader(io.BytesIO(answer.content))
    text = " ".join(" ".join(page.extract_text() for page in pdf.pages).split())
    assert len(pdf.pages) == 2
    assert text.count(live.step("share").prompt["nb"]) == 16


@pytest.mark.parametrize("query", ["?sheets=999", "?sheets=x", "?step=nothing"])
def test_what_cannot_be_printed_becomes_one_sheet_of_the_writing_step(client, live, query):
    page = client.get(link(live, "paper-cards") + query).content.decode()
    assert page.count('class="cut-card"') == 8
    assert live.step("write").prompt["nb"] in page
