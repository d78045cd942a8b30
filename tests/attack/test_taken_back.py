"""What somebody took back stays so: an old backup brings words back, and the ledger beside it takes them again."""

import uuid
from functools import partial

import pytest

from sirkel.circles.domain import challenges, member_list, notes, private_log, trial_logs, withdrawing
from sirkel.circles.enums import Listed, TrialState
from sirkel.circles.models import Challenge, InboxNote, Participant, Theme
from sirkel.kernel import clock
from sirkel.people.domain.api_keys import end_key
from sirkel.people.domain.erasing import delete_for_good
from sirkel.people.rules import erased
from tests.api.programs import new_key
from tests.factories.meetings import make_meeting
from tests.factories.places import make_circle
from tests.factories.thread import RoomOfOwn
from tests.factories.trials import make_trial

pytestmark = pytest.mark.django_db(databases=["default", "research", "vault"])


@pytest.fixture
def place():
    """A circle and its facilitator."""
    circle, facilitator = make_circle()
    circle.facilitator = facilitator
    return circle


@pytest.fixture
def ledger(settings, tmp_path):
    """The ledger of an installation; whatever is committed reaches it at once."""
    settings.ERASURE_LEDGER = str(tmp_path / "erased.ledger")
    return tmp_path / "erased.ledger"


def brought_back(rows, take_back, ledger, callbacks):
    """Let one of two rows be taken back, put both there again as a backup would, and play the ledger."""
    mine, other = rows
    model, kept = type(mine), [type(mine).objects.get(pk=row.pk) for row in rows]
    with callbacks(execute=True):
        take_back()
    lines = ledger.read_text()
    for row in kept:
        row.save(force_insert=not model.objects.filter(pk=row.pk).exists())
    assert withdrawing.take_back_again(erased.read(ledger).holds) == 1
    assert withdrawing.take_back_again(erased.read(ledger).holds) == 0
    for number in (mine.pk.hex, other.pk.hex, str(mine.pk)):
        assert number not in lines
    return model.objects.filter(pk=mine.pk).first(), model.objects.get(pk=other.pk)


@pytest.mark.requirement("PD-16", "PD-21")
def test_a_note_by_its_receipt(ledger, django_capture_on_commit_callbacks):
    room = RoomOfOwn()
    (mine, receipt), (other, _receipt) = room.note("MERKE-MITT"), room.note("MERKE-ANNET")
    found, stayed = brought_back(
        (mine, other),
        lambda: withdrawing.withdraw_by_receipt(receipt=receipt),
        ledger,
        django_capture_on_commit_callbacks,
    )
    assert (found.text, found.is_withdrawn) == ("", True)
    assert (stayed.text, stayed.is_withdrawn) == ("MERKE-ANNET", False)


def test_a_note_while_its_step_is_open(ledger, django_capture_on_commit_callbacks):
    live = make_meeting(step="write", people=2)
    live.write("MERKE-MITT", "MERKE-ANNET")
    rows = [InboxNote.objects.get(text=text) for text in ("MERKE-MITT", "MERKE-ANNET")]
    where = {"meeting_id": live.meeting.id, "round_id": live.round.id}
    found, stayed = brought_back(
        rows,
        lambda: notes.delete_note(**where, device=live.devices[0], client_id=rows[0].client_id),
        ledger,
        django_capture_on_commit_callbacks,
    )
    assert (found, stayed.text) == (None, "MERKE-ANNET")


def test_what_waits_for_the_next_meeting(place, ledger, django_capture_on_commit_callbacks):
    stories = [challenges.Story(client_id=uuid.uuid4(), text=text, lang="nb") for text in ("Mitt", "Annet")]
    rows = [challenges.leave_challenge(circle=place, story=story) for story in stories]
    found, stayed = brought_back(
        rows,
        lambda: challenges.take_back(circle=place, client_id=stories[0].client_id),
        ledger,
        django_capture_on_commit_callbacks,
    )
    assert (found, stayed.text) == (None, "Annet")


def test_a_page_of_the_private_log(place, ledger, django_capture_on_commit_callbacks):
    rows = [private_log.write(acting=place.facilitator, text=text, at=clock.now()) for text in ("En", "To")]
    found, stayed = brought_back(
        rows,
        lambda: private_log.delete(acting=place.facilitator, entry_id=rows[0].id),
        ledger,
        django_capture_on_commit_callbacks,
    )
    assert (found, stayed.id) == (None, rows[1].id)


def test_what_was_said_of_a_trial(place, ledger, django_capture_on_commit_callbacks):
    trial = make_trial(place, place.facilitator, state=TrialState.RUNNING)
    ids = [uuid.uuid4(), uuid.uuid4()]
    for kind, say, undo in (
        ("did", partial(trial_logs.log_trial, at=clock.now()), trial_logs.undo_log),
        ("helps", trial_logs.react, trial_logs.take_back_reaction),
    ):
        entries = [trial_logs.Entry(client_id=one, kind=kind, text="Ord", lang="nb") for one in ids]
        rows = [say(trial=trial, entry=entry) for entry in entries]
        found, stayed = brought_back(
            rows,
            lambda undo=undo: undo(trial=trial, client_id=ids[0]),
            ledger,
            django_capture_on_commit_callbacks,
        )
        assert (found, stayed.id) == (None, rows[1].id)


def test_a_no_to_an_invitation(place, ledger, django_capture_on_commit_callbacks):
    rows = [
        Participant.objects.create(circle=place, first_name=name, lang="nb", state=Listed.ASKED)
        for name in ("Aino", "Tuulikki")
    ]
    found, stayed = brought_back(
        rows, lambda: member_list.forget(rows[0]), ledger, django_capture_on_commit_callbacks
    )
    assert (found, stayed.first_name) == (None, "Tuulikki")


def test_without_a_ledger_words_are_taken_back_all_the_same(place):
    story = challenges.Story(client_id=uuid.uuid4(), text="Mitt", lang="nb")
    challenges.leave_challenge(circle=place, story=story)
    assert challenges.take_back(circle=place, client_id=story.client_id)
    assert not challenges.take_back(circle=place, client_id=story.client_id)


def test_a_key_that_was_ended(place, ledger, django_capture_on_commit_callbacks):
    rows = [new_key(place.facilitator)[0] for _n in range(2)]
    found, stayed = brought_back(
        rows,
        lambda: end_key(acting=place.facilitator, key_id=rows[0].id, at=clock.now()),
        ledger,
        django_capture_on_commit_callbacks,
    )
    assert (found, stayed.id) == (None, rows[1].id)


@pytest.mark.requirement("PD-21")
def test_no_row_is_deleted_for_good_that_a_backup_would_bring_back(place):
    """Whoever lets another kind of row be taken back is told at once that its model must say so."""
    with pytest.raises(TypeError, match="Theme must say is_deleted_for_good"):
        delete_for_good(Theme.objects.filter(circle=place))
    assert delete_for_good(Challenge.objects.filter(circle=place)) is False
