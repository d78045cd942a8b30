"""Recommendations: writing them in clauses, linking each clause to the cards it rests on, publishing."""

import uuid
from datetime import datetime

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from sirkel.circles.domain.wording import words_for_circle
from sirkel.kernel import audit
from sirkel.kernel.errors import Refused
from sirkel.network.queries.cards import card_for
from sirkel.people.models import Person
from sirkel.policy.enums import Confidence, RecommendationState
from sirkel.policy.models import Clause, ClauseSupport, Recommendation
from sirkel.policy.queries.recommendations import clause_of, must_write, recommendation_for
from sirkel.policy.queries.support import view_of
from sirkel.policy.rules.strength import Strength, next_letter

TITLE_LENGTH = 200
CLAUSE_LENGTH = 1000
_LANGUAGES = {code for code, _name in settings.LANGUAGES}
_TRIES = 5


def start(*, acting: Person, title: str, lang: str, at: datetime) -> Recommendation:
    """Begin a draft under the next free number.

    Raises:
        NotAllowed: not a writer.
        Refused: ``recommendations.lang``; as for notes (empty, too long, a personal number).

    """
    must_write(acting, at=at)
    kept = words_for_circle(title, most=TITLE_LENGTH, is_sure=True)
    _must_know(lang)
    for _attempt in range(_TRIES):
        last = Recommendation.objects.aggregate(last=Max("number"))["last"] or 0
        try:
            with transaction.atomic():
                made = Recommendation.objects.create(number=last + 1, title=kept, lang=lang)
                _record(made, "recommendation.started", acting, at)
        except IntegrityError:
            continue
        return made
    raise Refused(
        "recommendations.number", _("Somebody else began one at the same moment."), _("Try once more.")
    )


def rename(*, acting: Person, number: int, title: str, lang: str, at: datetime) -> Recommendation:
    """Change a draft's title and language.

    Raises:
        NotAllowed, NotFound: as for `write_clause`. Refused: as for `start`; ``recommendations.out``.

    """
    kept = words_for_circle(title, most=TITLE_LENGTH, is_sure=True)
    _must_know(lang)
    with transaction.atomic():
        recommendation = _draft(acting, number, at)
        recommendation.title, recommendation.lang = kept, lang
        recommendation.save(update_fields=["title", "lang"])
    return recommendation


def write_clause(
    *, acting: Person, number: int, text: str, lang: str, at: datetime, letter: str = ""
) -> Clause:
    """Write a clause of a draft, or change the one with this letter.

    A new clause gets the letter after the last; a letter that was struck in the middle stays free.

    Raises:
        NotAllowed: not a writer. NotFound: no such recommendation or clause.
        Refused: ``recommendations.out`` unless it is a draft; ``clauses.many`` after z; as for notes.

    """
    kept = words_for_circle(text, most=CLAUSE_LENGTH, is_sure=True)
    _must_know(lang)
    with transaction.atomic():
        recommendation = _draft(acting, number, at)
        if letter:
            clause = clause_of(recommendation, letter)
            clause.text, clause.lang = kept, lang
            clause.save(update_fields=["text", "lang"])
            return clause
        new = next_letter(recommendation.clauses.values_list("letter", flat=True))
        if not new:
            raise Refused("clauses.many", _("A recommendation has no more than 26 clauses."))
        return Clause.objects.create(recommendation=recommendation, letter=new, text=kept, lang=lang)


def strike_clause(*, acting: Person, number: int, letter: str, at: datetime) -> None:
    """Take a clause out of a draft, with its links.

    Raises:
        NotAllowed, NotFound, Refused: as for `write_clause`.

    """
    with transaction.atomic():
        clause_of(_draft(acting, number, at), letter).delete()


def rest_on(
    *, acting: Person, number: int, letter: str, card_id: uuid.UUID, confidence: Confidence, at: datetime
) -> ClauseSupport:
    """Let a clause rest on a card; a second time changes how sure one is.

    Raises:
        NotAllowed: not a writer. NotFound: no such clause, or a card this writer may not see.
        Gone: the card was held back or taken back.
        Refused: ``recommendations.out``; ``clauses.confidence``.

    """
    if confidence not in Confidence.values:
        raise Refused("clauses.confidence", _("Say how sure you are."))
    with transaction.atomic():
        recommendation = _draft(acting, number, at)
        clause = clause_of(recommendation, letter)
        card = card_for(acting, card_id, at=at)
        if not card.is_shared:
            raise Refused("cards.held_back", _("This card is held back."), _("A clause cannot rest on it."))
        support, _made = ClauseSupport.objects.update_or_create(
            clause=clause,
            card=card,
            defaults={
                "decided_by": acting,
                "decided_as": must_write(acting, at=at),
                "decided_on": at.date(),
                "confidence": confidence,
            },
        )
        _record(
            recommendation,
            "recommendation.linked",
            acting,
            at,
            clause=clause.id,
            card=card.id,
            confidence=str(confidence),
        )
    return support


