"""The box for the next meeting and the leader's lines, over HTTP, and who gets nothing."""

import re

import pytest
from django.test import Client

from sirkel.circles.enums import HandoverState, MeetingState
from sirkel.circles.models import Challenge, Handover, Membership
from sirkel.circles.queries.open_links import inbox_address
from sirkel.people.enums import Role
from tests.factories.handovers import LINE, leave, make_leader, make_line
from tests.factories.meetings import make_circle, make_meeting, sign_in
from tests.factories.thread import make_person, make_reader
from tests.factories.trials import log, make_trial

pytestmark = pytest.mark.django_db
STORY = "Bord 2 ble glemt igjen"


@pytest.fixture
def circle():
    made, made.facilitator = make_circle()
    made.leader = make_leader(made)
    made.member = make_person("Kari")
    Membership.objects.create(circle=made, person=made.member, role="participant")
    return made


def browser(person=None):
    client = Client(headers={"accept-language": "en"})
    if person:
        sign_in(client, person)
    return client


def write(client, address, **fields):
    client_id = re.search(r'name="client_id" value="([^"]+)"', client.get(address).content.decode())[1]
    return client.post(address, {"client_id": client_id, "text": STORY, **fields}), client_id


def test_a_member_leaves_a_story_that_stands_on_the_next_meetings_page(circle):
    live = make_meeting(circle=circle, facilitator=circle.facilitator, state=MeetingState.PLANNED)
    client, box = browser(circle.member), f"/circles/{circle.id}/challenges/"
    answer, client_id = write(client, box)
    assert answer.status_code == 303
    page = f"/circles/{circle.id}/meetings/{live.meeting.number}/"
    assert STORY in browser(circle.facilitator).get(page).content.decode()
    assert STORY in client.get(page).content.decode()
    client.post(f"{box}take-back/", {"client_id": client_id})
    assert not Challenge.objects.exists()


def test_paper_lets_a_participant_leave_one_and_see_their_own_alone(circle):
    leave(circle, "En annens historie")
    address = f"/c/{inbox_address(circle)}/"
    client = browser()
    _answer, client_id = write(client, address)
    shown = client.get(address).content.decode()
    assert STORY in shown
    assert "En annens historie" not in shown
    assert STORY not in browser().get(address).content.decode()
    browser().post(f"{address}take-back/", {"client_id": client_id})
    assert Challenge.objects.count() == 2
    client.post(f"{address}take-back/", {"client_id": client_id})
    assert Challenge.objects.count() == 1


def test_a_link_made_anew_ends_the_old_paper(circle):
    old = f"/c/{inbox_address(circle)}/"
    assert browser().get(old).status_code == 200
    browser(circle.facilitator).post(f"/circles/{circle.id}/challenges/renew/")
    assert browser().get(old).status_code == 404
    assert browser().get(f"/c/{inbox_address(circle)}/").status_code == 200


def test_a_possible_number_is_asked_about_and_can_be_insisted_on(circle):
    client, box = browser(circle.member), f"/circles/{circle.id}/challenges/"
    answer, _client_id = write(client, box, text="Ordre 0101075016 kom ikke")
    assert answer.status_code == 400
    assert 'name="is_sure"' in answer.content.decode()
    assert write(client, box, text="Ordre 0101075016 kom ikke", is_sure="yes")[0].status_code == 303


