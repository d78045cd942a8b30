"""Who sees what: the one function that every page, file and figure asks before it shows something of a survey.

The answer says in which form a thing may be seen; nothing is the answer to whatever is not allowed expressly. The
function knows no database: what it must know stands in :class:`Facts`, and what is left out counts as not so.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from sirkel.evidence.disclosure.thresholds import (
    LEAST_FOR_DISTRIBUTION,
    LEAST_FOR_LEADER_COUNT,
    LEAST_FOR_SINGLE_ITEM,
    LEAST_K,
    LEAST_L,
    LEAST_OTHER_PEOPLE,
    LEAST_OTHER_WARDS,
    Thresholds,
)


class Reader(StrEnum):
    """Who looks."""

    RESPONDENT = "respondent"
    COLLEAGUE = "colleague"
    FACILITATOR = "facilitator"
    LEADER = "leader"
    REPRESENTATIVE = "representative"
    RESEARCHER = "researcher"
    STEWARD = "steward"
    PUBLIC = "public"


class Thing(StrEnum):
    """What is looked at."""

    OWN_ANSWERS = "own_answers"
    WHO_ANSWERED = "who_answered"
    MEAN = "mean"
    SINGLE_ITEM = "single_item"
    DISTRIBUTION = "distribution"
    COMPARISON = "comparison"
    FREE_TEXT = "free_text"
    CODED = "coded"
    MICRODATA = "microdata"
    LINKAGE_KEY = "linkage_key"


class Sight(StrEnum):
    """In which form. ``NOTHING`` alone is false."""

    NOTHING = ""
    WHOLE = "whole"
    OWN = "own"
    ROUNDED_COUNT = "rounded_count"
    PSEUDONYMOUS = "pseudonymous"
    PARAPHRASE = "paraphrase"
    QUOTE = "quote"
    RAW = "raw"
    PER_CODER = "per_coder"
    OWN_AGAINST_REST = "own_against_rest"
    CODED_UNITS = "coded_units"
    JOINT_DISPLAY = "joint_display"
    SAFE_FILE = "safe_file"


@dataclass(frozen=True, slots=True)
class Facts:
    """What must be known of a thing before anybody sees it. Whatever is not said counts as not so.

    Attributes:
        n: answers behind a number.
        invited: people who were asked.
        is_released: it stands, as released, in a release of a closed wave.
        is_open_to_circle: the day from which the circle sees the release has come.
        is_open_to_leader: the day from which the leader sees it has come.
        is_own: the reader wrote it, and shows it with her own key; for a unit's numbers, the unit is the reader's.
        other_wards: how many other wards a comparison is made with.
        other_people: how many people answered there.
        may_paraphrase: who wrote a text allowed the circle to read its meaning.
        may_quote: who wrote a text allowed others to read its words.
        is_approved: two people let it out.
        has_consent: who wrote it allowed research to read it.
        has_permission: the study's permission covers it.
        is_coder: the reader codes this material.
        is_response_keeper: the reader keeps the list of who answered, and does not analyse.
        agreement: the number of the agreement that covers an export.
        k: how many rows of a file look alike at the least.
        l: how many different answers each such group holds at the least.
        other_person_agreed: a second person confirmed.

    """

    n: int = 0
    invited: int = 0
    is_released: bool = False
    is_open_to_circle: bool = False
    is_open_to_leader: bool = False
    is_own: bool = False
    other_wards: int = 0
    other_people: int = 0
    may_paraphrase: bool = False
    may_quote: bool = False
    is_approved: bool = False
    has_consent: bool = False
    has_permission: bool = False
    is_coder: bool = False
    is_response_keeper: bool = False
    agreement: str = ""
    k: int = 0
    l: int = 0  # noqa: E741 -- the name it has in the literature
    other_person_agreed: bool = False


def may_see(reader: Reader, thing: Thing, facts: Facts, thresholds: Thresholds) -> Sight:
    """Return in which form a reader may see a thing; ``Sight.NOTHING`` unless it is allowed expressly.

    Args:
        reader: who looks.
        thing: what is looked at.
        facts: what is known of it.
        thresholds: the limits of the scale it is about.

    """
    return _RULES[thing](reader, facts, thresholds)


def rounded_count(answered: int) -> int:
    """Return how many have answered so far as it may be seen while a wave is open: rounded down to fives."""
    return answered - answered % 5


def _own_answers(reader: Reader, facts: Facts, _limits: Thresholds) -> Sight:
    if reader == Reader.RESPONDENT and facts.is_own:
        return Sight.OWN
    if reader == Reader.RESEARCHER and facts.has_permission:
        return Sight.PSEUDONYMOUS
    return Sight.NOTHING


def _who_answered(reader: Reader, facts: Facts, _limits: Thresholds) -> Sight:
    if reader == Reader.RESPONDENT and facts.is_own:
        return Sight.OWN
    if reader == Reader.FACILITATOR:
        return Sight.ROUNDED_COUNT
    if reader == Reader.LEADER and facts.invited >= LEAST_FOR_LEADER_COUNT:
        return Sight.ROUNDED_COUNT
    if reader == Reader.RESEARCHER and facts.is_response_keeper:
        return Sight.WHOLE
    return Sight.NOTHING


def _numbers(least: int | None) -> "Rule":
    """Return the rule for a ward's numbers of one kind, which need so many answers."""

    def rule(reader: Reader, facts: Facts, limits: Thresholds) -> Sight:
        if not facts.is_released or facts.n < max(limits.answered, least or 0):
            return Sight.NOTHING
        if reader == Reader.RESEARCHER:
            return Sight.WHOLE if facts.has_permission else Sight.NOTHING
        if reader == Reader.LEADER:  # never before the circle, whatever day was set
            is_open = facts.is_open_to_circle and facts.is_open_to_leader
        else:
            is_open = facts.is_open_to_circle
        return Sight.WHOLE if is_open and reader in _AT_THE_WARD and facts.is_own else Sight.NOTHING

    return rule


