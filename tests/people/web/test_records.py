"""PD-27, T19: whether what circles write is a public record, and what can and cannot be handed over."""

import re

import pytest
from django.test import Client, override_settings
from django.utils.translation import override

from sirkel.config.register.gather import register
from sirkel.kernel import clock
from sirkel.kernel.models import AuditEvent
from sirkel.kernel.register import Controller, Tie
from sirkel.people.enums import Role
from sirkel.people.models import Hold, RecordProfile
from tests.factories.meetings import make_circle, sign_in
from tests.factories.places import make_hold
from tests.factories.thread import make_reader

pytestmark = pytest.mark.django_db
SAYS = {
    "status": "let_out",
    "answered_by": "Arkivet, arkiv@example.org",
    "law": "Offentleglova § 3",
    "archive": "Lines with their answers, after five years",
    "version": "0",
}


@pytest.fixture
def circle():
    return make_circle()[0]


@pytest.fixture
def administrator(circle):
    client = Client()
    sign_in(client, make_reader(Role.ADMINISTRATOR, organisation=circle.organisation))
    return client


def page_of(circle):
    return f"/administration/{circle.organisation_id}/records/"


def told(circle, **more):
    return Client().get(f"/privacy/handing-over/{circle.organisation_id}/", **more).content.decode()


@pytest.mark.requirement("PD-27")
def test_what_an_administrator_says_is_read_by_everybody_before_they_write(circle, administrator):
    assert "It has not said yet" in told(circle)
    assert administrator.post(page_of(circle), SAYS).status_code == 302
    words = told(circle)
    for said in (
        SAYS["answered_by"],
        SAYS["law"],
        SAYS["archive"],
        "What a circle lets out is a public record",
    ):
        assert said in words
    assert "It has not said yet" not in words
    facilitator = Client()
    sign_in(facilitator, circle.memberships.first().person)
    agreement = facilitator.get(f"/circles/{circle.id}/agreement/").content.decode()
    assert f"/privacy/handing-over/{circle.organisation_id}/" in agreement


def test_the_trail_keeps_that_it_was_said_and_no_words(circle, administrator):
    administrator.post(page_of(circle), SAYS)
    event = AuditEvent.objects.get(chain=circle.organisation_id, verb="records.said")
    assert event.facts == {"status": "let_out"}


def test_of_two_administrators_the_second_sees_both(circle, administrator):
    """F-20."""
    administrator.post(page_of(circle), SAYS)
    second = administrator.post(page_of(circle), SAYS | {"answered_by": "Postmottaket"})
    words = second.content.decode()
    assert second.status_code == 409
    assert "Arkivet, arkiv@example.org" in words
    assert 'value="Postmottaket"' in words
    version = re.search(r'name="version" value="(\d+)"', words)[1]
    again = SAYS | {"answered_by": "Postmottaket", "version": version}
    assert administrator.post(page_of(circle), again).status_code == 302
    assert RecordProfile.objects.get().answered_by == "Postmottaket"


@pytest.mark.parametrize("change", [{"status": "nonsense"}, {"answered_by": " "}, {"law": "a" * 301}])
def test_what_says_nothing_is_refused(circle, administrator, change):
    assert administrator.post(page_of(circle), SAYS | change).status_code == 422
    assert not RecordProfile.objects.exists()
    assert administrator.post(page_of(circle), SAYS).status_code == 302


@pytest.mark.requirement("PD-27")
@pytest.mark.threat(row="T19")
def test_t19_the_page_is_written_from_what_is_kept_here(circle):
    """Every class of data that the employer answers for stands on the page, under a name or under none, as it is kept."""
    words = told(circle)
    with_name, _mark, without = words.partition("What there is, without a name")
    for one in register():
        if one.controller is Controller.EMPLOYER:
            with override("en"):
                part = with_name if one.tie is Tie.ACCOUNT else without
                assert f"<h3>{one.name}</h3>" in part.replace("&#x27;", "'"), one.code
    with override_settings(CIRCLE_RETENTION_DAYS=111):
        assert "from 111 days after its end" in told(circle)
    assert "from 365 days after its end" in words


def test_t19_a_hold_is_told_without_saying_of_what(circle):
    assert "At the moment something" not in told(circle)
    hold = make_hold(circle.organisation)
    assert "At the moment something" not in told(circle)
    Hold.objects.filter(id=hold.id).update(confirmed_by=circle.id, confirmed_at=clock.now())
    assert "At the moment something" in told(circle)
    assert hold.reason not in told(circle)


def test_an_organisation_that_is_not_there_has_no_page(circle):
    assert Client().get(f"/privacy/handing-over/{circle.id}/").status_code == 404
