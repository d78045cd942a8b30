"""Who asks what: a person of each role, what is theirs and another's, and every query that takes whoever asks.

Nothing is listed by hand: a function of ``src/sirkel/*/queries/`` is measured when one of its parameters is who asks or
what they were let into, and its other parameters are filled in by their names. One that cannot be filled in is named.
"""

import importlib
import inspect
import pkgutil
import random
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.core.paginator import Paginator
from django.db.models import QuerySet

from bench._access_data import AT
from sirkel.circles.enums import MemberRole
from sirkel.circles.models import Circle, Handover, Meeting, Membership, ShareItem, Trial
from sirkel.circles.queries.standing import Part, Standing, parts_in
from sirkel.kernel.errors import Refused
from sirkel.network.models import ExperienceCard
from sirkel.people.enums import Role
from sirkel.people.models import Organisation, Person, RoleAssignment
from sirkel.people.queries.places import Asker
from sirkel.people.queries.roles import roles_of
from sirkel.policy.models import Clause, Recommendation

ROOMS = ("people", "circles", "network", "policy")
WHO = {"person", "acting", "reader", "asker", "standing", "organisation", "workplace", "workplaces"}
PAGE = 20
# They build an address, or look into the session beside the database; or what they need is made by another ask.
NOT_ASKED = {
    "people.administration.zone_of",
    "people.demo.sign_in_address",
    "people.mail.mail_off_address",
    "people.factors.lacks_factor",
    "people.factors.has_fresh_step",
    "people.identities.is_second_step",
    "circles.forming.join_path",
    "circles.robustness.seen_by",
}


@dataclass(frozen=True)
class Things:
    """What one circle and its organisation hold: that which is asked for."""

    circle: Circle
    meeting: Meeting
    trial: Trial
    handover: Handover
    item: ShareItem
    card: ExperienceCard
    role: RoleAssignment


@dataclass(frozen=True)
class Somebody:
    """Who asks: a person of a role (None is a stranger), what is theirs, and what is another organisation's."""

    kind: str
    person: Person | None
    own: Things
    others: Things


def things_of(circle: Circle) -> Things:
    """Look up what is asked for of one circle."""
    item = ShareItem.objects.get(circle=circle)
    return Things(
        circle=circle,
        meeting=Meeting.objects.filter(circle=circle).order_by("number")[0],
        trial=Trial.objects.get(circle=circle),
        handover=Handover.objects.get(circle=circle),
        item=item,
        card=ExperienceCard.objects.get(share_item=item),
        role=RoleAssignment.objects.filter(workplace=circle.workplace_id).order_by("id")[0],
    )