def let_go(*, acting: Person, number: int, letter: str, card_id: uuid.UUID, at: datetime) -> None:
    """Let a clause rest on a card no longer; letting go twice changes nothing.

    Raises:
        NotAllowed, NotFound, Refused: as for `write_clause`.

    """
    with transaction.atomic():
        recommendation = _draft(acting, number, at)
        clause = clause_of(recommendation, letter)
        count, _rows = ClauseSupport.objects.filter(clause=clause, card=card_id).delete()
        if count:
            _record(recommendation, "recommendation.unlinked", acting, at, clause=clause.id, card=card_id)


def publish(*, acting: Person, number: int, at: datetime) -> Recommendation:
    """Publish a draft as its next version.

    Raises:
        NotAllowed: not a writer. NotFound: no such recommendation.
        Refused: ``recommendations.out`` unless it is a draft; ``recommendations.no_clauses``;
            ``recommendations.unsupported`` when a clause rests on nothing that stands (facts: letters).

    """
    with transaction.atomic():
        recommendation = _draft(acting, number, at)
        clauses = view_of(recommendation, acting, at=at).clauses
        if not clauses:
            raise Refused(
                "recommendations.no_clauses",
                _("There is nothing to publish yet."),
                _("Write a clause first."),
            )
        bare = [clause.clause.letter for clause in clauses if clause.strength == Strength.UNSUPPORTED]
        if bare:
            raise Refused(
                "recommendations.unsupported",
                _("Every clause needs a card to rest on. Missing: %s.") % ", ".join(bare),
                _("Link a card to each clause, or strike the clause."),
                facts={"letters": bare},
            )
        recommendation.state = RecommendationState.PUBLISHED
        recommendation.version += 1
        recommendation.published_on = at.date()
        recommendation.save(update_fields=["state", "version", "published_on"])
        _record(recommendation, "recommendation.published", acting, at, version=recommendation.version)
    return recommendation


def unpublish(*, acting: Person, number: int, at: datetime) -> Recommendation:
    """Take a published or retired recommendation back to be revised; its page says so meanwhile.

    Raises:
        NotAllowed, NotFound: as for `publish`. Refused: ``recommendations.draft`` when it is a draft already.

    """
    return _turn(acting, number, at, to=RecommendationState.DRAFT, verb="recommendation.unpublished")


def retire(*, acting: Person, number: int, at: datetime) -> Recommendation:
    """Say that a published recommendation is no longer recommended; it stays readable, so that a citation resolves.

    Raises:
        NotAllowed, NotFound: as for `publish`. Refused: ``recommendations.draft`` unless it is published.

    """
    return _turn(acting, number, at, to=RecommendationState.RETIRED, verb="recommendation.retired")


def _turn(acting: Person, number: int, at: datetime, *, to: RecommendationState, verb: str) -> Recommendation:
    must_write(acting, at=at)
    with transaction.atomic():
        recommendation = _locked(acting, number, at)
        if recommendation.is_draft:
            raise Refused("recommendations.draft", _("This recommendation is a draft."))
        if recommendation.state != to:
            recommendation.state = to
            recommendation.save(update_fields=["state"])
            _record(recommendation, verb, acting, at)
    return recommendation


def _draft(acting: Person, number: int, at: datetime) -> Recommendation:
    must_write(acting, at=at)
    recommendation = _locked(acting, number, at)
    if not recommendation.is_draft:
        raise Refused(
            "recommendations.out",
            _("This recommendation is published."),
            _("Take it back to revise it first."),
        )
    return recommendation


def _locked(acting: Person, number: int, at: datetime) -> Recommendation:
    found = recommendation_for(acting, number, at=at)
    return Recommendation.objects.select_for_update().get(id=found.id)


def _must_know(lang: str) -> None:
    if lang not in _LANGUAGES:
        raise Refused("recommendations.lang", _("Choose one of the languages."))


def _record(
    recommendation: Recommendation, verb: str, acting: Person, at: datetime, **facts: audit.Fact
) -> None:
    audit.record(
        chain=None,
        acting=acting.id,
        verb=verb,
        target=recommendation.id,
        facts={"number": recommendation.number, **facts},
        at=at,
    )
