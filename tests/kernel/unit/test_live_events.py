import uuid

import pytest
from django.db import transaction

from sirkel.kernel.live import emit, open_room, prune, version_of
from sirkel.kernel.live.events import changes_since
from sirkel.kernel.models import LiveEvent

pytestmark = pytest.mark.django_db


@pytest.fixture
def room():
    room_id = uuid.uuid4()
    open_room(room_id=room_id)
    return room_id


def emit_many(room, *kinds):
    for kind in kinds:
        with transaction.atomic():
            emit(room_id=room, kind=kind)


def versions(changes):
    return [(change.version, change.kind) for change in changes]


def test_versions_count_without_gaps_even_when_a_change_is_rolled_back(room):
    emit_many(room, "state", "note")
    with pytest.raises(RuntimeError), transaction.atomic():
        emit(room_id=room)
        raise RuntimeError
    emit_many(room, "note")
    rows = list(LiveEvent.objects.filter(room_id=room).order_by("version").values_list("version", flat=True))
    assert rows == [1, 2, 3]
    assert version_of(room_id=room) == 3


def test_a_screen_gets_exactly_what_it_missed(room):
    emit_many(room, "state", "note", "note", "note")
    assert versions(changes_since(room_id=room, version=2)) == [(3, "note"), (4, "note")]
    assert changes_since(room_id=room, version=4) == []


def test_a_state_stands_for_everything_before_it(room):
    emit_many(room, "state", "note", "state", "note")
    assert versions(changes_since(room_id=room, version=1)) == [(3, "state"), (4, "note")]


@pytest.mark.parametrize("held", [-1, 99])
def test_a_new_or_impossible_screen_gets_the_present_state(room, held):
    emit_many(room, "state", "note")
    assert versions(changes_since(room_id=room, version=held)) == [(2, "state")]


def test_after_pruning_a_late_screen_gets_the_present_state_once(room):
    emit_many(room, "state", "note", "note")
    prune(room_id=room)
    assert versions(changes_since(room_id=room, version=1)) == [(3, "state")]
    assert version_of(room_id=room) == 3


@pytest.mark.django_db(transaction=True)
def test_a_change_outside_a_transaction_is_refused(room):
    with pytest.raises(transaction.TransactionManagementError):
        emit(room_id=room)