def askers(count: int) -> list[Somebody]:
    """Give so many people of each role, spread over all organisations: the same at every size as far as there are any."""
    chance = random.Random("askers")  # noqa: S311 -- the same on every run, no secret
    organisations = list(Organisation.objects.order_by("name", "id"))
    chosen = [organisations[place * len(organisations) // count] for place in range(count)]
    found = []
    for organisation in chosen:
        circles = Circle.objects.filter(organisation=organisation).select_related("organisation", "workplace")
        circle = chance.choice(list(circles.order_by("workplace__name", "name", "id")))
        strange = Circle.objects.exclude(organisation=organisation).select_related(
            "organisation", "workplace"
        )
        own, others = things_of(circle), things_of(strange.order_by("id")[chance.randrange(20)])
        found += [Somebody(kind, person, own, others) for kind, person in _people_at(circle, chance)]
    return found


def _people_at(circle: Circle, chance: random.Random) -> Iterator[tuple[str, Person | None]]:
    members = Membership.objects.filter(circle=circle).select_related("person").order_by("id")
    yield "facilitator", next(one.person for one in members if one.role == MemberRole.FACILITATOR)
    yield "member", next(one.person for one in members if one.role == MemberRole.PARTICIPANT)
    here = RoleAssignment.objects.filter(organisation=circle.organisation_id).select_related("person")
    at_workplace = here.filter(workplace=circle.workplace_id, unit=None)
    yield "leader", at_workplace.get(role=Role.LEADER).person
    yield "union", at_workplace.get(role=Role.UNION).person
    yield "administrator", here.filter(role=Role.ADMINISTRATOR).order_by("id")[0].person
    for role in (Role.COORDINATOR, Role.POLICY, Role.RESEARCHER):
        held = RoleAssignment.objects.filter(role=role).select_related("person").order_by("id")
        yield role.value, chance.choice(list(held)).person
    yield "stranger", None


@dataclass(frozen=True)
class Ask:
    """One query: its name, and what calls it for somebody; ``kinds`` are those whom it can be asked for."""

    name: str
    call: Callable[[Somebody, Things], object]
    fits: Callable[[Somebody], bool]


class CannotFillError(Exception):
    """A query has a parameter that this bench does not know how to fill."""


def asks() -> Iterator[Ask]:
    """Yield every query that takes whoever asks.

    Raises:
        CannotFillError: a parameter has a new name; say in ``_fill`` what it is given.

    """
    for room in ROOMS:
        package = importlib.import_module(f"sirkel.{room}.queries")
        for info in pkgutil.iter_modules(package.__path__):
            module = importlib.import_module(f"{package.__name__}.{info.name}")
            for function in vars(module).values():
                is_here = inspect.isfunction(function) and function.__module__ == module.__name__
                if not is_here or function.__name__.startswith("_"):
                    continue
                name = f"{room}.{info.name}.{function.__name__}"
                if WHO & inspect.signature(function).parameters.keys() and name not in NOT_ASKED:
                    yield _ask(name, function)
    from sirkel.network.queries.cards import find_cards  # noqa: PLC0415 -- beside the ones that are found

    yield Ask(
        "network.cards.find_cards, two words",
        lambda who, _of: _read(find_cards(_reader(who), words="sat down", at=AT)),
        lambda _who: True,
    )


def _ask(name: str, function: Callable[..., Any]) -> Ask:
    parameters = [
        one
        for one in inspect.signature(function).parameters.values()
        if one.default is one.empty or one.name == "at"
    ]
    if unknown := {one.name for one in parameters} - FILL.keys():
        raise CannotFillError(f"{name} takes {', '.join(sorted(unknown))}")
    takes = {one.name for one in parameters}

    def call(who: Somebody, of: Things) -> object:
        values = {one.name: FILL[one.name](who, of) for one in parameters}
        placed = [values.pop(one.name) for one in parameters if one.kind is not one.KEYWORD_ONLY]
        return _read(function(*placed, **values))

    def fits(who: Somebody) -> bool:
        if takes & {"organisation"}:
            return who.kind == "administrator"
        if takes & {"workplace", "workplaces"}:
            return who.kind in {"leader", "facilitator"}
        if takes & {"standing"}:
            return who.person is not None and bool(_parts(who, who.own))
        is_for_strangers = name.startswith(("network.cards", "policy.")) and "asker" not in takes
        return who.person is not None or is_for_strangers

    return Ask(name, call, fits)


def _read(answer: object) -> object:
    """Fetch what a page would: all of it, of cards and recommendations their number and the first page."""
    if isinstance(answer, QuerySet):
        if answer.model in {ExperienceCard, Recommendation}:
            return list(Paginator(answer, PAGE).get_page(1))
        return list(answer)
    return list(answer) if isinstance(answer, Iterator) else answer


def _reader(who: Somebody) -> object:
    return who.person or AnonymousUser()


def _parts(who: Somebody, of: Things) -> frozenset[Part]:
    return parts_in(person=who.person, circle=of.circle, at=AT) if who.person else frozenset()


def _asker(who: Somebody) -> Asker:
    assert who.person is not None
    return Asker(who.person, frozenset(roles_of(who.person, at=AT).values_list("role", flat=True)), AT)


def _same_organisation_people(of: Things) -> list[uuid.UUID]:
    held = RoleAssignment.objects.filter(organisation=of.circle.organisation_id).order_by("id")
    return list(islice(held.values_list("person_id", flat=True), 50))


FILL: dict[str, Callable[[Somebody, Things], Any]] = {
    "person": lambda who, _of: _reader(who),
    "acting": lambda who, _of: _reader(who),
    "reader": lambda who, _of: _reader(who),
    "asker": lambda who, _of: _asker(who),
    "standing": lambda who, of: Standing(of.circle, _parts(who, who.own)),
    "at": lambda _who, _of: AT,
    "path": lambda _who, _of: "/circles/",
    "before": lambda _who, _of: None,
    "language": lambda _who, _of: "nb",
    "role": lambda _who, _of: Role.LEADER,
    "until": lambda _who, _of: AT,
    "begins": lambda _who, _of: AT - timedelta(days=30),
    "ends": lambda _who, _of: AT,
    "number": lambda _who, _of: 1,
    "is_led": lambda who, _of: who.kind == "facilitator",
    "seat_pass": lambda _who, _of: None,
    "part": lambda who, _of: Part.REPRESENTATIVE if who.kind == "union" else Part.LEADER,
    "organisation": lambda _who, of: of.circle.organisation,
    "organisation_id": lambda _who, of: of.circle.organisation_id,
    "workplace": lambda _who, of: of.circle.workplace,
    "workplaces": lambda _who, of: [of.circle.workplace],
    "workplace_id": lambda _who, of: of.circle.workplace_id,
    "place_id": lambda _who, of: of.circle.workplace_id,
    "people": lambda _who, of: _same_organisation_people(of),
    "role_id": lambda _who, of: of.role.id,
    "person_id": lambda _who, of: of.role.person_id,
    "circle": lambda _who, of: of.circle,
    "circles": lambda _who, of: [of.circle],
    "circle_id": lambda _who, of: of.circle.id,
    "meeting": lambda _who, of: of.meeting,
    "meeting_id": lambda _who, of: of.meeting.id,
    "trial_id": lambda _who, of: of.trial.id,
    "handover_id": lambda _who, of: of.handover.id,
    # Nothing was anchored, held back from deletion or posted yet: the answer is the refusal.
    "anchor_id": lambda _who, of: of.circle.id,
    "hold_id": lambda _who, of: of.circle.id,
    "mail_id": lambda _who, of: of.circle.id,
    "item_id": lambda _who, of: of.item.id,
    "card": lambda _who, of: of.card,
    "card_id": lambda _who, of: of.card.id,
    "card_ids": lambda _who, of: [of.card.id],
    "clause": lambda _who, _of: Clause.objects.order_by("id")[0],
    "recommendation": lambda _who, _of: Recommendation.objects.order_by("number")[1],
}


def answer(ask: Ask, who: Somebody, of: Things) -> None:
    """Ask; a refusal is an answer too."""
    try:
        ask.call(who, of)
    except Refused:
        return
