"""Roles: how far they reach, in which days, what clashes, and two administrators at once."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from sirkel.circles.queries.standing import Part, parts_in
from sirkel.kernel import audit, clock
from sirkel.kernel.errors import Conflict, NotFound, Refused
from sirkel.kernel.models import AuditEvent
from sirkel.people.domain import giving, places
from sirkel.people.domain.role_checks import Newcomer, Period, place_of
from sirkel.people.enums import Role
from sirkel.people.models import Mail, Person, RoleAssignment, UnitPlacement, Workplace
from sirkel.people.queries.administration import held_role
from sirkel.people.queries.roles import has_role, holders_at, roles_of, workplaces_where
from sirkel.people.rules.conflicts import Clash
from tests.factories.meetings import make_circle, make_workplace
from tests.factories.thread import make_reader

pytestmark = pytest.mark.django_db

LIV = Newcomer("liv@example.org", "Liv", "Prøve", "nb")


class House:
    """An organisation with an administrator and a workplace."""

    def __init__(self, *, zone="Europe/Oslo"):
        self.workplace = make_workplace()
        Workplace.objects.filter(id=self.workplace.id).update(time_zone=zone)
        self.workplace.refresh_from_db()
        self.organisation = self.workplace.organisation
        self.administrator = make_reader(Role.ADMINISTRATOR, organisation=self.organisation)

    def give(
        self, role, *, who=LIV, workplace=None, unit=None, begins=date(2026, 3, 1), until=None, accepts=()
    ):
        return giving.give_role(
            acting=self.administrator,
            organisation_id=self.organisation.id,
            newcomer=who,
            role=role,
            place=place_of(
                self.organisation,
                workplace_id=workplace.id if workplace else None,
                unit_id=unit.id if unit else None,
            ),
            period=Period(begins, until),
            accepts=frozenset(accepts),
            at=clock.now(),
        )

    def unit(self, name="Furu", workplace=None):
        return places.add_unit(
            acting=self.administrator,
            organisation_id=self.organisation.id,
            workplace_id=(workplace or self.workplace).id,
            name=name,
            at=clock.now(),
        )


@pytest.mark.parametrize(
    ("zone", "last_moment"),
    [
        ("Europe/Mariehamn", datetime(2026, 6, 30, 20, 59, 59, tzinfo=UTC)),
        ("Europe/Oslo", datetime(2026, 6, 30, 21, 59, 59, tzinfo=UTC)),
        ("Atlantic/Reykjavik", datetime(2026, 6, 30, 23, 59, 59, tzinfo=UTC)),
    ],
)
def test_a_role_ends_at_the_midnight_of_its_own_place(zone, last_moment):
    house = House(zone=zone)
    role = house.give(Role.LEADER, workplace=house.workplace, until=date(2026, 6, 30))
    for at, holds in ((last_moment, True), (last_moment + timedelta(seconds=1), False)):
        assert has_role(role.person, Role.LEADER, at=at) is holds
        assert workplaces_where(role.person, Role.LEADER, at=at).exists() is holds
        assert holders_at(house.workplace, Role.LEADER, at=at).exists() is holds
    assert held_role(role, at=clock.now()).until == date(2026, 6, 30)


def test_a_role_in_a_unit_does_not_reach_the_whole_workplace():
    """SEC-11: the leader of one unit sees none of the workplace's circles; its facilitator may begin one."""
    house = House()
    unit, at = house.unit(), clock.now()
    circle, _facilitator = make_circle(workplace=house.workplace)
    leader = house.give(Role.LEADER, unit=unit).person
    whole = house.give(Role.LEADER, who=Newcomer("ola@example.org", "Ola"), workplace=house.workplace).person
    facilitator = house.give(Role.FACILITATOR, who=Newcomer("siv@example.org", "Siv"), unit=unit).person
    assert Part.LEADER in parts_in(person=whole, circle=circle, at=at)
    assert Part.LEADER not in parts_in(person=leader, circle=circle, at=at)
    assert not workplaces_where(leader, Role.LEADER, at=at).exists()
    assert list(holders_at(house.workplace, Role.LEADER, at=at)) == [whole]
    assert list(workplaces_where(facilitator, Role.FACILITATOR, at=at)) == [house.workplace]


def test_no_place_of_another_organisation_can_be_had():
    """SEC-11: neither a workplace nor a unit of somebody else's organisation, nor its administration."""
    house, other = House(), House()
    unit, strange = house.unit(), other.unit()
    for ids in ((other.workplace.id, None), (None, strange.id), (house.workplace.id, strange.id)):
        with pytest.raises(NotFound):
            place_of(house.organisation, workplace_id=ids[0], unit_id=ids[1])
    act = {"acting": house.administrator, "organisation_id": house.organisation.id, "at": clock.now()}
    with pytest.raises(NotFound):
        places.add_unit(**act, workplace_id=other.workplace.id, name="Gran")
    with pytest.raises(NotFound):
        places.move_unit(**act, unit_id=unit.id, workplace_id=other.workplace.id)
    with pytest.raises(NotFound):
        places.merge_unit(**act, unit_id=unit.id, into_id=strange.id)
    with pytest.raises(NotFound):
        places.merge_unit(**act, unit_id=strange.id, into_id=unit.id)
    with pytest.raises(NotFound):
        places.add_unit(
            **act | {"organisation_id": other.organisation.id}, workplace_id=other.workplace.id, name="Gran"
        )
    unit.refresh_from_db()
    assert unit.workplace == house.workplace


