"""The leader's and the representative's pages: what moves on them, and what never does."""

import re

import pytest
from django.test import Client

from sirkel.circles.domain import agreeing, phases, pulse
from sirkel.circles.models import Membership
from sirkel.kernel import clock
from sirkel.people.enums import Role
from tests.factories.anchoring import (
    RULES,
    answer,
    commit,
    commitment_plan,
    make_leader,
    make_ready,
    make_representative,
    settle,
)
from tests.factories.meetings import make_circle, make_meeting, sign_in
from tests.factories.thread import make_reader

pytestmark = pytest.mark.django_db
NOTE = "Klokka på rom to ringer hele kvelden"
EXPECTATION = "At nattevaktene blir hørt"


def page(client, path):
    answer_ = client.get(path)
    assert answer_.status_code == 200, path
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", answer_.content.decode())


def words(html):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


@pytest.fixture
def live():
    """A running meeting in its write step, in a circle that has everything, with three phones."""
    live = make_meeting(step="write", people=3)
    live.leader = make_ready(live.circle, live.facilitator)
    live.union = make_representative(live.circle)
    return live


@pytest.fixture
def looked(live, client_of):
    """What leader and representative can read about the circle, all pages in one map."""
    leader, union = client_of(live.leader), client_of(live.union)
    circle = f"/circles/{live.circle.id}/"
    names = ("commitment", "papers", "papers/commitment", "readiness", "story", "robustness")
    shared = [f"{circle}{one}/" for one in names]

    def look():
        read = {f"leader {path}": page(leader, path) for path in ("/leader/", "/circles/", "/", *shared)}
        own = ("/representative/", f"/representative/{live.circle.id}/", "/circles/", "/", *shared)
        return read | {f"representative {path}": page(union, path) for path in own}

    return look


@pytest.fixture
def client_of():
    def make(person):
        client = Client(headers={"accept-language": "en"})
        sign_in(client, person)
        return client

    return make


def test_one_participant_moves_nothing_on_any_page_around_the_circle(live, looked):
    """Whatever a single person does inside, every byte that leader and representative get stays as it was."""
    before = looked()

    def unmoved(act):
        after = looked()
        assert {path for path in before if before[path] != after[path]} == set(), act

    live.join()
    unmoved("joins")
    live.write(NOTE)
    unmoved("writes")
    live.reveal()
    unmoved("is read")
    live.go_to("check-out")
    pulse.answer_pulse(
        meeting_id=live.meeting.id,
        round_id=live.round.id,
        device=live.devices[0],
        felt_heard=1,
        was_useful=3,
        word="Slitsomt",
        lang="nb",
    )
    unmoved("checks out")
    agreeing.add_expectation(acting=live.facilitator, circle_id=live.circle.id, text=EXPECTATION, lang="nb")
    unmoved("expects")
    member = make_reader(Role.RESEARCHER)
    membership = Membership.objects.create(circle=live.circle, person=member, role="participant")
    unmoved("becomes a member")
    membership.left_at = clock.now()
    membership.save()
    unmoved("leaves")
    live.close()
    after = looked()
    moved = {path for path in before if before[path] != after[path]}
    counts = {
        "leader /leader/",
        "representative /representative/",
        f"representative /representative/{live.circle.id}/",
    }
    told = {path for path in before if path.endswith(("/story/", "/robustness/"))}
    assert moved == counts | told
    for path in told:
        assert "1 meeting held" in words(after[path]) or "1 of 1" in words(after[path])
    for path in counts:
        assert "0 of 1 meetings held" in words(before[path])
        assert before[path].replace("0 of 1", "1 of 1") == after[path]


def test_no_note_rule_expectation_or_member_is_on_any_page_around_the_circle(live, looked):
    live.write(NOTE)
    live.reveal()
    agreeing.add_expectation(acting=live.facilitator, circle_id=live.circle.id, text=EXPECTATION, lang="nb")
    live.facilitator.first_name, live.facilitator.family_name = "Torhild", "Gjenkjennelig"
    live.facilitator.save()
    live.close()
    for path, html in looked().items():
        for secret in (NOTE, EXPECTATION, *RULES, "Torhild", "Gjenkjennelig", live.facilitator.email):
            assert secret not in html, (path, secret)


