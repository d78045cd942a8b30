from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from sirkel.circles.domain import phases
from sirkel.circles.enums import CircleState, HaltReason
from sirkel.circles.models import Circle
from sirkel.circles.rules.phases import CHANGES, END_REASONS, GUARDED_REASON, PAUSABLE, PAUSE_REASONS
from sirkel.kernel import clock
from sirkel.kernel.errors import Conflict, NotAllowed, NotFound, Refused
from sirkel.kernel.models import AuditEvent
from sirkel.people.enums import Role
from sirkel.people.models import RoleAssignment
from tests.factories.anchoring import make_ready
from tests.factories.closing import finish_closing
from tests.factories.meetings import make_circle
from tests.factories.thread import make_reader

pytestmark = pytest.mark.django_db

# Written by hand from the description of the method, so that it does not follow the table by itself.
ALLOWED = {
    tuple(line.split(" > "))
    for line in """
    idea > anchoring
    anchoring > idea
    anchoring > forming
    forming > anchoring
    forming > focusing
    focusing > forming
    focusing > cocreating
    cocreating > focusing
    cocreating > closing
    closing > cocreating
    closing > followup
    followup > closing
    followup > closed
    anchoring > paused
    forming > paused
    focusing > paused
    cocreating > paused
    closing > paused
    followup > paused
    idea > ended_early
    anchoring > ended_early
    forming > ended_early
    focusing > ended_early
    cocreating > ended_early
    closing > ended_early
    followup > ended_early
    paused > ended_early
    """.strip()
    .replace("    ", "")
    .splitlines()
}
LIVES = [(state, "") for state in CircleState if state != "paused"] + [("paused", each) for each in PAUSABLE]


def put(circle, state, phase_before=""):
    reason = HaltReason.OTHER if state in {"paused", "ended_early"} else ""
    Circle.objects.filter(id=circle.id).update(state=state, phase_before=phase_before, halt_reason=reason)


def go(circle, acting, to, at=None):
    """Ask for a state by the verb that leads to it."""
    asked = {"acting": acting, "circle_id": circle.id, "at": at or clock.now()}
    before = Circle.objects.get(id=circle.id)
    if to == "paused":
        return phases.pause_circle(**asked, reason="staffing")
    if to == "ended_early":
        return phases.end_circle_early(**asked, reason="enough")
    if before.state == "paused" and before.phase_before == to:
        return phases.resume_circle(**asked)
    return phases.move_to_phase(**asked, phase=to)


@pytest.fixture
def led():
    circle, acting = make_circle()
    make_ready(circle, acting)
    finish_closing(circle, acting)
    put(circle, CircleState.FORMING)
    circle.refresh_from_db()
    return circle, acting


def test_the_table_names_every_state_and_every_reason():
    assert set(CHANGES) == set(CircleState.values)
    assert {to for each in CHANGES.values() for to in each} <= set(CircleState.values)
    assert {*PAUSE_REASONS, *END_REASONS, GUARDED_REASON} == set(HaltReason.values)


@pytest.mark.parametrize("to", CircleState.values)
@pytest.mark.parametrize(("state", "phase_before"), LIVES)
def test_a_circle_goes_where_the_method_lets_it_and_nowhere_else(led, state, phase_before, to):
    circle, acting = led
    put(circle, state, phase_before)
    is_allowed = (state, to) in ALLOWED or (state == "paused" and to == phase_before)
    if is_allowed or (state == to and state not in {"paused", "ended_early"}):
        go(circle, acting, to)
    else:
        with pytest.raises(Refused) as refused:
            go(circle, acting, to)
        assert refused.value.code == "circles.phase"
    circle.refresh_from_db()
    assert circle.state == (to if is_allowed else state)
    assert circle.phase_before == (
        (state if is_allowed else phase_before) if circle.state == "paused" else ""
    )


@pytest.mark.parametrize("state", ["anchoring", "closing"])
def test_a_pause_leads_back_to_where_the_circle_was(led, state):
    circle, acting = led
    put(circle, state)
    go(circle, acting, "paused")
    circle.refresh_from_db()
    assert (circle.phase_before, circle.halt_reason) == (state, "staffing")
    go(circle, acting, state)
    circle.refresh_from_db()
    assert (circle.state, circle.phase_before, circle.halt_reason) == (state, "", "")
    verbs = AuditEvent.objects.filter(target=circle.id).order_by("sequence").values_list("verb", flat=True)
    assert list(verbs)[-2:] == ["circle.paused", "circle.resumed"]


