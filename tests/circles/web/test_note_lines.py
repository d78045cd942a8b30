"""What goes to the screens of an open step when one note comes: that note, and not everything again."""

import re

import pytest

from sirkel.circles.domain import moderating
from sirkel.circles.models import InboxNote, Note
from sirkel.circles.views.surface import render_surface
from sirkel.kernel import clock
from sirkel.kernel.live.changes import STATE, Change
from sirkel.kernel.live.events import changes_since, version_of
from sirkel.kernel.models import LiveEvent
from tests.circles.web.hands import Phone
from tests.factories.meetings import make_meeting

pytestmark = pytest.mark.django_db

LINE = re.compile(r'<li [^>]*\bid="note-[0-9a-f-]{36}"')


@pytest.fixture
def live():
    return make_meeting(step="deepen", people=3)


def squeezed(html):
    """Return markup without the space around its lines."""
    return "".join(line.strip() for line in html.splitlines())


def news(live, surface, act, language="nb"):
    """Return what a screen is sent for what an act changes."""
    before = version_of(room_id=live.meeting.id)
    act()
    changes = changes_since(room_id=live.meeting.id, version=before)
    return "".join(render_surface(surface, live.meeting.id, change, language) for change in changes)


@pytest.mark.parametrize("surface", ["hand", "room"])
def test_a_note_comes_alone_and_names_the_list_it_belongs_to(live, surface):
    live.write("Første", "Andre")
    sent = news(live, surface, lambda: live.write("Tredje"))
    third = InboxNote.objects.get(text="Tredje")
    assert "Tredje" in sent
    assert f'id="note-{third.id}" data-into="notes"' in sent
    assert "Første" not in sent
    assert len(LINE.findall(sent)) == 1


@pytest.mark.parametrize("surface", ["hand", "room"])
def test_the_line_is_the_one_a_page_has(live, surface):
    sent = news(live, surface, lambda: live.write("På svensk", lang="sv"))
    whole = render_surface(surface, live.meeting.id, Change(1, STATE, {}), "nb")
    assert squeezed(sent).replace(' data-into="notes"', "") in squeezed(whole)
    assert 'lang="sv"' in sent


def test_a_changed_note_takes_the_place_of_the_old_one(live):
    phone = Phone(live)
    phone.note("Med feil")
    note = InboxNote.objects.get()
    sent = news(
        live,
        "hand",
        lambda: phone.post(f"notes/{note.client_id}/", {"text": "Uten feil", "version": 1}),
    )
    assert "Uten feil" in sent
    assert f'id="note-{note.id}"' in sent


def test_a_parked_note_is_shown_at_once_where_it_stands(live):
    phone = Phone(live)
    sent = news(live, "hand", lambda: phone.note("Kjøp flere stoler", is_parked="1"))
    assert "Kjøp flere stoler" in sent.partition("</ul>")[2]


def test_what_came_in_hidden_is_sent_to_nobody():
    live = make_meeting(step="write", people=2)
    phone = Phone(live)
    for surface in ("hand", "room", "facilitator"):
        assert "Hemmelig" not in news(live, surface, lambda: phone.note("Hemmelig"))
    assert InboxNote.objects.filter(text="Hemmelig").count() == 3


def test_a_note_held_back_since_is_not_sent_to_a_screen_that_catches_up(live):
    before = version_of(room_id=live.meeting.id)
    live.write("Fru Eksempel ropte")
    note = InboxNote.objects.get()
    moderating.hold_note(
        acting=live.facilitator, meeting_id=live.meeting.id, note_id=note.id, is_held=True, at=clock.now()
    )
    first = LiveEvent.objects.get(room_id=live.meeting.id, kind="note", version__gt=before)
    caught_up = changes_since(room_id=live.meeting.id, version=before)
    assert [change.kind for change in caught_up] == ["state"]
    for surface in ("hand", "room"):
        assert "ropte" not in render_surface(
            surface, live.meeting.id, Change(first.version, first.kind, first.payload), "nb"
        )


def test_a_late_note_comes_with_the_others(live):
    live.write("I tide")
    phone = Phone(live)
    live.reveal()
    sent = news(live, "hand", lambda: phone.note("For sent"))
    assert Note.objects.get().text == "I tide"
    assert "I tide" in sent
    assert "For sent" in sent
