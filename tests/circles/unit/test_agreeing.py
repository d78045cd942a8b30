import pytest
from django.db import IntegrityError, transaction

from sirkel.circles.domain import agreeing
from sirkel.circles.models import (
    Circle,
    CommitmentComment,
    CommitmentSignature,
    Concern,
    Expectation,
    ReadinessCheck,
    WorkingAgreement,
)
from sirkel.kernel import clock
from sirkel.kernel.errors import NotFound, Refused
from sirkel.kernel.models import AuditEvent
from tests.factories.anchoring import commit, make_leader, make_representative, settle
from tests.factories.meetings import make_circle

pytestmark = pytest.mark.django_db


@pytest.fixture
def led():
    return make_circle()


@pytest.mark.parametrize("items", [[], ["", "  "], ["Si pass"] * 16, ["x" * 201], ["Ring 01019012480"]])
def test_ground_rules_are_few_short_and_about_nobody(led, items):
    circle, acting = led
    asked = {"acting": acting, "circle_id": circle.id, "lang": "nb", "base": 0, "at": clock.now()}
    with pytest.raises(Refused):
        agreeing.write_agreement(**asked, items=items)
    assert not WorkingAgreement.objects.exists()
    assert agreeing.write_agreement(**asked, items=["Alle kan si pass", " "]).items == ["Alle kan si pass"]


def test_leader_and_representative_get_neither_ground_rules_nor_expectations(led):
    circle, acting = led
    asked = {"circle_id": circle.id, "text": "At vi blir hørt", "lang": "nb"}
    for person in (make_leader(circle), make_representative(circle), make_circle()[1]):
        with pytest.raises(NotFound):
            agreeing.add_expectation(acting=person, **asked)
        with pytest.raises(NotFound):
            settle(circle, person)
    agreeing.add_expectation(acting=acting, **asked)
    settle(circle, acting)


def test_nothing_tells_who_expects_what(led):
    circle, acting = led
    before = AuditEvent.objects.count()
    agreeing.add_expectation(acting=acting, circle_id=circle.id, text="At vi blir hørt", lang="nb")
    assert AuditEvent.objects.count() == before
    columns = {field.name for field in Expectation._meta.get_fields()}
    assert columns == {"id", "circle", "text", "lang", "outcome", "looking_back"}


@pytest.mark.parametrize("state", ["closed", "ended_early"])
def test_a_circle_that_is_over_keeps_what_it_had(led, state):
    circle, acting = led
    settle(circle, acting)
    reason = "enough" if state == "ended_early" else ""
    Circle.objects.filter(id=circle.id).update(state=state, halt_reason=reason)
    for act in (
        lambda: settle(circle, acting, base=1),
        lambda: agreeing.reopen_agreement(acting=acting, circle_id=circle.id, version=1, at=clock.now()),
        lambda: agreeing.add_expectation(acting=acting, circle_id=circle.id, text="Mer", lang="nb"),
    ):
        with pytest.raises(Refused) as refused:
            act()
        assert refused.value.code == "circles.over"


class TestDatabase:
    """What no verb would write, the database refuses too."""

    def refuses(self, make, **fields):
        with pytest.raises(IntegrityError), transaction.atomic():
            make(**fields)

    def test_an_agreement_is_agreed_by_somebody_at_some_time_and_numbered_once(self, led):
        circle, _acting = led
        rules = {
            "circle": circle,
            "version": 1,
            "items": ["Si pass"],
            "lang": "nb",
            "written_at": clock.now(),
        }
        make = WorkingAgreement.objects.create
        self.refuses(make, **rules, agreed_count=0, agreed_at=clock.now())
        self.refuses(make, **rules, agreed_count=5)
        self.refuses(make, **rules, agreed_at=clock.now())
        self.refuses(make, **rules, reopened_at=clock.now())
        make(**rules, agreed_count=5, agreed_at=clock.now())
        self.refuses(make, **rules)

    def test_words_are_words_and_advice_is_advice(self, led):
        circle, acting = led
        leader = make_leader(circle)
        commit(circle, acting, leader)
        newest = circle.commitments.get()
        now = clock.now()
        self.refuses(Expectation.objects.create, circle=circle, text="", lang="nb")
        self.refuses(Concern.objects.create, circle=circle, text="", raised_at=now)
        self.refuses(CommitmentComment.objects.create, commitment=newest, text="", said_at=now)
        self.refuses(
            ReadinessCheck.objects.create, circle=circle, answers={}, advice="hurry", answered_at=now
        )
        self.refuses(CommitmentSignature.objects.create, commitment=newest, leader=leader, signed_at=now)
