"""Closing a circle and looking back at it, through the pages as people go through them."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.test import Client

from sirkel.circles.domain import agreeing
from sirkel.circles.enums import CircleState, MemberRole
from sirkel.circles.models import Anchor, Circle, ClosingRecord, FollowUp, Membership
from sirkel.kernel import clock
from tests.factories.anchoring import make_leader, make_representative
from tests.factories.closing import LINE, finish_closing, go_to_follow_up, make_anchor, on_day, write_closing
from tests.factories.meetings import make_circle, sign_in
from tests.factories.thread import make_person
from tests.factories.trials import make_trial

pytestmark = pytest.mark.django_db


def words(answer):
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())))


def signed_in(person):
    client = Client(headers={"accept-language": "en"})
    sign_in(client, person)
    return client


@pytest.fixture
def closing():
    circle, acting = make_circle()
    Circle.objects.filter(id=circle.id).update(state=CircleState.CLOSING)
    circle.refresh_from_db()
    return circle, acting


@pytest.fixture
def member(closing):
    person = make_person("Aino")
    Membership.objects.create(circle=closing[0], person=person, role=MemberRole.PARTICIPANT)
    return person


def test_a_circle_closes_step_by_step_and_goes_on_to_its_follow_up(closing):
    circle, acting = closing
    client, here = signed_in(acting), f"/circles/{circle.id}/closing/"
    Circle.objects.filter(id=circle.id).update(state=CircleState.FORMING)
    expected = agreeing.add_expectation(acting=acting, circle_id=circle.id, text="At vi blir hørt", lang="nb")
    Circle.objects.filter(id=circle.id).update(state=CircleState.CLOSING)
    trial = make_trial(circle, acting, state="decided")
    assert "Close the circle together" in words(client.get("/circles/"))
    told = client.post(f"/circles/{circle.id}/phase/", {"phase": "followup"}, follow=True)
    assert told.redirect_chain == [(here, 302)]
    assert "Close the circle together first." in words(told)

    assert "At vi blir hørt" in words(client.get(f"{here}expectations/"))
    sent = {f"outcome-{expected.id}": "partly", f"words-{expected.id}": "Oftere enn før"}
    assert client.post(f"{here}expectations/", sent).headers["Location"] == f"{here}lines/"
    assert trial.what in words(client.get(f"{here}lines/"))
    proposed = client.get(f"{here}lines/new/?trial={trial.id}").content.decode()
    assert re.search(r'value="keep"[^>]*checked', proposed)
    line = {
        "kind": "hand_over",
        "text": "Noen sitter ned først",
        "place": "staff_meeting",
        "holder": "leader",
        "look_again_on": (clock.now().date() + timedelta(days=90)).isoformat(),
        "for_leader": "on",
        "trial": trial.id,
    }
    assert client.post(f"{here}lines/new/", line).headers["Location"] == f"{here}lines/"
    lines = words(client.get(f"{here}lines/"))
    assert trial.what not in lines
    assert "We hand it over The staff meeting · The unit's leader" in lines
    assert client.post(f"{here}check/", follow=True).redirect_chain[0][0] == f"{here}on/"
    gone_on = {"goes_on": "other_form", "form": "Et kvarter hver tirsdag", "celebrate": "Roligere kvelder"}
    assert client.post(f"{here}on/", gone_on).headers["Location"] == f"{here}check/"
    assert client.post(f"{here}check/").headers["Location"] == here
    record = words(client.get(here))
    for said in ("Oftere enn før", "Noen sitter ned først", "Et kvarter hver tirsdag", "Roligere kvelder"):
        assert said in record
    assert client.post(f"/circles/{circle.id}/phase/", {"phase": "followup"}).status_code == 302
    circle.refresh_from_db()
    assert circle.state == CircleState.FOLLOWUP
    assert "Change it" not in words(client.get(here))
    assert client.get(f"{here}lines/").headers["Location"] == here
    days = words(client.get(f"/circles/{circle.id}/follow-up/"))
    assert "After 3 months" in days
    assert "After 6 months" in days


@pytest.mark.parametrize(
    ("field", "value", "words_"),
    [
        ("kind", "", "This field is required"),
        ("text", "", "This field is required"),
        ("text", "Aino er 131052-308T", "personal identity number"),
        ("place", "", "Choose where it is placed."),
        ("holder", "", "Choose with whom it lies."),
        ("holder", "Kari Nordmann", "Select a valid choice"),
        ("look_again_on", "", "Choose a day to come"),
        ("look_again_on", "2020-01-01", "Choose a day to come"),
    ],
)
def test_a_line_that_lacks_something_is_told_so_and_nothing_is_kept(closing, field, value, words_):
    circle, acting = closing
    client, path = signed_in(acting), f"/circles/{circle.id}/closing/lines/new/"
    line = {
        "kind": "keep",
        "text": LINE,
        "place": "routine",
        "holder": "team",
        "look_again_on": (clock.now().date() + timedelta(days=30)).isoformat(),
    }
    answer = client.post(path, line | {field: value})
    assert answer.status_code == 422
    assert words_ in answer.content.decode()
    assert not Anchor.objects.exists()
    assert client.post(path, line).status_code == 302
    assert Anchor.objects.get().text == LINE


def test_what_is_stopped_lies_nowhere(closing):
    circle, acting = closing
    client, path = signed_in(acting), f"/circles/{circle.id}/closing/lines/new/"
    assert (
        client.post(path, {"kind": "stop", "text": LINE, "place": "plan", "holder": "team"}).status_code
        == 302
    )
    anchor = Anchor.objects.get()
    assert (anchor.place, anchor.holder, anchor.look_again_on) == ("", "", None)


def test_one_member_keeps_a_line_from_the_leader_and_nobody_learns_who(closing, member):
    circle, acting = closing
    anchor = make_anchor(circle, acting, for_leader=True)
    client = signed_in(member)
    page = words(client.get(f"/circles/{circle.id}/closing/"))
    assert "Keep it in the circle" in page
    client.post(f"/circles/{circle.id}/closing/lines/{anchor.id}/inside/")
    assert "Keep it in the circle" not in words(client.get(f"/circles/{circle.id}/closing/"))
    finish_closing(circle, acting)
    go_to_follow_up(circle, acting)
    with clock.frozen(clock.now() + timedelta(days=8)):
        assert LINE not in words(signed_in(make_leader(circle)).get("/leader/"))


def test_a_leader_sees_what_the_group_let_out_a_week_later_and_nothing_else(closing):
    circle, acting = closing
    leader, union = signed_in(make_leader(circle)), signed_in(make_representative(circle))
    make_anchor(circle, acting, text="Sees av lederen", for_leader=True)
    make_anchor(circle, acting, text="Blir i sirkelen")
    write_closing(circle, acting, goes_on="other_form", form="Bare for oss", celebrate="Kaken på fredag")
    assert "other form" not in words(leader.get("/leader/"))
    go_to_follow_up(circle, acting, goes_on="other_form", form="Bare for oss", celebrate="Kaken på fredag")
    guard = f"/representative/{circle.id}/"
    for client, path in ((leader, "/leader/"), (union, guard)):
        page = words(client.get(path))
        assert "It goes on in another form" in page
        assert "After 3 months" in page
        assert "Sees av lederen" not in page
    with clock.frozen(clock.now() + timedelta(days=8)):
        seen, guarded = words(leader.get("/leader/")), words(union.get(guard))
    assert "Sees av lederen" in seen
    assert "Sees av lederen" not in guarded
    for kept in ("Blir i sirkelen", "Bare for oss", "Kaken"):
        assert kept not in seen
        assert kept not in guarded


def test_a_circle_that_ended_early_is_offered_a_shorter_closing_in_warm_words(closing):
    circle, acting = closing
    client, here = signed_in(acting), f"/circles/{circle.id}/closing/"
    client.post(f"/circles/{circle.id}/end/", {"reason": "enough"})
    assert "Keep what you learned" in words(client.get("/circles/"))
    page = words(client.get(here))
    assert "A circle that ends early has learned something too." in page
    assert not re.search(r"fail|unfortunately|sorry|abandon", page, re.IGNORECASE)
    assert client.get(f"{here}expectations/").status_code == 302
    assert "Step 1 of 3" in words(client.get(f"{here}lines/"))
    assert client.post(f"{here}on/", {"goes_on": "ends"}).status_code == 302
    assert client.post(f"{here}check/").status_code == 302
    assert ClosingRecord.objects.get().finished_on
    assert "Keep what you learned" not in words(client.get("/circles/"))
    with clock.frozen(clock.now() + timedelta(days=8)):
        assert client.get(f"{here}lines/").headers["Location"] == here


def test_a_member_looks_back_for_the_circle_and_the_facilitator_closes_it(closing, member):
    circle, acting = closing
    anchor = make_anchor(circle, acting)
    stopped = make_anchor(circle, acting, kind="stop", text="Stoppet")
    backs = go_to_follow_up(circle, acting)
    here = f"/circles/{circle.id}/follow-up/"
    client, led = signed_in(member), signed_in(acting)
    assert "Answer the three questions" not in words(client.get(here))
    early = client.post(f"{here}3/", {f"anchor-{anchor.id}": "yes", "still_meets": "no"})
    assert early.status_code == 422
    assert not FollowUp.objects.filter(answered_on__isnull=False).exists()
    for months in (3, 6):
        with clock.frozen(on_day(backs[months].due_on)):
            assert "Look back: three questions" in words(client.get("/circles/"))
            assert "Answer the three questions" in words(client.get(here))
            asked = words(client.get(f"{here}{months}/"))
            assert LINE in asked
            assert stopped.text not in asked
            assert client.post(f"{here}{months}/", {"still_meets": "no"}).status_code == 422
            told = led.post(f"/circles/{circle.id}/phase/", {"phase": "closed"}, follow=True)
            assert "One look back is still to come." in words(told)
            said = {f"anchor-{anchor.id}": "partly", "still_meets": "similar", "words": "Turnusen hjalp"}
            assert client.post(f"{here}{months}/", said).status_code == 302
            found = words(client.get(here))
            assert f"{LINE} Partly" in found
            assert "Turnusen hjalp" in found
            assert "Yes, something like it" in found
    with clock.frozen(on_day(backs[6].due_on)):
        assert "Say goodbye to the circle" in words(led.get("/circles/"))
        led.post(f"/circles/{circle.id}/phase/", {"phase": "closed"})
        circle.refresh_from_db()
        assert circle.state == CircleState.CLOSED
        assert "Turnusen hjalp" in words(client.get(here))
        assert "See what stays" in words(client.get("/circles/"))


def test_the_facilitator_moves_the_day_and_an_overdue_one_stays_gentle(closing, member):
    circle, acting = closing
    backs = go_to_follow_up(circle, acting)
    here = f"/circles/{circle.id}/follow-up/3/"
    client, led = signed_in(member), signed_in(acting)
    later = backs[3].due_on + timedelta(days=10)
    assert "Move it" not in words(client.get(here))
    assert client.post(f"{here}move/", {"due_on": later.isoformat()}).status_code == 404
    assert "Move it" in words(led.get(here))
    too_far = led.post(f"{here}move/", {"due_on": (later + timedelta(days=90)).isoformat()})
    assert too_far.status_code == 422
    assert "too far" in too_far.content.decode()
    assert led.post(f"{here}move/", {"due_on": later.isoformat()}).status_code == 302
    assert FollowUp.objects.get(months=3).due_on == later
    with clock.frozen(on_day(later + timedelta(days=40))):
        page = words(client.get(f"/circles/{circle.id}/follow-up/"))
        assert "it still counts" in page
        assert "Answer the three questions" in page