def test_a_circle_that_is_not_paused_cannot_go_on(led):
    circle, acting = led
    with pytest.raises(Conflict) as refused:
        phases.resume_circle(acting=acting, circle_id=circle.id, at=clock.now())
    assert refused.value.code == "circles.not_paused"


@pytest.mark.parametrize("reason", ["", "concern", "too_few", "because"])
def test_a_facilitator_pauses_for_one_of_the_known_reasons(led, reason):
    circle, acting = led
    with pytest.raises(Refused) as refused:
        phases.pause_circle(acting=acting, circle_id=circle.id, reason=reason, at=clock.now())
    assert refused.value.code == "circles.reason"
    phases.pause_circle(acting=acting, circle_id=circle.id, reason="illness", at=clock.now())


@pytest.mark.parametrize("reason", ["", "concern", "illness"])
def test_an_early_end_has_one_of_the_known_reasons(led, reason):
    circle, acting = led
    with pytest.raises(Refused) as refused:
        phases.end_circle_early(acting=acting, circle_id=circle.id, reason=reason, at=clock.now())
    assert refused.value.code == "circles.reason"
    phases.end_circle_early(acting=acting, circle_id=circle.id, reason="too_few", at=clock.now())


class TestConcern:
    @pytest.fixture
    def guarded(self, led):
        circle, acting = led
        union = make_reader(Role.UNION, organisation=circle.organisation, workplace=circle.workplace)
        phases.pause_circle(acting=union, circle_id=circle.id, reason="concern", at=clock.now())
        return circle, acting, union

    def test_a_representative_s_pause_is_lifted_by_a_representative(self, guarded):
        circle, acting, union = guarded
        for verb in (
            lambda: phases.resume_circle(acting=acting, circle_id=circle.id, at=clock.now()),
            lambda: phases.end_circle_early(
                acting=acting, circle_id=circle.id, reason="enough", at=clock.now()
            ),
        ):
            with pytest.raises(NotAllowed) as refused:
                verb()
            assert refused.value.code == "circles.guarded"
        assert phases.resume_circle(acting=union, circle_id=circle.id, at=clock.now()).state == "forming"

    def test_a_circle_is_not_locked_for_ever_when_the_representative_leaves(self, guarded):
        circle, acting, _union = guarded
        RoleAssignment.objects.filter(role=Role.UNION).update(valid_to=clock.now() - timedelta(minutes=1))
        assert phases.resume_circle(acting=acting, circle_id=circle.id, at=clock.now()).state == "forming"

    @pytest.mark.parametrize("role", [Role.LEADER, Role.ADMINISTRATOR, Role.RESEARCHER])
    def test_no_other_role_pauses_or_resumes(self, guarded, role):
        circle, _acting, union = guarded
        other = make_reader(role, organisation=circle.organisation, workplace=circle.workplace)
        elsewhere = make_reader(Role.UNION, organisation=make_circle()[0].organisation)
        for person in (other, elsewhere):
            with pytest.raises(NotFound):
                phases.resume_circle(acting=person, circle_id=circle.id, at=clock.now())
            with pytest.raises(NotFound):
                phases.pause_circle(acting=person, circle_id=circle.id, reason="other", at=clock.now())
        phases.resume_circle(acting=union, circle_id=circle.id, at=clock.now())


@pytest.mark.parametrize(
    ("state", "phase_before", "reason"),
    [
        ("paused", "", "staffing"),
        ("paused", "idea", "staffing"),
        ("paused", "paused", "staffing"),
        ("paused", "focusing", ""),
        ("paused", "focusing", "because"),
        ("ended_early", "", ""),
        ("ended_early", "focusing", "enough"),
        ("focusing", "forming", ""),
        ("focusing", "", "staffing"),
    ],
)
def test_the_database_keeps_halts_whole(led, state, phase_before, reason):
    rows = Circle.objects.filter(id=led[0].id)
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.update(state=state, phase_before=phase_before, halt_reason=reason)
    rows.update(state="paused", phase_before="focusing", halt_reason="staffing")
    rows.update(state="ended_early", phase_before="", halt_reason="enough")
