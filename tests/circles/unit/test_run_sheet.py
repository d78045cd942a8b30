import pytest

from sirkel.circles.domain import run_sheet
from sirkel.circles.domain.step_words import StepWords
from sirkel.circles.enums import MeetingState, StepKind
from sirkel.circles.rules.run_sheets import misfit, nearest_source
from sirkel.kernel import clock
from sirkel.kernel.errors import NotFound, Refused
from sirkel.kernel.live import version_of
from tests.factories.meetings import make_meeting

pytestmark = pytest.mark.django_db
ALL = [
    "check-in",
    "look-back",
    "share",
    "write",
    "group",
    "choose",
    "deepen",
    "decide-trial",
    "carry-out",
    "check-out",
]
WORDS = StepWords(title="Gåtur", prompt="Hva ser du ute?", hint="To og to", say="Ti minutter")


def acts(live, **more):
    return {"acting": live.facilitator, "meeting_id": live.meeting.id, "at": clock.now(), **more}


def keys(live):
    return list(live.meeting.steps.order_by("position").values_list("key", flat=True))


def move(live, key, *, later):
    run_sheet.move_step(**acts(live, step_id=live.step(key).id, later=later))


@pytest.fixture
def planned():
    return make_meeting(state=MeetingState.PLANNED)


def test_a_step_moves_one_place(planned):
    move(planned, "share", later=False)
    assert keys(planned) == ["check-in", "share", "look-back", *ALL[3:]]
    move(planned, "share", later=True)
    assert keys(planned) == ALL


@pytest.mark.parametrize(("key", "later"), [("check-in", False), ("check-out", True)])
def test_beyond_the_ends_there_is_no_place(planned, key, later):
    with pytest.raises(Refused) as refused:
        move(planned, key, later=later)
    assert refused.value.code == "sheet.end"
    assert keys(planned) == ALL


def test_what_has_begun_stays(planned):
    planned.open().go_to("share")
    for key in ("check-in", "look-back", "share"):
        with pytest.raises(Refused) as refused:
            move(planned, key, later=True)
        assert refused.value.code == "sheet.begun"
    with pytest.raises(Refused):
        move(planned, "write", later=False)
    move(planned, "deepen", later=True)
    assert keys(planned)[6:8] == ["decide-trial", "deepen"]


def test_a_step_left_out_before_the_running_one_does_not_pull_others_behind_it(planned):
    run_sheet.skip_step(**acts(planned, step_id=planned.step("look-back").id, is_skipped=True))
    planned.open().go_to("share")
    with pytest.raises(Refused):
        move(planned, "look-back", later=True)
    assert keys(planned) == ALL


def test_grouping_stays_behind_the_notes_it_works_on(planned):
    with pytest.raises(Refused) as refused:
        move(planned, "group", later=False)
    assert refused.value.code == "sheet.source"
    assert keys(planned) == ALL


def test_notes_that_others_work_on_are_not_left_out_alone(planned):
    skip = {"is_skipped": True}
    with pytest.raises(Refused):
        run_sheet.skip_step(**acts(planned, step_id=planned.step("write").id, **skip))
    for key in ("group", "choose", "write"):
        run_sheet.skip_step(**acts(planned, step_id=planned.step(key).id, **skip))
    planned.open().go_to("share").go_on()
    assert planned.round.step.key == "deepen"


def test_choosing_works_without_grouping(planned):
    run_sheet.skip_step(**acts(planned, step_id=planned.step("group").id, is_skipped=True))
    live = planned.open()
    live.join()
    live.go_to("write").write("a").reveal().go_on()
    assert live.round.step.key == "choose"


def test_a_step_taken_in_again_is_done(planned):
    for is_skipped in (True, False):
        run_sheet.skip_step(**acts(planned, step_id=planned.step("look-back").id, is_skipped=is_skipped))
    planned.open().go_to("check-in").go_on()
    assert planned.round.step.key == "look-back"


@pytest.mark.parametrize("minutes", [0, -5, 121])
def test_a_step_has_a_sensible_length(planned, minutes):
    with pytest.raises(Refused) as refused:
        run_sheet.set_minutes(**acts(planned, step_id=planned.step("share").id, minutes=minutes))
    assert refused.value.code == "sheet.minutes"
    run_sheet.set_minutes(**acts(planned, step_id=planned.step("share").id, minutes=5))
    assert planned.step("share").minutes == 5


def test_words_change_in_one_language(planned):
    before = planned.step("share").prompt
    run_sheet.change_words(**acts(planned, step_id=planned.step("share").id, language="nb", words=WORDS))
    after = planned.step("share").prompt
    assert after["nb"] == "Hva ser du ute?"
    assert after["fi"] == before["fi"]


