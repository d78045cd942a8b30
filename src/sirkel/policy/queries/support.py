"""The way down: what a clause rests on, and as much of it as each reader may see."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sirkel.circles.queries.thread import circles_behind
from sirkel.network.queries.cards import CardReading, readings_of
from sirkel.policy.enums import RecommendationState
from sirkel.policy.models import Clause, ClauseSupport, Recommendation
from sirkel.policy.queries.recommendations import writes_as
from sirkel.policy.rules.strength import Strength, is_experience_based, strength


@dataclass(frozen=True)
class SupportView:
    """One card beneath a clause, as one reader may see it; who linked it only as a capacity."""

    card: CardReading
    confidence: str
    confidence_words: str
    decided_as: str
    decided_on: date

    @property
    def is_withdrawn(self) -> bool:
        """Whether the card no longer carries: held back or taken back."""
        return self.card.is_gone


@dataclass(frozen=True)
class ClauseView:
    """A clause with what it rests on. ``is_experience_based`` when fewer than two circles stand behind it."""

    clause: Clause
    strength: Strength
    is_experience_based: bool
    supports: list[SupportView]

    @property
    def is_weak(self) -> bool:
        """Whether something beneath it is gone."""
        return self.strength != Strength.STANDS


@dataclass(frozen=True)
class RecommendationView:
    """A recommendation with its clauses, as one reader may see it."""

    recommendation: Recommendation
    clauses: list[ClauseView]

    @property
    def is_weakened(self) -> bool:
        """Whether anything beneath any clause is gone."""
        return any(clause.is_weak for clause in self.clauses)


def support_of(clause: Clause, reader: object, *, at: datetime | None = None) -> ClauseView:
    """Return what a clause rests on, no further than the reader may see."""
    return _clauses([clause], reader, at)[0]


def view_of(
    recommendation: Recommendation, reader: object, *, at: datetime | None = None
) -> RecommendationView:
    """Return a recommendation with the way down, no further than the reader may see.

    The number of queries does not grow with clauses or cards.
    """
    return RecommendationView(
        recommendation=recommendation,
        clauses=_clauses(Clause.objects.filter(recommendation=recommendation).order_by("letter"), reader, at),
    )


def open_view_of(
    recommendation: Recommendation, reader: object, *, at: datetime | None = None
) -> RecommendationView | None:
    """Return a recommendation with the way down; None for all but its writers while it is being revised."""
    if recommendation.is_draft and writes_as(reader, at=at) is None:
        return None
    return view_of(recommendation, reader, at=at)


def _clauses(clauses: Iterable[Clause], reader: object, at: datetime | None) -> list[ClauseView]:
    kept = list(clauses)
    supports = list(ClauseSupport.objects.filter(clause__in=kept).order_by("decided_on", "id"))
    readings = readings_of({support.card_id for support in supports}, reader, at=at)
    circles = circles_behind(reading.share_item_id for reading in readings.values())
    by_clause: dict[uuid.UUID, list[SupportView]] = {clause.id: [] for clause in kept}
    for support in supports:
        by_clause[support.clause_id].append(_support(support, readings[support.card_id]))
    return [_clause(clause, by_clause[clause.id], circles) for clause in kept]


def _support(support: ClauseSupport, card: CardReading) -> SupportView:
    return SupportView(
        card=card,
        confidence=support.confidence,
        confidence_words=support.get_confidence_display(),
        decided_as=support.get_decided_as_display(),
        decided_on=support.decided_on,
    )


def _clause(clause: Clause, supports: list[SupportView], circles: dict[uuid.UUID, uuid.UUID]) -> ClauseView:
    standing = {circles[support.card.share_item_id] for support in supports if not support.is_withdrawn}
    return ClauseView(
        clause=clause,
        strength=strength((support.is_withdrawn, support.card.has_lost_a_note) for support in supports),
        is_experience_based=is_experience_based(len(standing)),
        supports=supports,
    )


def clauses_resting_on(card_ids: Iterable[uuid.UUID]) -> list[ClauseView]:
    """Return the published (or since retired) clauses that rest on any of these cards, as a stranger sees them."""
    clauses = (
        Clause.objects.filter(supports__card__in=list(card_ids))
        .exclude(recommendation__state=RecommendationState.DRAFT)
        .select_related("recommendation")
        .distinct()
        .order_by("recommendation__number", "letter")
    )
    return _clauses(clauses, None, None)


def numbers_resting_on(card_id: uuid.UUID, reader: object, *, at: datetime | None = None) -> set[int]:
    """Return the numbers of the recommendations that rest on a card and whose clauses a reader may read."""
    clauses = Clause.objects.filter(supports__card=card_id)
    if writes_as(reader, at=at) is None:
        clauses = clauses.exclude(recommendation__state=RecommendationState.DRAFT)
    return set(clauses.values_list("recommendation__number", flat=True))
