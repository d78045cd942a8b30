"""With everything the server keeps, guessing who wrote a note is no better than chance."""

import random
import uuid
from collections import defaultdict
from itertools import combinations

import pytest
from django.db import connections

from sirkel.circles.domain import joining, notes, running
from sirkel.circles.models import Meeting
from sirkel.circles.queries.rounds import current_round
from sirkel.kernel import clock
from sirkel.kernel.ids import new_receipt
from tests.attack.dump import auc, features, take_dump
from tests.factories.places import make_circle

MEETINGS, PHONES, NOTES_EACH = 25, 8, 5
CHANCE = pytest.approx(0.5, abs=0.05)

pytestmark = [
    pytest.mark.django_db(transaction=True, databases=["default", "research", "vault"]),
    pytest.mark.slow,
]


@pytest.fixture(scope="module")
def dice():
    return random.Random(20251)


# A random number's digits may look like a person's: the notes hold none.
LETTERS = str.maketrans("0123456789", "ghijklmnop")


def write_meeting(circle, acting, number, dice, truth):
    """Play one meeting up to its write step; record the true author and order of every note."""
    meeting = circle.meetings.get(number=number)
    at = meeting.starts_at
    running.open_meeting(acting=acting, meeting_id=meeting.id, at=at)
    meeting.refresh_from_db()
    devices = [joining.join(meeting=meeting).device for _phone in range(PHONES)]
    while True:
        meeting.refresh_from_db()
        round_ = current_round(meeting)
        if round_ and round_.step.kind == "write":
            break
        running.go_on(acting=acting, meeting_id=meeting.id, expected=round_.id if round_ else None, at=at)
    turns = [phone for phone in range(PHONES) for _note in range(NOTES_EACH)]
    dice.shuffle(turns)
    for order, phone in enumerate(turns):
        text = f"Words {uuid.uuid4().hex.translate(LETTERS)}"
        notes.post_note(
            meeting_id=meeting.id,
            round_id=round_.id,
            device=devices[phone],
            draft=notes.Draft(client_id=uuid.uuid4(), text=text, lang="nb", receipt=new_receipt()),
            at=at,
        )
        truth[text] = (meeting.id, phone, order)
    return devices


def attack(rows, truth):
    """Return, for every feature, how well it tells order and shared authorship within a meeting."""
    by_meeting = defaultdict(list)
    for row in rows:
        meeting, phone, order = truth[row.values["text"]]
        by_meeting[meeting].append((phone, order, features(row)))
    for members in by_meeting.values():
        random.Random(7).shuffle(members)  # the dump's own order must not decide which of a pair comes first
    names = set.intersection(*(set(found) for members in by_meeting.values() for _p, _o, found in members))
    result = {}
    for name in sorted(names):
        earlier, later, same, other = [], [], [], []
        for members in by_meeting.values():
            for (phone_a, order_a, a), (phone_b, order_b, b) in combinations(members, 2):
                step = a[name] - b[name]
                (later if order_a > order_b else earlier).append(step)
                (same if phone_a == phone_b else other).append(-abs(step))
        result[name] = (auc(later, earlier), auc(same, other))
    return result


@pytest.fixture
def played(dice):
    circle, acting = make_circle(meetings=MEETINGS, method="meeting-90-middle")
    truth, devices = {}, []
    for number in range(1, MEETINGS + 1):
        devices += write_meeting(circle, acting, number, dice, truth)
    return acting, truth, devices


def close_all(acting):
    for meeting in Meeting.objects.filter(state="running"):
        at = clock.now()
        round_ = current_round(meeting)
        running.reveal(acting=acting, meeting_id=meeting.id, expected=round_.id, at=at)
        running.close_meeting(acting=acting, meeting_id=meeting.id, at=at)


@pytest.mark.requirement("PD-05", "PD-06")
@pytest.mark.threat(row="T8")
def test_who_wrote_what_cannot_be_told_from_a_dump(played):
    acting, truth, devices = played
    open_dump = take_dump()
    before = attack(open_dump.of("circles_inboxnote"), truth)
    # The attack has teeth: while a round is open the inbox does hold the order and the authors' tokens.
    assert before["place"][0] > 0.95
    assert before["token"][1] > 0.95

    close_all(acting)
    dump = take_dump()
    rows = dump.of("circles_note")
    assert len(rows) == len(truth) == MEETINGS * PHONES * NOTES_EACH == 1000
    after = attack(rows, truth)
    assert {"place", "position", "id", "receipt_hash", "client_id"} <= set(after)
    for name, (order, author) in after.items():
        assert order == CHANCE, f"{name} tells the order of notes"
        assert author == CHANCE, f"{name} tells which notes share an author"

    no_links_are_left(dump)
    nothing_else_was_written_with_a_note(dump)
    secrets_are_nowhere(open_dump, dump, devices)


def no_links_are_left(dump):
    for table in ("people_seat", "circles_inboxnote", "circles_ballot", "circles_pulseanswer"):
        assert dump.of(table) == [], table
    # What is left of the live events is one per meeting: that it closed.
    assert [(row.values["kind"], row.values["payload"]) for row in dump.of("kernel_liveevent")] == [
        ("state", "{}")
    ] * MEETINGS
    assert all(row.values["secret"] is None for row in dump.of("circles_round"))


def nothing_else_was_written_with_a_note(dump):
    writers = {row.written_by for row in dump.of("circles_note")}
    if writers == {None}:
        assert connections["default"].vendor == "sqlite"  # no writing transaction is kept there
        return
    # One transaction wrote all notes of a meeting, so joining on it (or its neighbours) names the meeting and nobody.
    assert len(writers) == MEETINGS
    at_close = {"note", "meeting", "round"}
    expected = {f"circles_{name}" for name in at_close} | {
        "kernel_auditevent",
        "kernel_liveroom",
        "kernel_liveevent",
    }
    neighbours = {writer + step for writer in writers for step in (-1, 0, 1)}
    beside = {row.table for row in dump.rows if row.written_by in neighbours and row.table not in expected}
    assert beside <= {"kernel_auditchain", "kernel_audithead"}


def secrets_are_nowhere(open_dump, dump, devices):
    tokens = [bytes(row.values["token"]) for row in open_dump.of("circles_inboxnote")]
    hashes = [bytes(row.values["device_hash"]) for row in open_dump.of("people_seat")]
    assert len(hashes) == MEETINGS * PHONES
    kept = [value for row in dump.rows for value in row.values.values()]
    texts = "\n".join(value for value in kept if isinstance(value, str))
    blobs = {bytes(value) for value in kept if isinstance(value, bytes | memoryview)}
    assert not blobs & {*tokens, *hashes}
    assert not [device for device in devices if device in texts]
    for name, content in dump.files.items():
        assert not [secret for secret in (*tokens, *hashes) if secret in content], name
