"""Who holds which role where, and when."""

from datetime import datetime

from django.db.models import Q, QuerySet

from sirkel.people.enums import Role, Scope
from sirkel.people.models import Organisation, Person, RoleAssignment, Workplace


def roles_of(person: Person, *, at: datetime) -> QuerySet[RoleAssignment]:
    """Return the roles a person holds at a moment; none for somebody no longer active."""
    if not person.is_active:
        return RoleAssignment.objects.none()
    return RoleAssignment.objects.filter(person=person, valid_from__lte=at).filter(
        Q(valid_to__isnull=True) | Q(valid_to__gt=at)
    )


# Where somebody begins who leads no circle: the first role they hold decides.
HOMES = (
    (Role.FACILITATOR, "/circles/"),
    (Role.LEADER, "/leader/"),
    (Role.UNION, "/representative/"),
    (Role.POLICY, "/policy/"),
    (Role.COORDINATOR, "/network/cards/"),
    (Role.ADMINISTRATOR, "/administration/"),
)
# A circle belongs to a workplace, not to a unit of it. Whoever has a role in a unit alone may begin a circle there, which
# shows nothing of others; but sees, as leader or representative, no circles of the whole workplace.
_COUNTS_FROM_UNIT = (Role.FACILITATOR,)


def home_of(person: Person, *, at: datetime) -> str:
    """Return the page at which a person's work begins: the circles, unless a role has a page of its own."""
    held = set(roles_of(person, at=at).values_list("role", flat=True))
    return next((home for role, home in HOMES if role in held), "/circles/")


def homes_of(person: object, *, at: datetime) -> list[tuple[Role, str]]:
    """Return the page of each role a person holds, in the order of ``HOMES``; none for an anonymous visitor."""
    if not isinstance(person, Person):
        return []
    held = set(roles_of(person, at=at).values_list("role", flat=True))
    return [(role, home) for role, home in HOMES if role in held]


def has_role(person: object, role: Role, *, at: datetime) -> bool:
    """Tell whether somebody holds a role anywhere; an anonymous visitor holds none."""
    return isinstance(person, Person) and roles_of(person, at=at).filter(role=role).exists()


def workplaces_where(person: Person, role: Role, *, at: datetime) -> QuerySet[Workplace]:
    """Return the workplaces at which a person holds a role: by name, or by holding it in the whole organisation.

    A role in one of its units counts for facilitators alone.
    """
    held = _wide_enough(roles_of(person, at=at), role)
    return (
        Workplace.objects.filter(
            Q(id__in=held.values("workplace"))
            | Q(organisation__in=held.filter(workplace__isnull=True).values("organisation"))
        )
        .select_related("organisation")
        .order_by("organisation__name", "name")
    )


def holders_at(workplace: Workplace, role: Role, *, at: datetime) -> QuerySet[Person]:
    """Return who holds a role at a workplace, or in the whole of its organisation; of a unit, facilitators alone."""
    held = _wide_enough(RoleAssignment.objects.filter(valid_from__lte=at), role).filter(
        Q(valid_to__isnull=True) | Q(valid_to__gt=at),
        Q(workplace=workplace) | Q(workplace__isnull=True, organisation=workplace.organisation_id),
    )
    return Person.objects.filter(is_active=True, id__in=held.values("person")).order_by(
        "first_name", "family_name"
    )


def keepers_of_heads(organisation: Organisation, *, at: datetime) -> QuerySet[Person]:
    """Return who keeps the head of an organisation's trail: its leaders and representatives, and those of its workplaces.

    Invented people of a demo have no mail box.
    """
    held = RoleAssignment.objects.filter(organisation=organisation, valid_from__lte=at).filter(
        Q(valid_to__isnull=True) | Q(valid_to__gt=at)
    )
    keepers = held.filter(role__in=(Role.LEADER, Role.UNION), unit__isnull=True)
    found = Person.objects.filter(is_active=True, is_demo=False, id__in=keepers.values("person"))
    return found.order_by("id")


def _wide_enough(held: QuerySet[RoleAssignment], role: Role) -> QuerySet[RoleAssignment]:
    """Return those of these assignments that are this role and reach a whole workplace."""
    held = held.filter(role=role)
    return held if role in _COUNTS_FROM_UNIT else held.filter(unit__isnull=True)


def workplaces_where_facilitator(person: Person, *, at: datetime) -> QuerySet[Workplace]:
    """Return the workplaces at which a person may begin a circle."""
    return workplaces_where(person, Role.FACILITATOR, at=at)


def facilitators_at(workplace: Workplace, *, at: datetime) -> QuerySet[Person]:
    """Return who may facilitate a circle at a workplace."""
    return holders_at(workplace, Role.FACILITATOR, at=at)


def organisations_administered(person: object, *, at: datetime) -> QuerySet[Organisation]:
    """Return the organisations of which somebody is administrator; a role at one of its workplaces is none of that."""
    if not isinstance(person, Person):
        return Organisation.objects.none()
    held = roles_of(person, at=at).filter(role=Role.ADMINISTRATOR, workplace__isnull=True)
    return Organisation.objects.filter(id__in=held.values("organisation")).order_by("name", "id")


def keeps_house(person: object, *, at: datetime) -> bool:
    """Tell whether somebody keeps the whole installation: is its administrator, or that of every organisation in it.

    With several organisations none of their administrators does: what waits and how the server is set concerns all.
    """
    if not isinstance(person, Person):
        return False
    if kept_by(person, at=at).exists():
        return True
    own = organisations_administered(person, at=at)
    return own.exists() and not Organisation.objects.exclude(id__in=own.values("id")).exists()


def administers_anything(person: object, *, at: datetime) -> bool:
    """Tell whether somebody is administrator of an organisation, or of the whole installation."""
    if not isinstance(person, Person):
        return False
    return organisations_administered(person, at=at).exists() or kept_by(person, at=at).exists()


def kept_by(person: Person, *, at: datetime) -> QuerySet[RoleAssignment]:
    """Return the administrator roles that somebody holds for the whole installation."""
    return roles_of(person, at=at).filter(
        role=Role.ADMINISTRATOR, network__isnull=True, programme__isnull=True, organisation__isnull=True
    )


def scope_of(role: RoleAssignment) -> Scope:
    """Return how far an assignment reaches."""
    return next(
        (scope for scope in reversed(Scope) if getattr(role, f"{scope.value}_id", None) is not None),
        Scope.INSTALLATION,
    )
