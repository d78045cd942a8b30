"""The benchmark of who may see what: it asks every query, and for everybody what is really theirs."""

import pytest
from bench._access import measure, summary
from bench._access_asks import ROOMS, askers, asks
from bench._access_data import AT, Filling

from sirkel.circles.queries.leading import circles_visible_to
from sirkel.circles.queries.standing import Part, parts_in
from sirkel.kernel import audit
from sirkel.people.models import Organisation, Person, RoleAssignment, Unit

pytestmark = pytest.mark.django_db


def test_every_query_is_asked_and_each_size_has_its_figure():
    Filling().up_to(3)
    some = {"facilitator", "administrator", "stranger"}
    taken = measure([who for who in askers(1) if who.kind in some], 1)
    queries = summary({3: taken, 6: taken})
    assert {name.partition(".")[0] for name in queries} == set(ROOMS)
    assert queries.keys() == {ask.name for ask in asks()}
    one = queries["circles.leading.circles_visible_to"]
    assert one["p95_ms"].keys() == {"3", "6"}
    assert (one["ratio"], one["exponent"], one["roles"]) == (1, 0, 2)


def test_what_is_filled_in_is_the_promised_mix_and_belongs_to_whoever_asks():
    Filling().up_to(3)
    assert (Organisation.objects.count(), Unit.objects.count()) == (3, 75)
    assert not Person.objects.exclude(id__in=RoleAssignment.objects.values("person")).exists()
    assert audit.verify().breaks == ()
    by_kind = {who.kind: who for who in askers(1)}
    member, leader = by_kind["member"], by_kind["leader"]
    assert member.own.circle in circles_visible_to(member.person)
    assert member.others.circle not in circles_visible_to(member.person)
    assert parts_in(person=leader.person, circle=leader.own.circle, at=AT) == {Part.LEADER}
    assert parts_in(person=leader.person, circle=leader.others.circle, at=AT) == frozenset()