def _comparison(reader: Reader, facts: Facts, limits: Thresholds) -> Sight:
    if not facts.is_released or facts.n < limits.answered or facts.other_wards < LEAST_OTHER_WARDS:
        return Sight.NOTHING
    if reader == Reader.RESEARCHER:
        return Sight.WHOLE if facts.has_permission else Sight.NOTHING
    if reader == Reader.PUBLIC:
        return Sight.CODED_UNITS if facts.is_approved else Sight.NOTHING
    is_open = facts.is_open_to_circle and (reader != Reader.LEADER or facts.is_open_to_leader)
    is_enough = facts.other_people >= LEAST_OTHER_PEOPLE
    is_reader = reader in {Reader.LEADER, Reader.REPRESENTATIVE} and facts.is_own
    return Sight.OWN_AGAINST_REST if is_open and is_enough and is_reader else Sight.NOTHING


def _free_text(reader: Reader, facts: Facts, limits: Thresholds) -> Sight:
    if reader == Reader.RESPONDENT and facts.is_own:
        return Sight.OWN
    if reader == Reader.RESEARCHER:
        return Sight.RAW if facts.has_consent and facts.has_permission else Sight.NOTHING
    if facts.n < limits.answered or not (facts.is_released and facts.is_approved):
        return Sight.NOTHING
    if reader == Reader.PUBLIC:
        return Sight.QUOTE if facts.may_quote and facts.has_consent else Sight.NOTHING
    is_open = facts.is_open_to_circle and (reader != Reader.LEADER or facts.is_open_to_leader)
    is_reader = reader in {Reader.FACILITATOR, Reader.LEADER, Reader.REPRESENTATIVE}
    return Sight.PARAPHRASE if is_open and is_reader and facts.may_paraphrase else Sight.NOTHING


def _coded(reader: Reader, facts: Facts, _limits: Thresholds) -> Sight:
    if reader == Reader.RESEARCHER and facts.is_coder and facts.has_permission:
        return Sight.PER_CODER
    if reader == Reader.PUBLIC and facts.is_released and facts.is_approved:
        return Sight.JOINT_DISPLAY
    return Sight.NOTHING


def _microdata(reader: Reader, facts: Facts, _limits: Thresholds) -> Sight:
    if reader == Reader.RESEARCHER and facts.has_permission and facts.agreement.strip():
        return Sight.PSEUDONYMOUS
    if reader == Reader.PUBLIC and facts.is_approved and facts.k >= LEAST_K and facts.l >= LEAST_L:
        return Sight.SAFE_FILE
    return Sight.NOTHING


def _linkage_key(reader: Reader, facts: Facts, _limits: Thresholds) -> Sight:
    return Sight.WHOLE if reader == Reader.STEWARD and facts.other_person_agreed else Sight.NOTHING


Rule = Callable[[Reader, Facts, Thresholds], Sight]
_AT_THE_WARD = {
    Reader.RESPONDENT,
    Reader.COLLEAGUE,
    Reader.FACILITATOR,
    Reader.LEADER,
    Reader.REPRESENTATIVE,
}
_RULES: Mapping[Thing, Rule] = {
    Thing.OWN_ANSWERS: _own_answers,
    Thing.WHO_ANSWERED: _who_answered,
    Thing.MEAN: _numbers(None),
    Thing.SINGLE_ITEM: _numbers(LEAST_FOR_SINGLE_ITEM),
    Thing.DISTRIBUTION: _numbers(LEAST_FOR_DISTRIBUTION),
    Thing.COMPARISON: _comparison,
    Thing.FREE_TEXT: _free_text,
    Thing.CODED: _coded,
    Thing.MICRODATA: _microdata,
    Thing.LINKAGE_KEY: _linkage_key,
}
