"""Which recommendations somebody may see, and who writes them."""

from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from sirkel.kernel import clock
from sirkel.kernel.errors import NotAllowed, NotFound
from sirkel.people.enums import Role
from sirkel.people.models import Person
from sirkel.people.queries.roles import roles_of
from sirkel.policy.enums import RecommendationState
from sirkel.policy.models import Clause, Recommendation

WRITERS = (Role.POLICY, Role.COORDINATOR)


def writes_as(person: object, *, at: datetime | None = None) -> Role | None:
    """Return the role in which somebody writes recommendations, policy officer first; None for everybody else."""
    if not isinstance(person, Person):
        return None
    held = set(roles_of(person, at=at or clock.now()).filter(role__in=WRITERS).values_list("role", flat=True))
    return next((role for role in WRITERS if role in held), None)


def must_write(person: object, *, at: datetime) -> Role:
    """Return the role in which somebody writes.

    Raises:
        NotAllowed: ``recommendations.writers``.

    """
    role = writes_as(person, at=at)
    if role is None:
        raise NotAllowed(
            "recommendations.writers",
            _("Recommendations are written by policy officers and coordinators."),
        )
    return role


def recommendations_visible_to(person: object, *, at: datetime | None = None) -> QuerySet[Recommendation]:
    """Return the recommendations somebody may know of, by number.

    Everybody: those that are or once were published, also while they are being revised; what a revised
    one says is shown to its writers alone. Writers: all.
    """
    if writes_as(person, at=at):
        return Recommendation.objects.all()
    return Recommendation.objects.filter(~Q(state=RecommendationState.DRAFT) | Q(version__gt=0))


def recommendation_for(person: object, number: int, *, at: datetime | None = None) -> Recommendation:
    """Return a recommendation that somebody asks for.

    Raises:
        NotFound: no such number, or not for this reader: the answer is the same.

    """
    found = recommendations_visible_to(person, at=at).filter(number=number).first()
    if found is None:
        raise NotFound("recommendations.none", _("There is no such recommendation."))
    return found


def clause_of(recommendation: Recommendation, letter: str) -> Clause:
    """Return a clause by its letter.

    Raises:
        NotFound: the recommendation has no such clause.

    """
    clause = Clause.objects.filter(recommendation=recommendation, letter=letter).first()
    if clause is None:
        raise NotFound("clauses.none", _("There is no such clause."))
    return clause