class TestLeader:
    def test_the_page_leads_from_an_unsigned_commitment_to_a_signed_one(self, client_of):
        circle, acting = make_circle()
        leader = make_leader(circle)
        client = client_of(leader)
        assert "Not written yet" in words(page(client, "/leader/"))
        commit(circle, acting, None)
        assert "78 hours in all" in words(page(client, "/leader/"))
        read = page(client, f"/circles/{circle.id}/commitment/")
        for part in ("78 hours", "8 people × 6 meetings × 90 minutes: 72 hours", "Sign version 1"):
            assert part in words(read)
        answered = client.post(f"/circles/{circle.id}/commitment/sign/", {"version": "1"}, follow=True)
        assert f"signed by {leader.first_name}" in words(answered.content.decode())
        assert "Signed" in words(page(client, "/leader/"))

    def test_an_old_version_is_refused_in_plain_words(self, client_of):
        circle, acting = make_circle()
        client = client_of(make_leader(circle))
        commit(circle, acting, None)
        commit(circle, acting, None, base=1)
        refused = client.post(f"/circles/{circle.id}/commitment/sign/", {"version": "1"})
        assert refused.status_code == 409
        assert "Read the newest version and sign that one." in words(refused.content.decode())
        for version in ("", "x", "99999999999", "-1"):
            asked = client.post(f"/circles/{circle.id}/commitment/sign/", {"version": version})
            assert asked.status_code == 400, version

    def test_who_writes_second_sees_both_versions_and_keeps_their_words(self, client_of):
        circle, acting = make_circle()
        client, here = client_of(make_leader(circle)), f"/circles/{circle.id}/commitment/change/"
        first = page(client, here)
        assert 'name="base" value="0"' in first
        commit(circle, acting, None, cover="Fasilitatorens ord")
        sent = {**commitment_plan(cover="Lederens ord").__dict__, "base": "0"}
        answered = client.post(here, sent)
        html = answered.content.decode()
        assert answered.status_code == 409
        assert "Fasilitatorens ord" in html
        assert "Lederens ord" in html
        assert 'name="base" value="1"' in html
        assert client.post(here, {**sent, "base": "1"}).status_code == 302
        assert circle.commitments.get(version=2).cover == "Lederens ord"

    def test_thirty_circles_cost_no_more_questions_than_one(self, client_of, django_assert_max_num_queries):
        circle, acting = make_circle()
        for _number in range(29):
            make_circle(facilitator=acting, workplace=circle.workplace)
        leader = make_leader(circle)
        for each in acting.memberships.all():
            commit(each.circle, acting, leader)
        client = client_of(leader)
        with django_assert_max_num_queries(16):
            assert page(client, "/leader/").count("78 hours") == 30


class TestRepresentative:
    def test_a_concern_reaches_the_leader_and_the_facilitator(self, client_of):
        circle, acting = make_circle()
        union, leader = client_of(make_representative(circle)), client_of(make_leader(circle))
        where = f"/circles/{circle.id}/concern/"
        assert union.post(where, {"text": " "}).status_code == 422
        assert union.post(where, {"text": "Vikarene får ikke komme"}).status_code == 302
        for client, path in (
            (union, f"/representative/{circle.id}/"),
            (leader, "/leader/"),
            (client_of(acting), f"/circles/{circle.id}/"),
        ):
            assert "Vikarene får ikke komme" in words(page(client, path))
        member = make_reader(Role.RESEARCHER)
        circle.memberships.create(person=member, role="participant")
        assert "Vikarene" not in page(client_of(member), f"/circles/{circle.id}/")

    def test_a_pause_with_its_reason_stands_in_the_trail_and_ends(self, client_of):
        circle, acting = make_circle()
        client = client_of(make_representative(circle))
        here = f"/representative/{circle.id}/"
        assert client.post(f"/circles/{circle.id}/pause/", {"reason": "boredom"}).status_code == 422
        paused = client.post(f"/circles/{circle.id}/pause/", {"reason": "concern"})
        assert paused.headers["Location"] == here
        assert "A representative paused the circle: A concern is being looked at" in words(page(client, here))
        assert "A concern is being looked at" in words(page(client_of(make_leader(circle)), "/leader/"))
        facilitator = client_of(acting)
        assert "The circle is paused" in words(page(facilitator, f"/circles/{circle.id}/"))
        assert facilitator.post(f"/circles/{circle.id}/resume/").status_code == 403
        assert client.post(f"/circles/{circle.id}/resume/").headers["Location"] == here
        assert "A representative let the circle go on" in words(page(client, here))


