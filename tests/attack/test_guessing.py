"""How likely it is that somebody who guesses at full speed finds a code: worked out from the limits as they are set."""

import math
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client

from sirkel.circles.domain import guessing, joining
from sirkel.circles.domain.joining import CODE_LENGTH, join_address
from sirkel.kernel import clock
from sirkel.kernel.errors import TooMany
from sirkel.kernel.ids import CODE_ALPHABET
from tests.factories.meetings import make_meeting

OPEN_SECONDS = 2 * 3600
AT_ONCE = 8  # pages answered at the same time: as many guesses may be under way when the last allowed miss is counted

pytestmark = pytest.mark.django_db


def most_guesses(limit, seconds):
    """Return how many guesses a limit lets through within a time, however they are spread.

    A window begins with its first miss and holds at most ``most`` of them (then everybody waits), so a
    stretch of S seconds touches at most floor(S / W) + 2 windows of W seconds: one that began just before it,
    those that fit inside, one that ends after it. Each can be overrun by the guesses under way.
    """
    windows = math.floor(seconds / min(limit.within_seconds, limit.wait_seconds)) + 2
    return windows * (limit.most + AT_ONCE)


@pytest.mark.requirement("SEC-01")
@pytest.mark.threat(row="T7")
def test_guessing_all_day_finds_a_code_less_than_once_in_a_million_days():
    """P = 1 - (1 - 1/N)^k: k independent guesses among N codes, since a code that rotates makes every guess a first one."""
    codes = len(set(CODE_ALPHABET)) ** CODE_LENGTH
    guesses = most_guesses(guessing.BY_ALL, OPEN_SECONDS)
    probability = -math.expm1(guesses * math.log1p(-1 / codes))
    assert guesses == 4 * 58
    assert codes == 28**6
    assert probability < 1e-6


def test_the_limits_are_those_that_were_promised():
    assert (guessing.BY_DEVICE.most, guessing.BY_DEVICE.wait_seconds) == (5, 900)
    assert (guessing.BY_ADDRESS.most, guessing.BY_ADDRESS.wait_seconds) == (5, 900)
    assert (guessing.BY_ALL.most, guessing.BY_ALL.within_seconds, guessing.BY_ALL.wait_seconds) == (
        50,
        3600,
        3600,
    )


@pytest.mark.requirement("SEC-01")
@pytest.mark.parametrize("gap_seconds", [0, 1, 30, 71, 73, 240])
def test_no_pace_of_guessing_gets_more_through_than_the_formula_says(gap_seconds):
    """A new device and address for every guess, at several paces, for two hours."""
    through, misses = 0, 0
    for guess in range(400):
        with clock.moved(timedelta(seconds=guess * gap_seconds)):
            if guess * gap_seconds > OPEN_SECONDS:
                break
            try:
                guessing.must_not_wait(device=f"d{guess}", address=f"203.0.{guess % 250}.{guess // 250}")
            except TooMany:
                continue
            through += 1
            guessing.missed(device=f"d{guess}", address=f"203.0.{guess % 250}.{guess // 250}")
            misses += 1
    assert 0 < through <= most_guesses(guessing.BY_ALL, OPEN_SECONDS)


@pytest.mark.requirement("SEC-01")
def test_codes_are_spread_over_the_whole_alphabet_and_never_guessable_from_each_other():
    live = make_meeting()
    seen = set()
    for _rotation in range(60):
        joining.rotate_codes()
        live.meeting.refresh_from_db()
        seen.add(live.meeting.join_code)
    assert len(seen) == 60
    assert {sign for code in seen for sign in code} == set(CODE_ALPHABET)
    assert {len(code) for code in seen} == {CODE_LENGTH}


def test_while_typed_codes_wait_the_square_on_the_screen_still_works():
    live = make_meeting(step="write")
    for guess in range(50):
        code = "".join(CODE_ALPHABET[(guess + step) % 28] for step in range(6))
        answer = Client(REMOTE_ADDR=f"203.0.113.{guess}").post("/b", {"code": code})
        assert answer.status_code == 404
    live.meeting.refresh_from_db()
    fresh = Client(REMOTE_ADDR="192.0.2.1")
    waiting = fresh.post("/b", {"code": live.meeting.join_code})
    assert waiting.status_code == 429
    assert live.meeting.circle.name not in waiting.content.decode()
    joined = fresh.post(f"/b/{join_address(live.meeting)}", follow=True)
    assert joined.redirect_chain == [(f"/m/{live.meeting.id}/", 303)]
    assert joined.status_code == 200


@pytest.mark.threat(row="T5")
def test_a_code_shows_nothing_of_what_was_written_before():
    live = make_meeting(step="write", people=1).write("Vårt eget ord")
    live.reveal()
    door = Client().post("/b", {"code": live.meeting.join_code}, follow=True)
    assert door.status_code == 200
    assert "Vårt eget ord" not in door.content.decode()


class TestManyProcesses:
    """What other processes counted is in the database; memory that was emptied stands for a fresh process."""

    @pytest.fixture(autouse=True)
    def _within_one_hour(self):
        with clock.frozen(clock.now().replace(minute=10)):
            yield

    @pytest.mark.threat(row="T7")
    def test_fifty_misses_over_many_processes_change_every_code(self):
        live = make_meeting()
        before = live.meeting.join_code
        for miss in range(50):
            cache.clear()  # a process that has counted nothing itself
            guessing.missed(device=f"d{miss}", address=f"203.0.113.{miss}")
        live.meeting.refresh_from_db()
        assert live.meeting.join_code != before
        cache.clear()
        answer = Client(REMOTE_ADDR="192.0.2.1").post("/b", {"code": live.meeting.join_code})
        assert answer.status_code == 429
        with clock.moved(timedelta(hours=1)):
            assert (
                Client(REMOTE_ADDR="192.0.2.1").post("/b", {"code": live.meeting.join_code}).status_code
                == 303
            )

    def test_words_for_coming_back_count_among_them(self):
        """Wrong words use up the same fifty, and with none left the right ones wait, too."""
        live = make_meeting(people=1)
        for guess in range(50):
            cache.clear()
            one = Client(REMOTE_ADDR=f"203.0.113.{guess}")
            answer = one.post("/b/back", {"code": live.meeting.join_code, "words": "blue"})
            assert answer.status_code == 404
        live.meeting.refresh_from_db()
        cache.clear()
        answer = Client(REMOTE_ADDR="192.0.2.1").post(
            "/b/back", {"code": live.meeting.join_code, "words": "blue"}
        )
        assert answer.status_code == 429
