"""Who sees what of a survey: the whole table, cell by cell, and what happens just below every limit."""

import itertools
from dataclasses import replace

import pytest

from sirkel.evidence.disclosure import Facts, Reader, Scale, Sight, Thing, Thresholds, may_see

USUAL = Thresholds.for_scale(Scale(1, 5, 3))
EVERYTHING = Facts(
    n=200,
    invited=300,
    is_released=True,
    is_open_to_circle=True,
    is_open_to_leader=True,
    is_own=True,
    other_wards=9,
    other_people=900,
    may_paraphrase=True,
    may_quote=True,
    is_approved=True,
    has_consent=True,
    has_permission=True,
    is_coder=True,
    is_response_keeper=True,
    agreement="2026/7",
    k=9,
    l=3,
    other_person_agreed=True,
)
NO, W = Sight.NOTHING, Sight.WHOLE
# With every fact in the reader's favour: respondent, colleague, facilitator, leader, representative, researcher,
# steward, public.
TABLE = {
    Thing.OWN_ANSWERS: (Sight.OWN, NO, NO, NO, NO, Sight.PSEUDONYMOUS, NO, NO),
    Thing.WHO_ANSWERED: (Sight.OWN, NO, Sight.ROUNDED_COUNT, Sight.ROUNDED_COUNT, NO, W, NO, NO),
    Thing.MEAN: (W, W, W, W, W, W, NO, NO),
    Thing.SINGLE_ITEM: (W, W, W, W, W, W, NO, NO),
    Thing.DISTRIBUTION: (W, W, W, W, W, W, NO, NO),
    Thing.COMPARISON: (
        *(NO, NO, NO, Sight.OWN_AGAINST_REST, Sight.OWN_AGAINST_REST, W, NO, Sight.CODED_UNITS),
    ),
    Thing.FREE_TEXT: (
        *(Sight.OWN, NO, Sight.PARAPHRASE, Sight.PARAPHRASE, Sight.PARAPHRASE, Sight.RAW, NO, Sight.QUOTE),
    ),
    Thing.CODED: (NO, NO, NO, NO, NO, Sight.PER_CODER, NO, Sight.JOINT_DISPLAY),
    Thing.MICRODATA: (NO, NO, NO, NO, NO, Sight.PSEUDONYMOUS, NO, Sight.SAFE_FILE),
    Thing.LINKAGE_KEY: (NO, NO, NO, NO, NO, NO, W, NO),
}
CASES = [
    (reader, thing, sight) for thing, row in TABLE.items() for reader, sight in zip(Reader, row, strict=True)
]


def test_the_table_has_every_thing_and_every_reader():
    assert set(TABLE) == set(Thing)
    assert len(CASES) == len(Thing) * len(Reader)


@pytest.mark.parametrize(("reader", "thing", "sight"), CASES)
def test_at_best_everybody_sees_what_the_table_says(reader, thing, sight):
    assert may_see(reader, thing, EVERYTHING, USUAL) == sight


@pytest.mark.parametrize(("reader", "thing"), list(itertools.product(Reader, Thing)))
def test_of_what_nothing_is_known_nobody_sees_anything_but_a_facilitator_the_rounded_count(reader, thing):
    wanted = Sight.ROUNDED_COUNT if (reader, thing) == (Reader.FACILITATOR, Thing.WHO_ANSWERED) else NO
    assert may_see(reader, thing, Facts(), USUAL) == wanted


