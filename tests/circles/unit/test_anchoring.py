from datetime import timedelta
from itertools import product

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from sirkel.circles.domain import anchoring
from sirkel.circles.models import CommitmentComment, CommitmentSignature, LeaderCommitment, ReadinessCheck
from sirkel.circles.queries.commitments import commitment_of, commitment_page
from sirkel.circles.queries.standing import standing_of
from sirkel.circles.rules.commitment import PROMISES, cost_in_hours
from sirkel.circles.rules.readiness import ANSWERS, QUESTIONS, Weight, read_answers
from sirkel.kernel import clock
from sirkel.kernel.errors import Conflict, NotFound, Refused
from sirkel.people.enums import Role
from sirkel.people.models import RoleAssignment
from tests.factories.anchoring import (
    answers_that,
    commit,
    commitment_plan,
    make_leader,
    make_representative,
)
from tests.factories.meetings import make_circle
from tests.factories.thread import make_reader


class TestAdvice:
    def test_every_question_can_be_fine_and_every_answer_says_something(self):
        for question in QUESTIONS:
            assert Weight.FINE in question.weights
            assert str(question.reason)
            assert str(question.change)
        assert read_answers(answers_that(Weight.FINE)).advice == "go"

    @pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.key)
    def test_the_advice_is_the_strongest_of_all_answers(self, question):
        order = list(Weight)
        for other, first, second in product(QUESTIONS, ANSWERS, ANSWERS):
            answers = answers_that(Weight.FINE) | {question.key: first, other.key: second}
            weights = [one.weight_of(answers[one.key]) for one in QUESTIONS]
            reading = read_answers(answers)
            assert reading.advice == max(weights, key=order.index)
            assert len(reading.waits) == weights.count(Weight.WAIT)
            assert len(reading.cares) == weights.count(Weight.CARE)


@pytest.mark.parametrize(
    ("numbers", "meetings", "preparation"),
    [((8, 6, 90, 2, 30), 72, 6), ((5, 1, 30, 1, 0), 2.5, 0), ((7, 4, 50, 2, 20), 23.5, 2.5)],
)
def test_the_cost_counts_everybody_and_the_preparation(numbers, meetings, preparation):
    names = ("participants", "meetings", "meeting_minutes", "facilitators", "preparation_minutes")
    cost = cost_in_hours(**dict(zip(names, numbers, strict=True)))
    assert (cost.meetings, cost.preparation, cost.total) == (meetings, preparation, meetings + preparation)


@pytest.mark.django_db
class TestReadiness:
    @pytest.fixture
    def led(self):
        return make_circle()

    @pytest.mark.parametrize("weight", list(Weight))
    def test_the_advice_is_kept_with_the_answers_and_earlier_ones_stay(self, led, weight):
        circle, acting = led
        day = clock.now().date() + timedelta(days=60)
        for person in (acting, make_leader(circle)):
            anchoring.answer_readiness(
                acting=person,
                circle_id=circle.id,
                answers=answers_that(weight),
                look_again_on=day,
                at=clock.now(),
            )
        kept = ReadinessCheck.objects.filter(circle=circle).order_by("is_by_leader")
        assert [(one.advice, one.look_again_on, one.is_by_leader) for one in kept] == [
            (weight, day, False),
            (weight, day, True),
        ]

    @pytest.mark.parametrize("answer", ["", "maybe", None])
    def test_every_question_needs_one_of_the_answers(self, led, answer):
        circle, acting = led
        asked = {"acting": acting, "circle_id": circle.id, "at": clock.now()}
        with pytest.raises(Refused) as refused:
            anchoring.answer_readiness(**asked, answers=answers_that(Weight.FINE) | {"time": answer})
        assert refused.value.code == "readiness.time"
        assert not ReadinessCheck.objects.exists()
        anchoring.answer_readiness(**asked, answers=answers_that(Weight.FINE))

    def test_one_looks_again_on_a_day_to_come(self, led):
        circle, acting = led
        asked = {"acting": acting, "circle_id": circle.id, "answers": answers_that(Weight.WAIT)}
        with pytest.raises(Refused) as refused:
            anchoring.answer_readiness(
                **asked, look_again_on=clock.now().date() - timedelta(days=1), at=clock.now()
            )
        assert refused.value.code == "readiness.look_again_on"
        anchoring.answer_readiness(**asked, look_again_on=clock.now().date(), at=clock.now())

    def test_nobody_else_answers(self, led):
        circle, _acting = led
        strangers = [make_representative(circle), make_reader(Role.ADMINISTRATOR), make_circle()[1]]
        strangers.append(make_leader(circle, is_past=True))
        for person in strangers:
            with pytest.raises(NotFound):
                anchoring.answer_readiness(
                    acting=person, circle_id=circle.id, answers=answers_that(Weight.FINE), at=clock.now()
                )