def test_a_place_gets_another_name_and_stays_the_place_it_is():
    house, other = House(), House()
    unit, beside = house.unit("Furu"), house.unit("Gran")
    role = house.give(Role.LEADER, unit=unit)
    act = {"acting": house.administrator, "organisation_id": house.organisation.id, "at": clock.now()}
    for place, name in (
        (house.organisation, "Elvebyen"),
        (house.workplace, "Nytunet"),
        (unit, "  Furu   øst "),
    ):
        places.rename(**act, place_id=place.id, name=name)
        place.refresh_from_db()
        assert place.name == " ".join(name.split())
    places.rename(**act, place_id=unit.id, name="FURU ØST")  # its own name in other letters is no second one
    told = AuditEvent.objects.filter(chain=house.organisation.id, verb__endswith=".renamed")
    verbs = ["organisation.renamed", "workplace.renamed", "unit.renamed", "unit.renamed"]
    assert list(told.order_by("sequence").values_list("verb", flat=True)) == verbs
    assert all(event.facts == {} for event in told)  # the trail holds no words
    role.refresh_from_db()
    assert (role.unit_id, role.valid_to) == (unit.id, None)

    with pytest.raises(Conflict) as taken:
        places.rename(**act, place_id=unit.id, name="gran")
    assert taken.value.code == "places.name_taken"
    for bad in ("", "   ", "x" * 201):
        with pytest.raises(Refused) as refused:
            places.rename(**act, place_id=unit.id, name=bad)
        assert refused.value.code == "places.name"
    places.close_unit(
        acting=house.administrator, organisation_id=house.organisation.id, unit_id=beside.id, at=clock.now()
    )
    for strange in (other.workplace.id, other.organisation.id, other.unit().id, beside.id):
        with pytest.raises(NotFound):
            places.rename(**act, place_id=strange, name="Kapret")
    with pytest.raises(NotFound):
        places.rename(**act | {"acting": other.administrator}, place_id=unit.id, name="Kapret")
    places.rename(**act, place_id=unit.id, name="Gran")  # what is closed keeps no name from others
    unit.refresh_from_db()
    assert unit.name == "Gran"
    assert told.all().count() == len(verbs) + 1


def test_units_make_no_loop():
    house = House()
    one, two = house.unit("Furu"), house.unit("Gran")
    act = {"acting": house.administrator, "organisation_id": house.organisation.id, "at": clock.now()}
    with pytest.raises(Conflict):
        places.merge_unit(**act, unit_id=one.id, into_id=one.id)
    places.merge_unit(**act, unit_id=one.id, into_id=two.id)
    with pytest.raises(NotFound):
        places.merge_unit(**act, unit_id=two.id, into_id=one.id)
    one.refresh_from_db()
    with pytest.raises(IntegrityError), transaction.atomic():
        one.merged_into = one
        one.save()


def test_moving_and_merging_keep_what_was():
    house = House()
    elsewhere = Workplace.objects.create(organisation=house.organisation, name="Elvetunet")
    unit, into = house.unit("Furu"), house.unit("Gran")
    role = house.give(Role.LEADER, unit=unit)
    act = {"acting": house.administrator, "organisation_id": house.organisation.id}
    moved_at = clock.now() + timedelta(days=10)
    places.move_unit(**act, unit_id=unit.id, workplace_id=elsewhere.id, at=moved_at)
    merged_at = moved_at + timedelta(days=10)
    places.merge_unit(**act, unit_id=unit.id, into_id=into.id, at=merged_at)
    then = list(
        UnitPlacement.objects.filter(unit=unit).order_by("valid_from").values_list("workplace", "valid_to")
    )
    assert then == [(house.workplace.id, moved_at), (elsewhere.id, merged_at)]
    held = list(RoleAssignment.objects.filter(person=role.person).order_by("valid_from"))
    assert [(one.workplace, one.unit, one.valid_to) for one in held] == [
        (house.workplace, unit, moved_at),
        (elsewhere, unit, merged_at),
        (house.workplace, into, None),
    ]
    assert roles_of(role.person, at=merged_at).get() == held[-1]