# Each line: taking this one fact away takes the sight of the thing from these readers, and from them alone.
WARD = {Reader.RESPONDENT, Reader.COLLEAGUE, Reader.FACILITATOR, Reader.LEADER, Reader.REPRESENTATIVE}
NUMBERS = [(Thing.MEAN, 7), (Thing.SINGLE_ITEM, 15), (Thing.DISTRIBUTION, 20)]
LOST = [
    *((thing, {"n": least - 1}, WARD | {Reader.RESEARCHER}) for thing, least in NUMBERS),
    *((thing, {"is_released": False}, WARD | {Reader.RESEARCHER}) for thing, _least in NUMBERS),
    *((thing, {"is_open_to_circle": False}, WARD) for thing, _least in NUMBERS),
    *((thing, {"is_open_to_leader": False}, {Reader.LEADER}) for thing, _least in NUMBERS),
    *((thing, {"is_own": False}, WARD) for thing, _least in NUMBERS),
    (Thing.OWN_ANSWERS, {"is_own": False}, {Reader.RESPONDENT}),
    (Thing.WHO_ANSWERED, {"invited": 9}, {Reader.LEADER}),
    (Thing.WHO_ANSWERED, {"is_response_keeper": False}, {Reader.RESEARCHER}),
    (
        Thing.COMPARISON,
        {"other_wards": 2},
        {Reader.LEADER, Reader.REPRESENTATIVE, Reader.RESEARCHER, Reader.PUBLIC},
    ),
    (Thing.COMPARISON, {"other_people": 29}, {Reader.LEADER, Reader.REPRESENTATIVE}),
    (Thing.FREE_TEXT, {"may_paraphrase": False}, {Reader.FACILITATOR, Reader.LEADER, Reader.REPRESENTATIVE}),
    (Thing.FREE_TEXT, {"may_quote": False}, {Reader.PUBLIC}),
    (
        Thing.FREE_TEXT,
        {"is_approved": False},
        {Reader.FACILITATOR, Reader.LEADER, Reader.REPRESENTATIVE, Reader.PUBLIC},
    ),
    (Thing.FREE_TEXT, {"n": 6}, {Reader.FACILITATOR, Reader.LEADER, Reader.REPRESENTATIVE, Reader.PUBLIC}),
    (Thing.FREE_TEXT, {"is_open_to_leader": False}, {Reader.LEADER}),
    (Thing.FREE_TEXT, {"has_consent": False}, {Reader.RESEARCHER, Reader.PUBLIC}),
    (Thing.CODED, {"is_coder": False}, {Reader.RESEARCHER}),
    (Thing.MICRODATA, {"agreement": " "}, {Reader.RESEARCHER}),
    (Thing.MICRODATA, {"k": 4}, {Reader.PUBLIC}),
    (Thing.MICRODATA, {"l": 1}, {Reader.PUBLIC}),
    (Thing.LINKAGE_KEY, {"other_person_agreed": False}, {Reader.STEWARD}),
    *((thing, {"has_permission": False}, {Reader.RESEARCHER}) for thing, _least in NUMBERS),
]


@pytest.mark.parametrize(("thing", "without", "losing"), LOST)
def test_one_fact_less_and_these_see_nothing_while_the_others_still_do(thing, without, losing):
    facts = replace(EVERYTHING, **without)
    before = {reader for reader in Reader if may_see(reader, thing, EVERYTHING, USUAL)}
    assert {reader for reader in before if not may_see(reader, thing, facts, USUAL)} == losing


@pytest.mark.parametrize(("thing", "least"), NUMBERS)
def test_at_the_limit_it_is_seen_and_a_stricter_limit_is_followed(thing, least):
    facts = replace(EVERYTHING, n=least)
    assert may_see(Reader.COLLEAGUE, thing, facts, USUAL) == W
    strict = Thresholds.for_scale(Scale(1, 5, 3, is_sensitive=True))
    assert bool(may_see(Reader.COLLEAGUE, thing, facts, strict)) == (least >= 20)


def test_the_leader_is_not_before_the_circle_even_when_her_day_has_come():
    facts = replace(EVERYTHING, is_open_to_circle=False, is_open_to_leader=True)
    for thing in (Thing.MEAN, Thing.SINGLE_ITEM, Thing.DISTRIBUTION, Thing.COMPARISON, Thing.FREE_TEXT):
        assert may_see(Reader.LEADER, thing, facts, USUAL) == NO