def test_a_line_goes_from_draft_to_answer_and_back(circle):
    lead, here = browser(circle.facilitator), f"/circles/{circle.id}/handovers/"
    lead.post(f"{here}new/", {"text": LINE, "obstacle": "people"})
    handover = Handover.objects.get()
    live = make_meeting(circle=circle, facilitator=circle.facilitator, step="carry-out", people=3)
    lead.post(f"{here}{handover.id}/ask/")
    leader = browser(circle.leader)
    assert LINE not in leader.get("/leader/").content.decode()
    live.close()
    lead.post(f"{here}{handover.id}/send/")
    page = f"/leader/handovers/{handover.id}/"
    assert LINE in leader.get("/leader/").content.decode()
    assert LINE in leader.get(page).content.decode()
    handover.refresh_from_db()
    assert handover.state == HandoverState.SENT  # to look writes nothing
    leader.post(f"{page}seen/")
    leader.post(f"{page}answer/", {"answer": "part", "reason": "To kvelder i uka."})
    assert "To kvelder i uka." in browser(circle.member).get(here).content.decode()
    lead.post(f"{here}{handover.id}/follow-up/", {"text": "Det er vakt tirsdag."})
    assert "Det er vakt tirsdag." in leader.get(page).content.decode()


def test_a_second_answer_shows_both(circle):
    handover = make_line(circle, circle.facilitator, state=HandoverState.ANSWERED, leader=circle.leader)
    answer = browser(circle.leader).post(
        f"/leader/handovers/{handover.id}/answer/", {"answer": "no", "reason": "Ikke råd."}
    )
    assert answer.status_code == 409
    shown = answer.content.decode()
    assert "To kvelder i uka." in shown
    assert "Ikke råd." in shown


def test_an_answer_without_a_reason_is_asked_for(circle):
    handover = make_line(circle, circle.facilitator, state=HandoverState.SENT, leader=circle.leader)
    answer = browser(circle.leader).post(
        f"/leader/handovers/{handover.id}/answer/", {"answer": "no", "reason": ""}
    )
    assert answer.status_code == 400
    handover.refresh_from_db()
    assert handover.answer == ""


@pytest.mark.parametrize(
    "role", [Role.LEADER, Role.UNION, Role.RESEARCHER, Role.ADMINISTRATOR, Role.COORDINATOR]
)
def test_no_role_outside_the_circle_sees_a_challenge_a_draft_or_where_a_line_came_from(circle, role):
    trial = make_trial(circle, circle.facilitator, what="Hemmelig utprøving")
    log(trial, text="Klokkene ringte")
    leave(circle)
    draft = make_line(circle, circle.facilitator, text="Et utkast")
    make_line(circle, circle.facilitator, state=HandoverState.SENT, leader=circle.leader, trial_id=trial.id)
    outsider = make_reader(role, organisation=circle.organisation, workplace=circle.workplace)
    here = f"/circles/{circle.id}/"
    inside = {"challenges/": STORY, "handovers/": "Et utkast", f"trials/{trial.id}/": "Klokkene ringte"}
    for page, words in inside.items():
        assert words in browser(circle.member).get(here + page).content.decode()
        assert browser(outsider).get(here + page).status_code == 404
    client = browser(outsider)
    assert client.get(f"/leader/handovers/{draft.id}/").status_code == 404
    for address in (
        "/leader/",
        "/leader/handovers/",
        f"/leader/handovers/{Handover.objects.exclude(id=draft.id).get().id}/",
    ):
        shown = client.get(address).content.decode()
        for words in (STORY, "Et utkast", "Klokkene ringte", "Hemmelig utprøving"):
            assert words not in shown
    for act in ("challenges/", f"handovers/{draft.id}/send/", "handovers/new/"):
        assert client.post(here + act, {"text": "x"}).status_code == 404


def test_a_member_reads_and_does_not_send(circle):
    handover = make_line(circle, circle.facilitator)
    client = browser(circle.member)
    shown = client.get(f"/circles/{circle.id}/handovers/").content.decode()
    assert LINE in shown
    assert "/discard/" not in shown
    discard = f"/circles/{circle.id}/handovers/{handover.id}/discard/"
    assert client.post(discard).status_code == 404
    assert browser(circle.facilitator).post(discard).status_code == 302


def test_the_circles_page_leads_to_the_box_and_the_lines(circle):
    shown = browser(circle.member).get(f"/circles/{circle.id}/").content.decode()
    assert f"/circles/{circle.id}/challenges/" in shown
    assert f"/circles/{circle.id}/handovers/" in shown