def test_the_running_step_can_be_reworded_and_every_screen_hears_of_it():
    live = make_meeting(step="share")
    before = version_of(room_id=live.meeting.id)
    run_sheet.change_words(**acts(live, step_id=live.step("share").id, language="nb", words=WORDS))
    assert version_of(room_id=live.meeting.id) == before + 1


@pytest.mark.parametrize(
    ("field", "words"),
    [
        ("title", StepWords(title="", prompt="x")),
        ("prompt", StepWords(title="x", prompt=" ")),
        ("say", StepWords(title="x", prompt="x", say="x" * 401)),
    ],
)
def test_a_refusal_names_the_field(planned, field, words):
    with pytest.raises(Refused) as refused:
        run_sheet.change_words(**acts(planned, step_id=planned.step("share").id, language="nb", words=words))
    assert refused.value.facts["field"] == field


def test_a_step_of_ones_own_comes_where_it_is_put(planned):
    step = run_sheet.add_step(
        **acts(planned, kind=StepKind.TALK, minutes=10, language="nb", words=WORDS),
        after=planned.step("look-back").id,
    )
    assert keys(planned) == [*ALL[:2], step.key, *ALL[2:]]
    planned.open().go_to(step.key)
    assert planned.round.step.title == {"nb": "Gåtur"}


def test_a_step_added_behind_what_has_begun_comes_right_after_it():
    live = make_meeting(step="share")
    step = run_sheet.add_step(
        **acts(live, kind=StepKind.WRITE, minutes=3, language="nb", words=WORDS),
        after=live.step("check-in").id,
    )
    assert keys(live)[3] == step.key
    live.go_on()
    assert live.round.step == step


def test_a_choice_of_ones_own_works_on_the_nearest_notes(planned):
    step = run_sheet.add_step(
        **acts(planned, kind=StepKind.CHOOSE, minutes=2, language="nb", words=WORDS),
        after=planned.step("deepen").id,
    )
    assert step.settings["source"] == "group"
    with pytest.raises(Refused) as refused:
        run_sheet.add_step(
            **acts(planned, kind=StepKind.GROUP, minutes=2, language="nb", words=WORDS),
            after=planned.step("share").id,
        )
    assert refused.value.code == "sheet.source"


def test_a_copy_brings_every_language_and_its_settings(planned):
    step = run_sheet.copy_step(**acts(planned, method_id="meeting-90-first", key="expectations"))
    assert keys(planned)[-1] == step.key
    assert set(step.prompt) == {"en", "nb", "nn", "da", "sv", "fi"}


@pytest.mark.parametrize(("method_id", "key"), [("meeting-90-first", "nothing"), ("nothing", "check-in")])
def test_what_no_method_has_cannot_be_copied(planned, method_id, key):
    with pytest.raises(NotFound):
        run_sheet.copy_step(**acts(planned, method_id=method_id, key=key))


def test_a_run_sheet_does_not_grow_without_end(planned):
    own = acts(planned, kind=StepKind.TALK, minutes=1, language="nb", words=WORDS)
    for _step in range(run_sheet.MOST_STEPS - len(ALL)):
        run_sheet.add_step(**own)
    with pytest.raises(Refused) as refused:
        run_sheet.add_step(**own)
    assert refused.value.code == "sheet.many"


@pytest.mark.parametrize("state", [MeetingState.HELD, MeetingState.PLANNED])
def test_a_held_meeting_keeps_its_sheet_and_a_stranger_changes_none(state):
    live = make_meeting(state=state)
    stranger = make_meeting().facilitator
    step_id = live.step("share").id
    with pytest.raises(NotFound):
        run_sheet.set_minutes(
            acting=stranger, meeting_id=live.meeting.id, step_id=step_id, minutes=5, at=clock.now()
        )
    if state == MeetingState.HELD:
        with pytest.raises(Refused):
            run_sheet.set_minutes(**acts(live, step_id=step_id, minutes=5))
    else:
        run_sheet.set_minutes(**acts(live, step_id=step_id, minutes=5))


def test_a_step_of_another_meeting_is_not_there(planned):
    other = make_meeting(state=MeetingState.PLANNED)
    with pytest.raises(NotFound):
        run_sheet.set_minutes(**acts(planned, step_id=other.step("share").id, minutes=5))


def test_the_rules_alone():
    assert misfit([]) is None
    assert nearest_source([], StepKind.CHOOSE) is None
