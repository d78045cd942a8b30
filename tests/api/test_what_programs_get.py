"""What each asker gets through the API: what the pages show them and no more."""

import json

import pytest

from sirkel.circles.enums import Audience
from sirkel.circles.models import Handover
from sirkel.kernel import clock
from sirkel.people.enums import Role
from sirkel.policy.domain import recommendations
from tests.api.programs import program
from tests.attack.addresses import Place, routes
from tests.attack.test_leader_reads_nothing import WORDS
from tests.factories.handovers import LINE, make_line
from tests.factories.thread import RoomOfOwn, make_reader, make_recommendation

pytestmark = pytest.mark.django_db(databases=["default", "research", "vault"])
READING = [route for route in routes() if route.startswith("api/v1/") and "openapi" not in route]
TRIAL = "Én sitter med bord 2"


@pytest.fixture
def room():
    made = RoomOfOwn()
    made.trial(TRIAL)
    return made


@pytest.fixture
def leader(room):
    return make_reader(Role.LEADER, organisation=room.organisation, workplace=room.workplace)


@pytest.fixture
def line(room, leader):
    return make_line(room.circle, room.facilitator, state="sent", leader=leader)


def answer(client, line, **sent):
    body = {"answer": "yes", "reason": "To kvelder i uka."} | sent
    return client.post(f"/api/v1/lines/{line.id}/answer", json.dumps(body), content_type="application/json")


def test_a_leader_answers_a_line_once_and_the_circle_reads_it(leader, line):
    asks = program(leader, may_answer=True)
    [waiting] = asks.get("/api/v1/lines").json()
    assert (waiting["text"], waiting["may_answer"], waiting["answer"]) == (LINE, True, "")
    told = answer(asks, line)
    assert (told.status_code, told.json()["answer"]) == (200, "yes")
    line.refresh_from_db()
    assert (line.answer, line.reason) == ("yes", "To kvelder i uka.")
    again = answer(asks, line, reason="En annen grunn")
    assert (again.status_code, again.json()["code"]) == (409, "handovers.answered")
    line.refresh_from_db()
    assert line.reason == "To kvelder i uka."


def test_a_key_that_reads_answers_nothing(leader, line):
    told = answer(program(leader), line)
    assert (told.status_code, told.json()["code"]) == (403, "keys.reads_only")
    assert Handover.objects.get(id=line.id).answer == ""


def test_somebody_elses_line_is_none(line):
    other = RoomOfOwn()
    stranger = make_reader(Role.LEADER, organisation=other.organisation, workplace=other.workplace)
    told = answer(program(stranger, may_answer=True), line)
    assert told.status_code == 404
    assert Handover.objects.get(id=line.id).answer == ""


@pytest.mark.parametrize(
    ("sent", "status", "field"),
    [
        ({"answer": "perhaps"}, 422, "answer"),
        ({"reason": ""}, 422, "reason"),
        ({"reason": "   "}, 422, "reason"),
        ({"reason": "x" * 501}, 422, "reason"),
        ({"comes_back_on": "soon"}, 422, "comes_back_on"),
        ({"more": 1}, 422, "more"),
    ],
)
def test_what_does_not_fit_is_said_by_its_name(leader, line, sent, status, field):
    told = answer(program(leader, may_answer=True), line, **sent)
    assert told.status_code == status
    assert [one["field"] for one in told.json()["fields"]] == [field]
    assert all(one["message"] for one in told.json()["fields"])
    assert Handover.objects.get(id=line.id).answer == ""


def test_a_later_needs_its_day_as_on_the_page(leader, line):
    told = answer(program(leader, may_answer=True), line, answer="later")
    assert told.status_code == 400
    assert told.json()["code"] == "handovers.comes_back_on"


@pytest.mark.parametrize("body", ["", "{", "[]", "null", '"yes"', "\x00"])
def test_no_body_of_any_kind_is_a_fault(leader, line, body):
    asks = program(leader, may_answer=True)
    told = asks.post(f"/api/v1/lines/{line.id}/answer", body, content_type="application/json")
    assert told.status_code in {400, 422}
    assert told.json()["code"] in {"api.invalid", "api.unreadable"}


def test_a_member_reads_the_own_circle(room):
    asks = program(room.facilitator)
    [mine] = asks.get("/api/v1/circles").json()
    assert (mine["id"], mine["is_led"], mine["held"]) == (str(room.circle.id), True, 1)
    here = f"/api/v1/circles/{room.circle.id}"
    [trial] = asks.get(f"{here}/trials").json()
    assert (trial["what"], trial["decision"]) == (TRIAL, "keep")
    [meeting] = asks.get(f"{here}/meetings").json()
    assert (meeting["state"], meeting["minutes"]) == ("held", 90)
    refs = {one["ref"] for one in asks.get(f"{here}/robustness").json()}
    assert "time.held/1" in refs


