"""With everything the databases hold, guessing from which perspective a note was written is no better than chance."""

import random
from collections import defaultdict
from itertools import product

import pytest
from django.conf import settings

from sirkel.circles.models import Note, VoiceRun
from sirkel.circles.rules.voices import SpeaksAs, from_byte
from sirkel.kernel.sealing import blind, unseal
from tests.attack.dump import auc, features, take_dump
from tests.factories.meetings import make_circle
from tests.factories.voices import speak, switch_on

MEETINGS, OF_EACH, NOTES_EACH = 10, 6, 8
CHANCE = pytest.approx(0.5, abs=0.05)


def by_chance(truth):
    """What a guess gives that knows nothing, where so many guesses are tried that one strays: four standard errors."""
    leaders = sum(who == SpeaksAs.LEADER for who in truth.values())
    others = len(truth) - leaders
    return pytest.approx(0.5, abs=max(0.05, 4 * ((leaders + others + 1) / (12 * leaders * others)) ** 0.5))


pytestmark = [
    pytest.mark.django_db(transaction=True, databases=["default", "research", "vault"]),
    pytest.mark.slow,
]


@pytest.fixture
def played():
    """Ten circles with a meeting each, in which employees and leaders wrote in turn, shown and not closed yet."""
    played = []
    for _meeting in range(MEETINGS):
        circle, facilitator = make_circle()
        switch_on(circle, facilitator)
        speakers = speak(circle, facilitator, employees=OF_EACH, leaders=OF_EACH)
        random.Random(20251).shuffle(speakers.phones)
        played.append(speakers.write(NOTES_EACH))
    return played


def truth_of(played):
    return {text: who for speakers in played for text, who in speakers.by_text.items()}


def attack(scores, truth):
    """Return how well one score per note tells leaders' notes from employees'."""
    leaders = [score for text, score in scores.items() if truth[text] == SpeaksAs.LEADER]
    employees = [score for text, score in scores.items() if truth[text] == SpeaksAs.EMPLOYEE]
    assert len(leaders) == len(employees) == MEETINGS * OF_EACH * NOTES_EACH
    return auc(leaders, employees)


def every_guess(rows, truth):
    """Return, for every column of a note's row and hidden ones, how well it tells the perspective."""
    scores = defaultdict(dict)
    for row in rows:
        for name, value in features(row).items():
            scores[name][row.values["text"]] = value
    return {name: attack(by_text, truth) for name, by_text in scores.items() if len(by_text) == len(truth)}


def by_rank(notes, tags):
    """Pair each meeting's notes with its tags by every order either has: the join of whoever has no key."""
    orders = ("place", "id", "blind", "sealed")
    for name, other in product(("place", "id", "client_id"), orders):
        ranked = sorted(notes, key=lambda row, name=name: features(row)[name])
        tagged = sorted(tags, key=lambda row, other=other: features(row)[other])
        yield (
            f"{name} by {other}",
            {note.values["text"]: features(tag)["sealed"] for note, tag in zip(ranked, tagged, strict=True)},
        )


def opened(rows, key, *, key_of_house):
    """Read the perspective of each note as somebody with the installation's key does while its meeting runs."""
    kept, settings.SECRET_KEY = settings.SECRET_KEY, key_of_house
    try:
        tags = {bytes(row.values["blind"]): bytes(row.values["sealed"]) for row in rows["circles_voicetag"]}
        scores = {}
        for row in rows[key]:
            for run in rows["circles_voicerun"]:
                secret = bytes(run.values["secret"])
                client_id = as_bytes(row.values["client_id"])
                sealed = tags.get(blind(client_id, secret=secret, purpose="voice-tag"))
                if sealed:
                    code = from_byte(unseal(sealed, secret=secret, purpose="voice-tag"))
                    scores[row.values["text"]] = float(code == SpeaksAs.LEADER)
            scores.setdefault(row.values["text"], 0.5)
        return scores
    finally:
        settings.SECRET_KEY = kept


def as_bytes(value):
    return value.bytes if hasattr(value, "bytes") else bytes.fromhex(str(value).replace("-", ""))


def tables(dump):
    names = ("circles_voicetag", "circles_voicerun", "circles_inboxnote", "circles_note")
    return {name: dump.of(name) for name in names}


@pytest.mark.threat(row="T8")
def test_a_perspective_cannot_be_told_from_a_dump(played):
    truth = truth_of(played)
    house, stranger = settings.SECRET_KEY, "a dump without the key of the installation"

    # While the steps are open, the tables pair notes and tags in the order they were written; what is paired is sealed.
    open_dump = tables(take_dump())
    for name, scores in by_rank(open_dump["circles_inboxnote"], open_dump["circles_voicetag"]):
        assert attack(scores, truth) == by_chance(truth), name
    assert attack(opened(open_dump, "circles_inboxnote", key_of_house=stranger), truth) == CHANCE
    # The attack has teeth: with the protection off (the key at hand while the secrets still live) it tells nearly all.
    assert attack(opened(open_dump, "circles_inboxnote", key_of_house=house), truth) > 0.95

    for speakers in played:
        speakers.live.reveal()
    shown = tables(take_dump())
    assert attack(opened(shown, "circles_note", key_of_house=stranger), truth) == CHANCE
    assert attack(opened(shown, "circles_note", key_of_house=house), truth) > 0.95

    for speakers in played:
        speakers.close()
    dump = take_dump()
    closed = tables(dump)
    assert closed["circles_voicetag"] == closed["circles_voicerun"] == closed["circles_inboxnote"] == []
    guesses = every_guess(closed["circles_note"], truth)
    assert {"place", "position", "id", "receipt_hash", "client_id"} <= set(guesses)
    for name, found in guesses.items():
        assert found == by_chance(truth), f"{name} tells the perspective"
    # Even with the key, and with every secret that an older dump held, nothing that is left opens to a perspective.
    assert attack(opened(closed, "circles_note", key_of_house=house), truth) == CHANCE
    nothing_is_left(dump, open_dump)


def nothing_is_left(dump, open_dump):
    """Of three meetings the sealed sums are left, alike for every circle but for noise; no tag, secret or mark."""
    windows = dump.of("circles_voicewindow")
    assert len(windows) == MEETINGS
    assert {len(bytes(row.values["sealed"])) for row in windows} == {24 + 28}
    gone = {bytes(row.values["secret"]) for row in open_dump["circles_voicerun"]}
    gone |= {bytes(row.values[name]) for row in open_dump["circles_voicetag"] for name in ("blind", "sealed")}
    kept = [value for row in dump.rows for value in row.values.values()]
    blobs = {bytes(value) for value in kept if isinstance(value, bytes | memoryview)}
    assert not gone & blobs
    for name, content in dump.files.items():
        assert not [secret for secret in gone if secret in content], name
    said = {"employee", "leader", "unsaid"}
    # Who leads is no secret where a circle keeps a list of who is asked; which notes are whose is.
    lists = {"circles_membership"}
    mine = [row for row in dump.rows if row.table.startswith(("circles_", "people_seat"))]
    mine = [row for row in mine if row.table not in lists]
    assert not [row.table for row in mine if said & {str(value) for value in row.values.values()}]
    assert not VoiceRun.objects.exists()
    assert Note.objects.count() == MEETINGS * 2 * OF_EACH * NOTES_EACH
