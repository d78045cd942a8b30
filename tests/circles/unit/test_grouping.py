import pytest

from sirkel.circles.domain import grouping, moderating
from sirkel.circles.models import Note, Theme
from sirkel.circles.queries.surfaces import meeting_view
from sirkel.kernel import clock
from sirkel.kernel.errors import NotFound, Refused
from tests.factories.meetings import make_meeting

pytestmark = pytest.mark.django_db


@pytest.fixture
def live():
    """A meeting in its group step, with four shown notes."""
    return make_meeting(step="write", people=4).write("a", "b", "c", "d").reveal().go_on()


def note(text):
    return Note.objects.get(text=text)


def together(live, text, with_text):
    return grouping.put_together(
        acting=live.facilitator,
        meeting_id=live.meeting.id,
        note_id=note(text).id,
        with_note=note(with_text).id,
    )


def into(live, text, theme):
    grouping.put_into(
        acting=live.facilitator,
        meeting_id=live.meeting.id,
        note_id=note(text).id,
        theme_id=theme.id if theme else None,
    )


def groups(live):
    """Return what the screens show: the notes of each group, those that stand alone last."""
    live.meeting.refresh_from_db()
    view = meeting_view(meeting=live.meeting, version=1, language="nb", at=clock.now())
    return [
        (group.theme.title if group.theme else None, {n.text for n in group.notes}) for group in view.groups
    ]


def test_two_notes_make_a_group_named_after_the_one_that_was_there(live):
    together(live, "a", "b")
    assert groups(live) == [("b", {"a", "b"}), (None, {"c", "d"})]


def test_a_third_note_joins_the_group(live):
    theme = together(live, "a", "b")
    together(live, "c", "a")
    into(live, "d", theme)
    assert groups(live) == [("b", {"a", "b", "c", "d"})]


def test_a_note_moves_on_and_an_emptied_group_goes(live):
    first = together(live, "a", "b")
    second = together(live, "c", "d")
    into(live, "a", second)
    into(live, "b", second)
    assert groups(live) == [("d", {"a", "b", "c", "d"})]
    assert not Theme.objects.filter(id=first.id).exists()


def test_a_note_can_stand_alone_again(live):
    together(live, "a", "b")
    into(live, "a", None)
    assert groups(live) == [("b", {"b"}), (None, {"a", "c", "d"})]


def test_a_group_gets_its_name(live):
    theme = together(live, "a", "b")
    grouping.name_theme(
        acting=live.facilitator, meeting_id=live.meeting.id, theme_id=theme.id, title="  Kveldsro ", lang="nb"
    )
    assert groups(live)[0][0] == "Kveldsro"
    with pytest.raises(Refused):
        grouping.name_theme(
            acting=live.facilitator, meeting_id=live.meeting.id, theme_id=theme.id, title=" ", lang="nb"
        )


def test_moving_a_flagged_note_settles_the_flag(live):
    together(live, "a", "b")
    moderating.flag_note(meeting_id=live.meeting.id, note_id=note("a").id, device=live.devices[0])
    assert note("a").is_flagged
    into(live, "a", None)
    assert not note("a").is_flagged


def test_notes_and_groups_of_other_meetings_are_out_of_reach(live):
    other = make_meeting(step="write", people=3).write("x", "y", "z").reveal()
    theirs = Note.objects.get(text="x")
    with pytest.raises(NotFound):
        grouping.put_together(
            acting=live.facilitator,
            meeting_id=live.meeting.id,
            note_id=note("a").id,
            with_note=theirs.id,
        )
    with pytest.raises(NotFound):
        grouping.put_into(
            acting=other.facilitator, meeting_id=live.meeting.id, note_id=note("a").id, theme_id=None
        )
    assert groups(live) == [(None, {"a", "b", "c", "d"})]