@pytest.mark.threat(row="T4")
def test_around_a_circle_nobody_reads_what_was_said_in_it():
    place = Place()
    raw = program(place.live.facilitator)
    assert raw.get(f"/api/v1/circles/{place.ids['circle_id']}/trials").json()  # there is something to read
    workplace = place.live.meeting.circle.workplace
    here = {"organisation": workplace.organisation, "workplace": workplace}
    for role in (Role.LEADER, Role.UNION):
        asks = program(make_reader(role, **here))
        part = "leader" if role == Role.LEADER else "representative"
        [around] = asks.get(f"/api/v1/around/{part}/circles").json()
        assert around["id"] == str(place.ids["circle_id"])
        for route in READING:
            body = asks.get(place.at(route)).content.decode()
            assert not any(
                word in body for word in (*WORDS, "Én sitter ved bordet", "Dette kan gå videre")
            ), route


def test_a_representative_sees_no_figure_that_tells_of_one_person(room):
    inside = program(room.facilitator).get(f"/api/v1/circles/{room.circle.id}/robustness").json()
    union = make_reader(Role.UNION, organisation=room.organisation, workplace=room.workplace)
    outside = program(union).get(f"/api/v1/circles/{room.circle.id}/robustness").json()
    refs = {one["ref"] for one in outside}
    assert refs < {one["ref"] for one in inside}


def test_cards_are_those_of_the_page_for_everybody(room):
    theme = room.theme("Kvelden")
    texts = {
        audience: f"Kort for {audience}"
        for audience in (Audience.PUBLIC, Audience.NETWORK, Audience.ORGANISATION)
    }
    for audience, text in texts.items():
        room.card(text, audience, theme=theme)
    other = RoomOfOwn()
    inside = make_reader(Role.LEADER, organisation=room.organisation, workplace=room.workplace)
    wanted = {
        None: {Audience.PUBLIC},
        other.facilitator: {Audience.PUBLIC, Audience.NETWORK},
        inside: {Audience.PUBLIC, Audience.ORGANISATION},
        room.facilitator: set(texts),
    }
    for person, audiences in wanted.items():
        got = program(person).get("/api/v1/cards").json()
        assert {one["text"] for one in got["items"]} == {texts[one] for one in audiences}
        assert got["count"] == len(audiences)
    named = {
        one["audience"]: one["workplace"] for one in program(inside).get("/api/v1/cards").json()["items"]
    }
    assert named == {Audience.PUBLIC: None, Audience.ORGANISATION: room.workplace.name}


def test_cards_come_page_by_page_and_are_looked_for(room):
    theme = room.theme("Kvelden")
    for number in range(3):
        room.card(f"Kort nummer {number}", Audience.PUBLIC, theme=theme)
    asks = program(None)
    first = asks.get("/api/v1/cards?limit=2").json()
    second = asks.get("/api/v1/cards?limit=2&offset=2").json()
    assert (len(first["items"]), len(second["items"]), first["count"]) == (2, 1, 3)
    assert asks.get("/api/v1/cards?q=nummer+1").json()["count"] == 1
    assert asks.get("/api/v1/cards?limit=101").status_code == 422
    assert asks.get("/api/v1/cards?offset=-1").status_code == 422


def test_a_recommendation_shows_what_it_says_to_everybody_and_its_cards_to_their_readers(room):
    writer = make_reader(Role.POLICY)
    card = room.card("Å sitte ned først er også arbeid", theme=room.theme("Kvelden"))
    made = make_recommendation(writer, [card])
    here = f"/api/v1/recommendations/{made.number}"
    public, read = program(None).get(here).json(), program(writer).get(here).json()
    assert public["clauses"][0]["text"] == read["clauses"][0]["text"] != ""
    assert (
        public["clauses"][0]["supports"][0]["text"],
        public["clauses"][0]["supports"][0]["is_readable"],
    ) == ("", False)
    assert read["clauses"][0]["supports"][0]["text"] == card.text


def test_what_is_being_revised_says_nothing_to_others_than_its_writers(room):
    writer = make_reader(Role.POLICY)
    made = make_recommendation(writer, [room.card("Å sitte ned er arbeid", theme=room.theme("Kvelden"))])
    recommendations.unpublish(acting=writer, number=made.number, at=clock.now())
    here = f"/api/v1/recommendations/{made.number}"
    public, own = program(None).get(here).json(), program(writer).get(here).json()
    assert (public["is_being_revised"], public["clauses"]) == (True, [])
    assert len(own["clauses"]) == 1
    draft = make_recommendation(writer, is_published=False)
    assert program(None).get(f"/api/v1/recommendations/{draft.number}").status_code == 404
    numbers = {one["number"] for one in program(None).get("/api/v1/recommendations").json()}
    assert numbers == {made.number}


def test_asking_costs_the_same_however_much_there_is(room, django_assert_max_num_queries):
    for number in range(4):
        room.card(f"Kort {number}", Audience.PUBLIC, theme=room.theme(f"Tema {number}"))
    asks = program(room.facilitator)
    asks.get("/api/v1/me")
    for path in ("me", "circles", f"circles/{room.circle.id}/trials", "cards"):
        with django_assert_max_num_queries(12):
            assert asks.get(f"/api/v1/{path}").status_code == 200


def test_refusals_are_in_the_askers_language(room):
    asks = program(room.facilitator)
    there = "/api/v1/circles/00000000-0000-4000-8000-000000000000/trials"
    said = {
        lang: asks.get(there, headers={"accept-language": lang}).json()["message"]
        for lang in ("en", "fi", "da")
    }
    assert len(set(said.values())) == 3
