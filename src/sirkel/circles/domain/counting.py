"""Counting what tokens chose, and forgetting who."""

import random
import uuid
from collections import Counter

from sirkel.circles.models import Ballot, PulseAnswer, PulseSummary, Round, ShareItem, Tally
from sirkel.circles.rules.bands import FEWEST_ANSWERS, share_band

OBJECTS = "objects"
_ANSWERS = {1: "no", 2: "partly", 3: "yes"}
_shuffle = random.SystemRandom().shuffle


def count_ballots(*, round_: Round) -> None:
    """Turn a round's ballots into tallies per option and delete them."""
    counts: Counter[tuple[str, str]] = Counter()
    for picks in Ballot.objects.filter(round=round_).values_list("picks", flat=True):
        for option, value in picks.items():
            if isinstance(value, int):
                counts[option, "dots"] += value
            elif value != OBJECTS:
                counts[option, value] += 1
    Tally.objects.bulk_create(
        Tally(round=round_, option=uuid.UUID(option), value=value, count=count)
        for (option, value), count in sorted(counts.items())
    )
    Ballot.objects.filter(round=round_).delete()


def objected_items(*, round_: Round) -> set[uuid.UUID]:
    """Return the proposals somebody wants to keep in the room, without saying who or how many."""
    found = set()
    for picks in Ballot.objects.filter(round=round_).values_list("picks", flat=True):
        found |= {uuid.UUID(option) for option, value in picks.items() if value == OBJECTS}
    return found & set(ShareItem.objects.filter(meeting=round_.step.meeting_id).values_list("id", flat=True))


def count_pulse(*, round_: Round) -> None:
    """Turn a round's check-outs into bands and a shuffled list of words, and delete them.

    Below five answers nothing is kept but that they were collected.
    """
    answers = list(PulseAnswer.objects.filter(round=round_))
    is_shown = len(answers) >= FEWEST_ANSWERS
    bands: dict[str, dict[str, str]] = {}
    words: list[dict[str, str]] = []
    if is_shown:
        for field in ("felt_heard", "was_useful"):
            given = [value for answer in answers if (value := getattr(answer, field)) is not None]
            if len(given) >= FEWEST_ANSWERS:
                bands[field] = {
                    word: share_band(given.count(value), len(given)) for value, word in _ANSWERS.items()
                }
        words = [{"text": answer.word, "lang": answer.lang} for answer in answers if answer.word]
        _shuffle(words)
    if answers:
        PulseSummary.objects.update_or_create(
            meeting_id=round_.step.meeting_id, defaults={"is_shown": is_shown, "bands": bands, "words": words}
        )
    PulseAnswer.objects.filter(round=round_).delete()