class TestGate:
    def test_the_circle_says_what_is_missing_and_leads_there(self, client_of):
        circle, acting = make_circle()
        client, here = client_of(acting), f"/circles/{circle.id}/"
        told = client.post(f"{here}phase/", {"phase": "focusing"})
        assert told.headers["Location"] == f"{here}#h-gate"
        html = page(client, here)
        for path in ("readiness", "commitment", "agreement"):
            assert f'href="{here}{path}/"' in html
        make_ready(circle, acting)
        assert "Everything is there" in words(page(client, here))
        client.post(f"{here}phase/", {"phase": "focusing"})
        assert 'id="h-gate"' not in page(client, here)
        circle.refresh_from_db()
        assert circle.state == "focusing"

    def test_not_now_is_said_kindly_with_what_would_have_to_change(self, client_of):
        circle, acting = make_circle()
        answer(circle, acting, "wait")
        told = words(page(client_of(acting), f"/circles/{circle.id}/readiness/"))
        assert "Waiting is a good decision too." in told
        assert "The meetings stand in the roster as working time, for every shift." in told


class TestGroundRules:
    def test_who_comes_second_sees_both_texts_and_loses_none(self, client_of):
        circle, acting = make_circle()
        client, here = client_of(acting), f"/circles/{circle.id}/agreement/"
        settle(circle, acting)
        first = {"base": "1", "items": "Alle får snakke\nVi er på tida"}
        assert client.post(f"{here}change/", first).status_code == 302
        second = {"base": "1", "items": "Ingen avbryter\nTelefonen i lomma"}
        answered = client.post(f"{here}change/", second)
        html = answered.content.decode()
        assert answered.status_code == 409
        for text in ("Alle får snakke", "Vi er på tida", "Ingen avbryter\nTelefonen i lomma"):
            assert text in html
        base = re.search(r'name="base" value="(\d+)"', html)[1]
        assert client.post(f"{here}change/", {**second, "base": base}).status_code == 302
        assert [one.version for one in circle.agreements.order_by("version")] == [1, 2, 3]

    def test_they_are_agreed_by_a_number_and_opened_again(self, client_of):
        circle, acting = make_circle()
        client, here = client_of(acting), f"/circles/{circle.id}/agreement/"
        settle(circle, acting, count=None)
        assert client.post(f"{here}agree/", {"version": "1", "count": "0"}).status_code == 422
        client.post(f"{here}agree/", {"version": "1", "count": "7"})
        assert "by 7 of us" in words(page(client, here))
        client.post(f"{here}reopen/", {"version": "1"})
        assert "Open again" in words(page(client, here))
        settle(circle, acting, base=1, count=None)
        assert client.post(f"{here}agree/", {"version": "1", "count": "7"}).status_code == 409


class TestExpectations:
    def test_they_are_written_put_away_and_taken_out_again(self, client_of):
        circle, acting = make_circle()
        client, here = client_of(acting), f"/circles/{circle.id}/expectations/"
        assert client.post(here, {"text": EXPECTATION}).status_code == 302
        one = circle.expectations.get()
        back = f"{here}{one.id}/back/"
        assert client.post(back, {"outcome": "met"}).status_code == 409
        make_ready(circle, acting)
        for phase in ("focusing", "cocreating"):
            phases.move_to_phase(acting=acting, circle_id=circle.id, phase=phase, at=clock.now())
        assert "Put away until the last meeting" in words(page(client, here))
        phases.move_to_phase(acting=acting, circle_id=circle.id, phase="closing", at=clock.now())
        assert client.post(back, {"outcome": "partly", "words": "Noen netter"}).status_code == 302
        told = words(page(client, here))
        assert "Partly" in told
        assert "Noen netter" in told

    def test_a_member_without_the_lead_writes_and_takes_nothing_away(self, client_of):
        circle, acting = make_circle()
        member = make_reader(Role.RESEARCHER)
        circle.memberships.create(person=member, role="participant")
        client, here = client_of(member), f"/circles/{circle.id}/expectations/"
        client.post(here, {"text": EXPECTATION})
        one = circle.expectations.get()
        assert client.post(f"{here}{one.id}/away/").status_code == 404
        client_of(acting).post(f"{here}{one.id}/away/")
        assert not circle.expectations.exists()
