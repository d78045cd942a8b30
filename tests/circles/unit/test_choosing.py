import pytest

from sirkel.circles.domain import choosing, grouping, running
from sirkel.circles.models import Ballot, Note, Tally, Theme
from sirkel.circles.queries.surfaces import meeting_view
from sirkel.kernel import clock
from sirkel.kernel.errors import Gone, NotAllowed, NotFound, Refused
from tests.factories.meetings import make_meeting

pytestmark = pytest.mark.django_db


@pytest.fixture
def live():
    """A meeting in its choose step: a theme of two notes, and one note that stands alone."""
    live = make_meeting(step="write", people=3).write("a", "b", "c").reveal().go_on()
    grouping.put_together(
        acting=live.facilitator,
        meeting_id=live.meeting.id,
        note_id=Note.objects.get(text="a").id,
        with_note=Note.objects.get(text="b").id,
    )
    return live.go_on()


def ids():
    return str(Theme.objects.get().id), str(Note.objects.get(text="c").id)


def cast(live, phone, picks):
    return choosing.cast(
        meeting_id=live.meeting.id, round_id=live.round.id, device=live.devices[phone], picks=picks
    )


def view(live):
    live.meeting.refresh_from_db()
    return meeting_view(meeting=live.meeting, version=1, language="nb", at=clock.now())


def test_what_can_be_chosen_is_themes_and_notes_that_stand_alone(live):
    assert [option.text for option in view(live).options] == ["b", "c"]


def test_nobody_sees_dots_before_they_are_shown(live):
    theme, note = ids()
    cast(live, 0, {theme: 2, note: 1})
    assert {option.count for option in view(live).options} == {None}
    live.reveal()
    assert [(option.text, option.count, option.is_top) for option in view(live).options] == [
        ("b", 2, True),
        ("c", 1, False),
    ]


def test_dots_can_be_moved_until_they_are_shown(live):
    theme, note = ids()
    cast(live, 0, {theme: 3})
    cast(live, 0, {note: 1})
    live.reveal()
    assert {str(tally.option): tally.count for tally in Tally.objects.all()} == {note: 1}
    assert not Ballot.objects.exists()


def test_a_tie_is_shown_as_a_tie(live):
    theme, note = ids()
    cast(live, 0, {theme: 2})
    cast(live, 1, {note: 2})
    live.reveal()
    assert view(live).is_tie
    assert all(option.is_top for option in view(live).options)


@pytest.mark.threat(row="T10")
def test_a_count_over_one_or_two_is_not_shown_by_mistake(live):
    def show(**more):
        where = {"acting": live.facilitator, "meeting_id": live.meeting.id, "expected": live.expected}
        running.reveal(**where, at=clock.now(), **more)

    theme, note = ids()
    cast(live, 2, {})
    for phone in (0, 1):
        cast(live, phone, {theme: 1, note: 1})
        with pytest.raises(Refused) as no:
            show()
        assert no.value.code == "rounds.few"
    assert not Tally.objects.exists()
    assert {option.count for option in view(live).options} == {None}
    cast(live, 2, {note: 1})
    show()
    assert {tally.count for tally in Tally.objects.all()} == {2, 3}


def test_few_show_their_choice_when_everybody_agrees(live):
    theme, _note = ids()
    cast(live, 0, {theme: 1})
    live.reveal()
    assert {tally.count for tally in Tally.objects.all()} == {1}


def test_nobody_choosing_is_no_tie(live):
    live.reveal()
    assert not view(live).is_tie


@pytest.mark.parametrize("dots", [4, -1, True, "2"])
def test_what_is_no_dot_is_refused_and_the_earlier_choice_stays(live, dots):
    theme, note = ids()
    cast(live, 0, {note: 1})
    with pytest.raises(Refused) as refused:
        cast(live, 0, {theme: dots})
    assert refused.value.code == "choose.dots"
    assert choosing.picks_of(round_=live.round, device=live.devices[0]) == {note: 1}


def test_what_is_not_there_cannot_be_chosen(live):
    with pytest.raises(Refused) as refused:
        cast(live, 0, {"00000000-0000-4000-8000-000000000000": 1})
    assert refused.value.code == "choose.options"


def test_who_is_not_in_the_room_does_not_choose(live):
    theme, _note = ids()
    with pytest.raises(NotAllowed):
        choosing.cast(
            meeting_id=live.meeting.id, round_id=live.round.id, device="not-a-device-here", picks={theme: 1}
        )


def test_after_the_result_nobody_chooses(live):
    theme, _note = ids()
    live.reveal()
    with pytest.raises(Gone):
        cast(live, 0, {theme: 1})


def test_stances_are_counted_one_by_one(live):
    live.meeting.steps.filter(key="choose").update(
        settings={"method": "stance", "source": "group", "makes": "none"}
    )
    theme, _note = ids()
    cast(live, 0, {theme: "can_live"})
    cast(live, 1, {theme: "can_live"})
    cast(live, 2, {theme: "cannot"})
    with pytest.raises(Refused):
        cast(live, 2, {theme: 2})
    live.reveal()
    assert view(live).options[0].stances == {"can_live": 2, "cannot": 1}


def test_the_circle_goes_on_with_one_theme(live):
    theme, note = ids()
    live.reveal()
    acting = {"acting": live.facilitator, "meeting_id": live.meeting.id}
    choosing.choose_theme(**acting, option=theme)
    assert view(live).chosen_theme.title == "b"
    choosing.choose_theme(**acting, option=note)
    assert view(live).chosen_theme.title == "c"
    assert Theme.objects.filter(is_chosen=True).count() == 1


def test_a_theme_of_another_meeting_cannot_be_chosen(live):
    theme, _note = ids()
    other = make_meeting(step="choose")
    with pytest.raises(NotFound):
        choosing.choose_theme(acting=other.facilitator, meeting_id=other.meeting.id, option=theme)
    with pytest.raises(NotFound):
        choosing.choose_theme(acting=other.facilitator, meeting_id=live.meeting.id, option=theme)
