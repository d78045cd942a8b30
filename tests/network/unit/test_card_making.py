from datetime import date

import pytest
from django.db import IntegrityError, transaction

from sirkel.circles.domain import sharing
from sirkel.circles.domain.withdrawing import withdraw_by_receipt
from sirkel.circles.enums import Audience
from sirkel.circles.models import Ballot
from sirkel.network.models import ExperienceCard
from sirkel.network.rules.sizes import size_band
from tests.factories.thread import RoomOfOwn

pytestmark = pytest.mark.django_db


@pytest.fixture
def room():
    return RoomOfOwn()


def test_what_nobody_objects_to_becomes_a_card_with_a_copy_of_the_words(room):
    item = room.share("Begynn kvelden ved bordet", Audience.NETWORK)
    card = ExperienceCard.objects.get()
    assert (card.share_item_id, card.text, card.audience, card.lang) == (item.id, item.text, "network", "nb")
    assert (card.kind, card.area, card.size, card.meeting_number) == ("nursing_home", "NO", "middle", 3)
    assert card.shared_in.day == 1
    assert card.workplace is None


@pytest.mark.threat(row="T22")
def test_what_somebody_objects_to_becomes_no_card(room):
    item = sharing.propose(
        acting=room.facilitator,
        meeting_id=room.meeting.id,
        text="Dette skal bli i rommet",
        lang="nb",
        audience=Audience.PUBLIC,
    )
    Ballot.objects.create(round=room.sharing, token=b"t" * 32, picks={str(item.id): sharing.OBJECTS})
    sharing.settle_proposals(round_=room.sharing)
    assert not ExperienceCard.objects.exists()


def test_an_approval_that_is_rolled_back_leaves_no_card(room):
    with pytest.raises(RuntimeError), transaction.atomic():
        room.share("Begynn kvelden ved bordet")
        raise RuntimeError
    assert not ExperienceCard.objects.exists()


@pytest.mark.parametrize(
    "change",
    [
        {"text": ""},
        {"state": "withdrawn"},
        {"state": "hidden"},
        {"reason": "taken_back"},
        {"workplace": "its own"},
    ],
)
def test_the_database_itself_keeps_a_card_in_shape(room, change):
    card = room.card("Begynn kvelden ved bordet")
    if "workplace" in change:
        change = {"workplace": room.workplace}
    with pytest.raises(IntegrityError), transaction.atomic():
        ExperienceCard.objects.filter(id=card.id).update(**change)


def test_a_note_taken_back_empties_its_card(room):
    note, receipt = room.note("Alle ringeklokkene ringer samtidig om kvelden")
    card = room.card("Om kvelden ringer alle klokkene på en gang", note=note)
    withdraw_by_receipt(receipt=receipt)
    card.refresh_from_db()
    assert (card.text, card.state, card.reason) == ("", "withdrawn", "taken_back")


def test_the_circles_own_words_about_a_theme_stay_one_note_thinner(room):
    theme = room.theme("Kveldens første time")
    _note, receipt = room.note("Alle ringeklokkene ringer samtidig om kvelden", theme=theme)
    other, _receipt = room.note("Middagen tar for lang tid", theme=theme)
    thinner = room.card("Kvelden blir roligere med to ved bordet", theme=theme)
    elsewhere = room.card("Middagen kan deles i to", note=other)
    withdraw_by_receipt(receipt=receipt)
    thinner.refresh_from_db()
    elsewhere.refresh_from_db()
    assert (thinner.state, thinner.has_lost_a_note) == ("shared", True)
    assert (elsewhere.state, elsewhere.has_lost_a_note) == ("shared", False)


def test_a_trials_card_loses_every_note_of_its_theme(room):
    theme = room.theme("Kveldens første time")
    _note, receipt = room.note("Alle ringeklokkene ringer samtidig om kvelden", theme=theme)
    card = room.card("To ved bordet fra 16 til 17", trial=room.trial("To ved bordet", theme=theme))
    withdraw_by_receipt(receipt=receipt)
    card.refresh_from_db()
    assert card.has_lost_a_note


def test_a_card_that_quotes_the_note_goes_with_it(room):
    theme = room.theme("Kveldens første time")
    words = "Alle ringeklokkene ringer samtidig om kvelden"
    _note, receipt = room.note(words, theme=theme)
    card = room.card(f"En av oss skrev: «{words.lower()}». Vi prøvde to ved bordet.", theme=theme)
    withdraw_by_receipt(receipt=receipt)
    card.refresh_from_db()
    assert (card.state, card.text) == ("withdrawn", "")


def test_a_theme_that_bore_the_notes_words_gets_another_name(room):
    words = "Alle ringeklokkene ringer samtidig om kvelden"
    theme, alone = room.theme(words), room.theme("Alene her på natten", is_chosen=False)
    _note, receipt = room.note(words, theme=theme)
    room.note("Middagen tar for lang tid", theme=theme)
    _note, other = room.note("Alene her på natten", theme=alone)
    withdraw_by_receipt(receipt=receipt)
    withdraw_by_receipt(receipt=other)
    theme.refresh_from_db()
    alone.refresh_from_db()
    assert (theme.title, alone.title) == ("Middagen tar for lang tid", "…")


@pytest.mark.parametrize(
    ("people", "band"), [(0, ""), (1, "small"), (5, "small"), (6, "middle"), (9, "middle"), (10, "large")]
)
def test_how_large_a_circle_is_said_in_bands(people, band):
    assert size_band(people) == band


@pytest.mark.threat(row="T22")
def test_the_month_is_kept_and_not_the_day(room):
    card = room.card("Begynn kvelden ved bordet")
    assert card.shared_in == date(card.shared_in.year, card.shared_in.month, 1)