@pytest.mark.django_db
class TestCommitment:
    @pytest.fixture
    def led(self):
        circle, acting = make_circle()
        return circle, acting, make_leader(circle)

    def sign(self, circle, leader, version):
        return anchoring.sign_commitment(acting=leader, circle_id=circle.id, version=version, at=clock.now())

    def test_a_change_is_a_new_version_and_the_signed_one_stays_word_for_word(self, led):
        circle, acting, leader = led
        commit(circle, acting, leader)
        before = LeaderCommitment.objects.filter(version=1).values().get()
        commit(circle, leader, None, base=1, answer_days=5, cover="Ingen")
        assert LeaderCommitment.objects.filter(version=1).values().get() == before
        assert CommitmentSignature.objects.get().commitment.version == 1
        assert commitment_of(circle, at=clock.now()).state == "unsigned"
        assert set(before["promises"]) == set(PROMISES)

    def test_the_database_changes_no_version(self, led):
        circle, acting, _leader = led
        commit(circle, acting, None)
        with pytest.raises(DatabaseError), transaction.atomic():
            LeaderCommitment.objects.update(answer_days=3)
        with pytest.raises(IntegrityError), transaction.atomic():
            commit(circle, acting, None, base=1)
            LeaderCommitment.objects.bulk_create(
                [LeaderCommitment(**{**LeaderCommitment.objects.values().last(), "id": circle.id})]
            )
        assert LeaderCommitment.objects.get().answer_days == 10

    def test_only_the_newest_version_can_be_signed(self, led):
        circle, acting, leader = led
        commit(circle, acting, None)
        commit(circle, acting, None, base=1)
        with pytest.raises(Conflict) as refused:
            self.sign(circle, leader, 1)
        assert (refused.value.code, refused.value.facts["version"]) == ("commitments.old", 2)
        with pytest.raises(NotFound):
            self.sign(circle, leader, 3)
        assert not CommitmentSignature.objects.exists()
        self.sign(circle, leader, 2)
        self.sign(circle, leader, 2)
        assert CommitmentSignature.objects.count() == 1

    def test_a_leader_of_that_workplace_signs_and_nobody_else(self, led):
        circle, acting, leader = led
        commit(circle, acting, None)
        others = [acting, make_representative(circle), make_leader(make_circle()[0])]
        others += [make_leader(circle, is_past=True), make_reader(Role.LEADER)]
        for person in others:
            with pytest.raises(NotFound):
                self.sign(circle, person, 1)
        self.sign(circle, leader, 1)
        assert commitment_of(circle, at=clock.now()).signature.leader == leader

    def test_a_new_leader_signs_the_same_version_anew_and_both_signatures_stay(self, led):
        circle, acting, leader = led
        commit(circle, acting, leader)
        RoleAssignment.objects.filter(person=leader).update(valid_to=clock.now() - timedelta(minutes=1))
        assert commitment_of(circle, at=clock.now()).state == "lapsed"
        with pytest.raises(NotFound):
            self.sign(circle, leader, 1)
        after = make_leader(circle)
        self.sign(circle, after, 1)
        found = commitment_of(circle, at=clock.now())
        assert (found.state, found.signature.leader) == ("signed", after)
        assert CommitmentSignature.objects.count() == 2

    def test_whoever_writes_second_is_told_and_overwrites_nothing(self, led):
        circle, acting, leader = led
        commit(circle, acting, None)
        commit(circle, leader, None, base=1, cover="Lederens ord")
        with pytest.raises(Conflict) as refused:
            commit(circle, acting, None, base=1, cover="Andres ord")
        assert (refused.value.code, refused.value.facts["version"]) == ("commitments.changed", 2)
        commit(circle, acting, None, base=2, cover="Begges ord")
        assert list(LeaderCommitment.objects.order_by("version").values_list("cover", flat=True)) == [
            "Vikar på vakt B",
            "Lederens ord",
            "Begges ord",
        ]

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("participants", 1),
            ("meetings", 0),
            ("meeting_minutes", 481),
            ("facilitators", 0),
            ("preparation_minutes", -1),
            ("answer_days", 31),
            ("cover", " "),
            ("mandate", "x" * 501),
            ("afterwards", "Ola 01019012480"),
        ],
    )
    def test_what_cannot_be_is_said_at_its_field(self, led, field, value):
        circle, acting, _leader = led
        with pytest.raises(Refused) as refused:
            commit(circle, acting, None, **{field: value})
        assert (refused.value.code, refused.value.facts["field"]) == (f"commitments.{field}", field)
        assert not LeaderCommitment.objects.exists()
        commit(circle, acting, None)

    def test_a_representative_comments_and_members_do_not_read_it(self, led):
        circle, acting, leader = led
        commit(circle, acting, leader)
        union = make_representative(circle)
        asked = {"circle_id": circle.id, "version": 1, "at": clock.now()}
        for person in (acting, leader, make_representative(make_circle()[0])):
            with pytest.raises(NotFound):
                anchoring.comment_on_commitment(acting=person, text="Fint", **asked)
        anchoring.comment_on_commitment(acting=union, text="Natta mangler", **asked)
        member = make_reader(Role.RESEARCHER)
        circle.memberships.create(person=member, role="participant")
        for person, seen in ((acting, 1), (leader, 1), (union, 1), (member, 0)):
            standing = standing_of(person=person, circle_id=circle.id, at=clock.now())
            assert len(commitment_page(standing, at=clock.now()).comments) == seen
        assert CommitmentComment.objects.get().text == "Natta mangler"

    @pytest.mark.parametrize("field", ["cover", "mandate", "afterwards"])
    def test_the_database_wants_every_word_and_a_number_of_days(self, led, field):
        circle, _acting, _leader = led
        plan = {**commitment_plan().__dict__, "promises": [], "written_at": clock.now(), "version": 1}
        for wrong in ({field: ""}, {"answer_days": 0}, {"answer_days": 31}, {"participants": 0}):
            with pytest.raises(IntegrityError), transaction.atomic():
                LeaderCommitment.objects.create(circle=circle, **{**plan, **wrong})
        LeaderCommitment.objects.create(circle=circle, **plan)
