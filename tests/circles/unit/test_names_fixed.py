"""Whether names stand under notes is fixed in the database too: what a hand with SQL meets (T10, PD-09)."""

import pytest
from django.db import IntegrityError, connection, transaction

from sirkel.circles.domain import moderating
from sirkel.circles.domain.notes import Draft, post_note
from sirkel.circles.enums import Signing
from sirkel.circles.models import InboxNote, Note, Round
from sirkel.kernel import clock
from sirkel.kernel.ids import new_id, new_receipt
from tests.factories.meetings import make_meeting

pytestmark = pytest.mark.django_db


def sql(statement, *values):
    """Run one statement as the owner of the database would; return how many rows it changed."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.rowcount


def refused(statement, *values):
    """Tell whether the database refuses a statement for what it does and not for how it is written."""
    with pytest.raises(IntegrityError, match=r"signing mode of a round is fixed|no name is put under a note"):
        sql(statement, *values)
    return True


def key(row):
    """Return a row's number as this database writes it."""
    return row.id.hex if connection.vendor == "sqlite" else row.id


@pytest.fixture
def live():
    return make_meeting(step="write", people=3)


def signed(live, name):
    """Let a phone write with a name under it; whether it is kept is the round's mode."""
    draft = Draft(client_id=new_id(), text="Ord", lang="nb", receipt=new_receipt(), signed_name=name)
    where = {"meeting_id": live.meeting.id, "round_id": live.round.id, "device": live.devices[0]}
    post_note(**where, draft=draft, at=clock.now())


@pytest.mark.requirement("PD-09")
@pytest.mark.threat(row="T10")
@pytest.mark.parametrize("is_shown", [False, True], ids=["hidden", "shown"])
def test_nobody_turns_a_round_by_sql_once_somebody_has_written(live, is_shown):
    turn = "UPDATE circles_round SET signing = 'choice' WHERE id = %s"
    assert sql(turn, key(live.round)) == 1, "before the first note it may be turned"
    assert sql(turn.replace("choice", "unsigned"), key(live.round)) == 1
    live.write("Uten navn")
    round_ = live.round
    if is_shown:
        live.reveal()
    assert refused(turn, key(round_))
    for way in (
        "UPDATE circles_round SET has_posts = FALSE WHERE id = %s",
        "UPDATE circles_round SET has_posts = FALSE, signing = 'choice' WHERE id = %s",
    ):
        assert refused(way, key(round_))
    round_.refresh_from_db()
    assert (round_.signing, round_.has_posts) == (Signing.UNSIGNED, True)


@pytest.mark.threat(row="T10")
def test_the_notes_themselves_fix_it_where_the_round_was_not_marked(live):
    round_ = live.round
    note = {"text": "Ord", "lang": "nb", "receipt_hash": b"1" * 32}
    waiting = InboxNote.objects.create(round=round_, token=b"1" * 32, client_id=new_id(), **note)
    assert not Round.objects.get(id=round_.id).has_posts
    turn = ("UPDATE circles_round SET signing = 'choice' WHERE id = %s", key(round_))
    assert refused(*turn)
    waiting.delete()
    shown = Note.objects.create(round=round_, **note)
    assert refused(*turn)
    shown.delete()
    assert sql(*turn) == 1


@pytest.mark.threat(row="T10")
def test_no_name_is_put_by_sql_under_what_was_written_without_one(live):
    signed(live, "Prøve")
    assert InboxNote.objects.get().signed_name == ""
    assert refused("UPDATE circles_inboxnote SET signed_name = 'Prøve'")
    live.reveal()
    assert refused("UPDATE circles_note SET signed_name = 'Prøve'")
    copied = (
        "INSERT INTO circles_note (id, round_id, text, lang, signed_name, receipt_hash, position, is_from_card, is_parked,"
        " is_held, is_flagged, is_withdrawn) SELECT %s, round_id, text, lang, {name}, %s, 9, is_from_card, is_parked,"
        " is_held, is_flagged, is_withdrawn FROM circles_note"
    )
    number = new_id()
    values = (number.hex if connection.vendor == "sqlite" else number, b"2" * 32)
    assert refused(copied.format(name="'Prøve'"), *values)
    assert sql(copied.format(name="''"), *values) == 1, "it was the name and nothing else"


@pytest.mark.threat(row="T10")
def test_where_names_may_stand_a_name_goes_and_never_changes(live):
    moderating.set_signing(
        acting=live.facilitator, meeting_id=live.meeting.id, round_id=live.round.id, signing=Signing.CHOICE
    )
    signed(live, "Prøve")
    live.reveal()
    assert Note.objects.get().signed_name == "Prøve"
    assert refused("UPDATE circles_note SET signed_name = 'Annen'")
    assert sql("UPDATE circles_note SET signed_name = ''") == 1
    assert refused("UPDATE circles_note SET signed_name = 'Prøve'")
