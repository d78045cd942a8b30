import pytest
from django.db import IntegrityError, transaction

from sirkel.circles.domain import sharing
from sirkel.circles.domain.signals import items_approved
from sirkel.circles.enums import Audience, ShareState
from sirkel.circles.models import Note, ShareItem
from sirkel.kernel.errors import NotFound, Refused
from sirkel.kernel.ids import new_id
from tests.factories.meetings import make_meeting

pytestmark = pytest.mark.django_db


@pytest.fixture
def live():
    """A meeting in its carry-out step; one note was shown before."""
    return make_meeting(step="write", people=3).write("a", "b", "c").reveal().go_to("carry-out")


def propose(live, text="Vi ser på den første timen", **more):
    asked = {"lang": "nb", "audience": Audience.ORGANISATION, **more}
    return sharing.propose(acting=live.facilitator, meeting_id=live.meeting.id, text=text, **asked)


def object_to(live, phone, *items):
    sharing.object_to(
        meeting_id=live.meeting.id,
        round_id=live.round.id,
        device=live.devices[phone],
        item_ids={item.id for item in items},
    )


def states():
    return dict(ShareItem.objects.values_list("text", "state"))


@pytest.fixture
def approved():
    """Hear what other rooms would hear."""
    heard = []

    def hear(items, **_more):
        heard.extend(item.text for item in items)

    items_approved.connect(hear)
    yield heard
    items_approved.disconnect(hear)


def test_what_nobody_objects_to_may_leave_the_room_when_the_step_ends(live, approved):
    propose(live)
    assert set(states().values()) == {ShareState.PROPOSED}
    assert approved == []
    live.go_on()
    assert set(states().values()) == {ShareState.APPROVED}
    assert approved == ["Vi ser på den første timen"]


def test_one_objection_keeps_it_here(live, approved):
    kept, free = propose(live, "Dette blir her"), propose(live, "Dette kan ut")
    object_to(live, 1, kept)
    assert states()[kept.text] == ShareState.OBJECTED
    live.go_on()
    assert states() == {kept.text: ShareState.OBJECTED, free.text: ShareState.APPROVED}
    assert approved == [free.text]


def test_an_objection_can_be_taken_back_but_not_somebody_elses(live):
    item = propose(live)
    object_to(live, 0, item)
    object_to(live, 1, item)
    object_to(live, 0)
    assert states()[item.text] == ShareState.OBJECTED
    object_to(live, 1)
    assert states()[item.text] == ShareState.PROPOSED


def test_closing_the_meeting_in_this_step_settles_it_too(live, approved):
    propose(live)
    live.close()
    assert approved == ["Vi ser på den første timen"]


def test_words_are_a_copy_that_remembers_what_it_rests_on(live):
    note = Note.objects.get(text="a")
    item = propose(live, note_id=note.id)
    assert item.note == note
    assert item.text != note.text


def test_a_proposal_can_be_taken_back_until_it_is_approved(live):
    taken, kept = propose(live, "tas tilbake"), propose(live, "blir")
    asked = {"acting": live.facilitator, "meeting_id": live.meeting.id}
    sharing.take_back_proposal(**asked, item_id=taken.id)
    live.go_on()
    sharing.take_back_proposal(**asked, item_id=kept.id)
    assert states() == {"blir": ShareState.APPROVED}


def test_words_rest_on_what_is_the_circles_own(live):
    other = make_meeting(step="write", people=3).write("x", "y", "z").reveal()
    theirs = Note.objects.get(text="x")
    with pytest.raises(NotFound):
        propose(live, note_id=theirs.id)
    with pytest.raises(NotFound):
        sharing.propose(
            acting=other.facilitator,
            meeting_id=live.meeting.id,
            text="x",
            lang="nb",
            audience=Audience.PUBLIC,
        )
    assert states() == {}


@pytest.mark.parametrize(
    ("text", "audience"), [("", Audience.PUBLIC), ("x" * 501, Audience.PUBLIC), ("x", "all")]
)
def test_words_and_readers_are_needed(live, text, audience):
    with pytest.raises(Refused):
        propose(live, text, audience=audience)
    assert states() == {}


def test_objections_are_heard_in_their_step_alone(live):
    item = propose(live)
    live.go_on()
    with pytest.raises(Refused):
        object_to(live, 0, item)
    assert states()[item.text] == ShareState.APPROVED


@pytest.mark.threat(row="T22")
def test_the_database_itself_lets_nobody_be_both_of_the_two_who_look(live):
    """Asked below the pages, and so of SQLite and of PostgreSQL: neither by leaving the first one out, nor by being both."""
    rows = ShareItem.objects.filter(id=propose(live).id)
    one, other = new_id(), new_id()
    for both in (
        {"checked_by": one, "confirmed_by": one},
        {"checked_by": None, "confirmed_by": one},
    ):
        with pytest.raises(IntegrityError, match="share_item_confirmed_by_another"), transaction.atomic():
            rows.update(**both)
    assert rows.update(checked_by=one, confirmed_by=None) == 1
    assert rows.update(checked_by=one, confirmed_by=other) == 1
    with pytest.raises(IntegrityError, match="share_item_confirmed_by_another"), transaction.atomic():
        rows.update(checked_by=other)
    assert rows.values_list("checked_by", "confirmed_by").get() == (one, other)