@pytest.mark.parametrize(
    ("first", "second", "clash"),
    [
        (Role.LEADER, Role.UNION, Clash.LEADER_UNION),
        (Role.FACILITATOR, Role.LEADER, Clash.LEADER_FACILITATOR),
        (Role.RESEARCHER, Role.ADMINISTRATOR, Clash.ADMINISTRATOR_RESEARCHER),
    ],
)
def test_what_does_not_go_together_is_said_and_given_only_knowingly(first, second, clash):
    house = House()
    where = {Role.RESEARCHER: None, Role.ADMINISTRATOR: None}
    house.give(first, workplace=where.get(first, house.workplace))
    place = where.get(second, house.workplace)
    with pytest.raises(Conflict) as refused:
        house.give(second, workplace=place)
    assert refused.value.facts == {"clashes": [clash.value]}
    assert not RoleAssignment.objects.filter(role=second, person__email=LIV.email).exists()
    house.give(second, workplace=place, accepts=[clash])
    event = audit.AuditEvent.objects.filter(verb="role.given").order_by("sequence").last()
    assert event.facts["clashes"] == [clash.value]


def test_roles_at_two_workplaces_or_one_after_the_other_do_not_clash():
    house = House()
    elsewhere = Workplace.objects.create(organisation=house.organisation, name="Elvetunet")
    house.give(Role.LEADER, workplace=house.workplace, until=date(2026, 12, 31))
    house.give(Role.UNION, workplace=elsewhere)
    house.give(Role.UNION, workplace=house.workplace, begins=date(2027, 1, 1))


def test_the_second_of_two_administrators_is_told_and_overwrites_nothing():
    """F-20."""
    house = House()
    role = house.give(Role.LEADER, workplace=house.workplace)
    act = {
        "acting": house.administrator,
        "organisation_id": house.organisation.id,
        "role_id": role.id,
        "version": 1,
    }
    giving.change_role(**act, period=Period(date(2026, 3, 1), date(2027, 1, 31)), at=clock.now())
    with pytest.raises(Conflict) as refused:
        giving.change_role(**act, period=Period(date(2026, 3, 1), date(2028, 1, 31)), at=clock.now())
    assert refused.value.code == "roles.changed"
    with pytest.raises(Conflict):
        giving.end_role(**act, at=clock.now())
    role.refresh_from_db()
    assert held_role(role, at=clock.now()).until == date(2027, 1, 31)


def test_an_organisation_keeps_its_last_administrator():
    house = House()
    own = house.administrator.roles.get()
    act = {
        "acting": house.administrator,
        "organisation_id": house.organisation.id,
        "role_id": own.id,
        "version": 1,
    }
    with pytest.raises(Conflict) as refused:
        giving.end_role(**act, at=clock.now())
    assert refused.value.code == "roles.last"
    house.give(Role.ADMINISTRATOR, begins=date(2026, 1, 1))
    giving.end_role(**act, at=clock.now())
    assert not has_role(house.administrator, Role.ADMINISTRATOR, at=clock.now())


def test_one_mail_says_which_organisation_and_where_to_sign_in(mailoutbox, settings):
    from sirkel.people.domain import outbox

    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    house = House()
    with clock.frozen(datetime(2026, 6, 1, 10, tzinfo=UTC)):
        house.give(Role.UNION, workplace=house.workplace)
        house.give(Role.FACILITATOR, workplace=house.workplace)
        outbox.deliver()
    [mail] = mailoutbox
    assert mail.to == [LIV.email]
    assert house.organisation.name in mail.body
    assert "/accounts/login/" in mail.body
    assert house.workplace.name not in mail.body + mail.subject
    assert Mail.objects.get().about == house.organisation.id


def test_a_known_account_keeps_its_own_name():
    house, other = House(), House()
    person = house.give(Role.UNION, workplace=house.workplace).person
    again = other.give(Role.UNION, who=Newcomer("LIV@example.org", "Noen"), workplace=other.workplace).person
    assert again == person
    assert Person.objects.get(id=person.id).first_name == "Liv"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"role": "policy"}, "roles.role"),
        ({"role": Role.RESEARCHER, "at_workplace": True}, "roles.place"),
        ({"until": date(2026, 2, 1)}, "roles.until"),
        ({"who": Newcomer("liv at example", "Liv")}, "people.email"),
        ({"who": Newcomer("ny@example.org", " ")}, "people.first_name"),
    ],
)
def test_what_cannot_be_given(change, code):
    house = House()
    workplace = house.workplace if change.pop("at_workplace", False) else None
    role = change.pop("role", Role.UNION)
    with pytest.raises(Refused) as refused:
        house.give(role, workplace=workplace, **change)
    assert refused.value.code == code
    assert not Person.objects.filter(first_name="Liv").exists()


def test_a_scope_is_one_place_of_the_tree():
    house = House()
    person = make_reader(Role.POLICY)
    with pytest.raises(IntegrityError), transaction.atomic():
        RoleAssignment.objects.create(
            person=person, role=Role.LEADER, workplace=house.workplace, valid_from=clock.now()
        )
