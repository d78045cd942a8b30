import re

import pytest

from sirkel.circles.models import InboxNote, Note, Theme
from sirkel.circles.rules import methods
from tests.circles.web.leads import leading, page_of, press

pytestmark = pytest.mark.django_db


def test_the_word_goes_round_and_a_double_tap_skips_nobody(client):
    live = leading(client, step="check-in", people=3)
    assert 'id="next-turn"' in page_of(client, live)
    press(client, live, "turn", turn="0")
    assert press(client, live, "turn", turn="0").status_code == 409
    assert live.round.turn_at == 1
    press(client, live, "turn", turn="1")
    press(client, live, "turn", turn="2")
    assert "Everybody has had the word" in page_of(client, live)


def test_chance_may_decide_who_begins(client):
    live = leading(client, step="share", people=3)
    assert 'id="chance"' in page_of(client, live)
    press(client, live, "chance")
    assert len(live.round.turn_order) == 3
    assert press(client, live, "chance").status_code == 409


def test_a_question_card_is_laid_and_taken_away(client):
    live = leading(client, step="deepen")
    card = methods.question_cards("deepen")[0]
    press(client, live, "lay-card", card=card.id)
    assert f'<p class="panel-title">{card.text["en"]}</p>' in page_of(client, live)
    press(client, live, "lay-card", card="")
    assert 'id="take-card"' not in page_of(client, live)
    assert press(client, live, "lay-card", card="nothing").status_code == 404


def test_there_is_help_for_the_moment(client):
    live = leading(client, step="share")
    moment = methods.moments()[0]
    page = page_of(client, live)
    assert moment.title["en"] in page
    assert moment.advice["en"] in page


def test_a_paper_card_comes_in_with_a_receipt_to_write_on_it(client):
    live = leading(client, step="write")
    answer = press(client, live, "paper-card", card="7", text="Fra en lapp")
    assert re.search(r"([0-9A-Z]{4} ){3}[0-9A-Z]{4}", answer.content.decode())
    again = press(client, live, "paper-card", card="7", text="Andre ord")
    assert again.status_code == 409
    assert "Fra en lapp" in again.content.decode()
    press(client, live, "paper-card", card="7", text="Andre ord", anew="yes")
    assert InboxNote.objects.get().text == "Andre ord"


@pytest.mark.parametrize("number", ["", "x", "0", "12345", "٣"])
def test_a_card_needs_its_number(client, number):
    live = leading(client, step="write")
    assert press(client, live, "paper-card", card=number, text="Fra en lapp").status_code == 400
    assert not InboxNote.objects.exists()


def test_names_are_decided_before_the_first_note(client):
    live = leading(client, step="write", people=2)
    press(client, live, "signing", signing="choice")
    assert live.round.signing == "choice"
    live.write("lapp en")
    assert press(client, live, "signing", signing="unsigned").status_code == 403
    assert 'id="signing"' not in page_of(client, live)


@pytest.mark.threat(row="T17")
def test_a_note_is_held_back_and_released_and_nobody_sees_whose_it_is(client):
    live = leading(client, step="write", people=3).write("lapp en", "lapp to", "lapp tre").reveal()
    note = Note.objects.get(text="lapp to")
    press(client, live, "hold", note=note.id, held="yes")
    page = page_of(client, live)
    assert f'id="release-{note.id}"' in page
    assert f'id="hold-{note.id}"' not in page
    press(client, live, "hold", note=note.id)
    assert f'id="hold-{note.id}"' in page_of(client, live)


def test_grouping_without_dragging(client):
    live = leading(client, step="write", people=3).write("lapp en", "lapp to", "lapp tre").reveal().go_on()
    one, two, three = (Note.objects.get(text=f"lapp {number}") for number in ("en", "to", "tre"))
    press(client, live, "group", note=one.id, **{"with": f"note:{two.id}"})
    theme = Theme.objects.get()
    press(client, live, "group", note=three.id, **{"with": f"theme:{theme.id}"})
    press(client, live, "name", theme=theme.id, title="Kveldsro")
    assert "Kveldsro</h3>" in page_of(client, live)
    assert theme.notes.count() == 3
    press(client, live, "group", note=three.id, **{"with": "alone:"})
    assert theme.notes.count() == 2


@pytest.mark.parametrize(
    ("picked", "place"), [(False, "alone:"), (True, ""), (True, "note:x"), (True, "self"), (True, "theme:")]
)
def test_grouping_needs_a_note_and_a_place(client, picked, place):
    live = leading(client, step="write", people=3).write("lapp en", "lapp to", "lapp tre").reveal().go_on()
    note = Note.objects.get(text="lapp en")
    place = f"note:{note.id}" if place == "self" else place
    fields = {"note": note.id} if picked else {}
    assert press(client, live, "group", **fields, **{"with": place}).status_code == 400
    assert not Theme.objects.exists()


def test_the_circle_goes_on_with_a_theme(client):
    live = leading(client, step="write", people=3).write("lapp en", "lapp to", "lapp tre").reveal()
    live.go_to("choose").reveal()
    press(client, live, "theme", option=Note.objects.get(text="lapp to").id)
    assert Theme.objects.get(is_chosen=True).title == "lapp to"
    assert "We go on with this" in page_of(client, live)
