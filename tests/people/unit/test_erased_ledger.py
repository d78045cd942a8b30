"""The ledger of erased people: F-10."""

import uuid
from datetime import date

import pytest
from django.db import transaction

from sirkel.kernel import clock
from sirkel.people.domain.erasing import erase
from sirkel.people.models import Person
from sirkel.people.rules import erased
from tests.factories.places import make_person

DAY = date(2026, 3, 2)
ONE, TWO = uuid.UUID(int=1), uuid.UUID(int=2)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "erased.ledger"


def test_it_holds_whom_it_was_told_once_and_nobody_else(path):
    erased.remember(path, [ONE, ONE], on=DAY)
    erased.remember(path, [ONE], on=DAY)
    ledger = erased.read(path)
    assert (ledger.holds(ONE), ledger.holds(TWO), len(ledger.marks)) == (True, False, 1)
    assert path.stat().st_mode & 0o777 == 0o600
    assert str(ONE) not in path.read_text()
    assert ONE.hex not in path.read_text()


def test_two_ledgers_do_not_call_one_person_the_same(tmp_path):
    marks = []
    for name in ("one", "two"):
        erased.remember(tmp_path / name, [ONE], on=DAY)
        marks.append(erased.read(tmp_path / name).marks)
    assert marks[0] != marks[1]


def test_a_line_cut_off_by_a_crash_is_refused_when_read_and_mended_when_told_again(path):
    erased.remember(path, [ONE], on=DAY)
    erased.remember(path, [TWO], on=DAY)
    path.write_bytes(path.read_bytes()[:-5])
    with pytest.raises(erased.Damaged, match="cut off in line 3"):
        erased.read(path)
    erased.remember(path, [ONE, TWO], on=DAY)
    assert erased.read(path).holds(TWO)
    assert len(path.read_text().splitlines()) == 3


@pytest.mark.parametrize("text", ["", "something else\n", "sirkel-erased 1 abc\n"])
def test_what_is_no_ledger_is_refused(path, text):
    path.write_text(text)
    with pytest.raises(erased.Damaged):
        erased.read(path)


@pytest.mark.django_db(transaction=True)
def test_erasing_somebody_tells_the_ledger_and_only_once_it_is_so(path, settings):
    settings.ERASURE_LEDGER = str(path)
    stays, goes = make_person(), make_person()
    stays_id, goes_id = stays.id, goes.id
    with pytest.raises(RuntimeError), transaction.atomic():
        erase(person=stays, at=clock.now())
        raise RuntimeError
    assert not path.exists()
    with transaction.atomic():
        erase(person=goes, at=clock.now())
    ledger = erased.read(path)
    assert (ledger.holds(goes_id), ledger.holds(stays_id)) == (True, False)


@pytest.mark.django_db(transaction=True)
def test_a_ledger_that_cannot_be_written_keeps_nobody_from_being_erased(tmp_path, settings):
    settings.ERASURE_LEDGER = str(tmp_path / "nowhere" / "erased.ledger")
    person = make_person()
    with transaction.atomic():
        erase(person=person, at=clock.now())
    assert not Person.objects.filter(email=person.email).exists()
