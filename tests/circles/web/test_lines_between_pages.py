"""The pages of a line between meetings: the circle's, the paper link's and the leader's."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from sirkel.circles.domain import line_asking
from sirkel.circles.enums import HandoverState, TrialState
from sirkel.circles.models import Handover, LineObjection, NamedObstacle
from sirkel.circles.queries.open_links import inbox_address
from sirkel.kernel import clock
from tests.factories.handovers import LINE, make_leader, make_line
from tests.factories.meetings import make_circle
from tests.factories.trials import make_trial

pytestmark = pytest.mark.django_db


@pytest.fixture
def circle():
    made, made.facilitator = make_circle()
    made.leader = make_leader(made)
    return made


def signed_in(person):
    client = Client(headers={"accept-language": "en"})
    client.force_login(person)
    return client


def page(circle, name, *more):
    return reverse(f"circles:{name}", args=[circle.id, *more])


@pytest.fixture
def asked(circle):
    line = make_line(circle, circle.facilitator, named=[("rules", "Nøkkelskapet er låst")])
    signed_in(circle.facilitator).post(page(circle, "handover-ask-between", line.id), {"days": "7"})
    line.refresh_from_db()
    return line


def client_id_in(html):
    return html.partition('name="client_id" value="')[2].partition('"')[0]


def test_a_line_is_drafted_with_what_is_in_the_way_and_filled_in_again(circle):
    client = signed_in(circle.facilitator)
    fields = {
        "text": LINE,
        "obstacle": "rules",
        "named_1": "Nøkkelskapet",
        "kind_2": "time",
        "named_2": "Ti minutter",
    }
    client.post(page(circle, "handover-new"), fields)
    line = Handover.objects.get()
    assert list(line.named_obstacles.order_by("position").values_list("kind", "line")) == [
        ("rules", "Nøkkelskapet"),
        ("time", "Ti minutter"),
    ]
    form = client.get(page(circle, "handover-change", line.id)).content.decode()
    assert "Nøkkelskapet" in form
    assert "Ti minutter" in form


def test_a_line_in_the_way_without_its_kind_keeps_what_was_written(circle):
    answer = signed_in(circle.facilitator).post(
        page(circle, "handover-new"), {"text": LINE, "named_1": "Nøkkelskapet"}
    )
    assert answer.status_code == 400
    assert "Nøkkelskapet" in answer.content.decode()
    assert not Handover.objects.exists()


def test_a_member_wants_it_to_stay_and_takes_it_back_from_the_same_browser(circle, asked):
    client = signed_in(circle.facilitator)
    html = client.get(page(circle, "handovers")).content.decode()
    to, mine = page(circle, "handover-stay", asked.id), client_id_in(html)
    client.post(to, {"client_id": mine})
    html = client.get(page(circle, "handovers")).content.decode()
    assert "From this browser it was said that it should stay." in html
    assert mine in html
    elsewhere = signed_in(circle.facilitator).get(page(circle, "handovers")).content.decode()
    assert "From this browser" not in elsewhere
    client.post(to, {"client_id": mine, "back": "1"})
    assert not LineObjection.objects.exists()


def test_the_paper_link_shows_the_line_while_it_is_asked_and_takes_an_objection(circle, asked):
    phone, address = Client(headers={"accept-language": "en"}), inbox_address(circle)
    link = reverse("circles:challenge-link", args=[address])
    html = phone.get(link).content.decode()
    assert LINE in html
    assert "Nøkkelskapet er låst" in html
    to = reverse("circles:challenge-link-line", args=[address, asked.id])
    assert phone.post(to, {"client_id": client_id_in(html)}).status_code == 303
    assert LineObjection.objects.filter(handover=asked).count() == 1
    with clock.moved(timedelta(days=8)):
        line_asking.settle(at=clock.now())
        assert LINE not in phone.get(link).content.decode()
    asked.refresh_from_db()
    assert asked.has_stayed


def test_the_days_are_offered_in_the_readers_language(circle):
    make_line(circle, circle.facilitator)
    client = signed_in(circle.facilitator)
    html = client.get(page(circle, "handovers"), headers={"accept-language": "fi"}).content.decode()
    assert "7 päivää" in html
    assert "7 days" not in html


def test_a_forged_link_says_nothing(circle, asked):
    forged = inbox_address(circle)[:-1] + ("A" if not inbox_address(circle).endswith("A") else "B")
    answer = Client().post(
        reverse("circles:challenge-link-line", args=[forged, asked.id]), {"client_id": asked.id}
    )
    assert answer.status_code == 404
    assert not LineObjection.objects.exists()


@pytest.mark.threat(row="T4")
def test_the_leader_sees_nothing_while_the_circle_is_asked(circle, asked):
    client = signed_in(circle.leader)
    assert LINE not in client.get("/leader/handovers/").content.decode()
    assert client.get(f"/leader/handovers/{asked.id}/").status_code == 404
    assert client.get(page(circle, "handovers")).status_code == 404


class TestTheLeader:
    @pytest.fixture
    def sent(self, circle):
        return make_line(
            circle,
            circle.facilitator,
            state=HandoverState.SENT,
            leader=circle.leader,
            named=[("rules", "Nøkkelskapet er låst")],
        )

    def test_marks_what_is_in_the_way_and_the_circle_sees_it(self, circle, sent):
        one, client = NamedObstacle.objects.get(), signed_in(circle.leader)
        to = f"/leader/handovers/{sent.id}/obstacles/{one.id}/"
        refused = client.post(to, {f"{one.id.hex}-state": "working"})
        assert refused.status_code == 400
        assert "Choose a day to come." in refused.content.decode()
        until = clock.now().date() + timedelta(days=5)
        client.post(to, {f"{one.id.hex}-state": "working", f"{one.id.hex}-until": until.isoformat()})
        html = signed_in(circle.facilitator).get(page(circle, "handovers")).content.decode()
        assert "Being worked on" in html

    def test_says_later_and_then_answers_once_more(self, circle, sent):
        client, to = signed_in(circle.leader), f"/leader/handovers/{sent.id}/answer/"
        assert client.post(to, {"answer": "later", "reason": "Etter ferien"}).status_code == 400
        back = clock.now().date() + timedelta(days=30)
        client.post(to, {"answer": "later", "reason": "Etter ferien", "comes_back_on": back.isoformat()})
        html = client.get(f"/leader/handovers/{sent.id}/").content.decode()
        assert "It comes back to the leader on" in html
        assert 'value="later"' not in html
        client.post(to, {"answer": "yes", "reason": "Fra nå"})
        html = client.get(f"/leader/handovers/{sent.id}/").content.decode()
        assert "First said: later" in html
        assert "Etter ferien" in html
        assert 'name="answer"' not in html

    def test_is_told_that_a_yes_is_a_mandate(self, circle):
        trial = make_trial(circle, circle.facilitator, state=TrialState.WAITING_MANDATE, touches_care=True)
        form = signed_in(circle.facilitator).get(f"{page(circle, 'handover-new')}?trial={trial.id}")
        assert "This line asks for a mandate" in form.content.decode()
        line = make_line(
            circle, circle.facilitator, state=HandoverState.SENT, leader=circle.leader, trial_id=trial.id
        )
        html = signed_in(circle.leader).get(f"/leader/handovers/{line.id}/").content.decode()
        assert "Asks for your mandate" in html
        assert trial.what not in html
