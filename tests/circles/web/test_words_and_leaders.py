"""What a page promises of the leader is kept: where leaders read it says so, and what was promised away stays away (T5)."""

import pytest
from django.test import Client

from sirkel.circles.domain import challenges, member_list, set_ups
from sirkel.circles.enums import MeetingState, Perspective
from sirkel.circles.models import Meeting, Trial
from sirkel.circles.queries.forming import join_path
from sirkel.circles.queries.open_links import inbox_address, log_address, poster_address
from sirkel.kernel import clock
from sirkel.kernel.errors import Conflict
from sirkel.kernel.ids import new_id
from sirkel.people.enums import Role
from tests.circles.web.hands import Phone
from tests.factories.anchoring import make_leader
from tests.factories.meetings import make_meeting, sign_in
from tests.factories.thread import give_role, make_person
from tests.factories.trials import log, make_trial, react

pytestmark = pytest.mark.django_db
NOT_THE_LEADER, LEADERS_TOO = "The leader does not see it.", "<b>leaders, too</b>"
WORDS = "Vi får aldri sagt det"
ENGLISH = {"accept-language": "en"}


def choose(live, kind):
    agreed = {"agreed_count": 7, "is_unopposed": True} if kind == "mixed" else {}
    set_ups.choose_set_up(
        acting=live.facilitator, circle_id=live.circle.id, kind=kind, at=clock.now(), **agreed
    )


def take_in(live, person, perspective):
    """Let somebody into the circle as it is done: put on the list, asked by mail, and yes."""
    entry = member_list.Entry(
        first_name=person.first_name, lang="nb", email=person.email, perspective=perspective
    )
    member_list.put_on_list(
        acting=live.facilitator, circle_id=live.circle.id, entries=[entry], at=clock.now()
    )
    token = join_path(live.circle.id, person.id).split("/")[3]
    member_list.answer_by_link(token=token, is_yes=True, at=clock.now())
    return signed_in(person)


def signed_in(person):
    client = Client()
    sign_in(client, person)
    return client


def page(client, path):
    answer = client.get(path, headers=ENGLISH)
    assert answer.status_code == 200, path
    return answer.content.decode()


@pytest.fixture
def held():
    """A circle of employees whose first meeting is over: words were written in it and left after it."""
    live = make_meeting(step="write", people=2).write(WORDS).reveal().close()
    challenges.leave_challenge(
        circle=live.circle, story=challenges.Story(client_id=new_id(), text=WORDS, lang="nb")
    )
    live.trial = make_trial(live.circle, live.facilitator)
    log(live.trial, text=WORDS, count=3)
    for _colleague in range(3):
        react(live.trial, text=WORDS)
    live.pages = (
        f"/meetings/{live.meeting.id}/recap/",
        f"/circles/{live.circle.id}/challenges/",
        f"/circles/{live.circle.id}/trials/{live.trial.id}/",
    )
    return live


@pytest.mark.threat(row="T5")
@pytest.mark.parametrize("kind", ["joint", "mixed", "leaders"])
def test_where_leaders_are_no_page_promises_that_the_leader_does_not_see_it(kind):
    for with_leaders in (False, True):
        live = make_meeting(state=MeetingState.PLANNED)
        if with_leaders and kind == "joint":
            set_ups.mark_joint(
                acting=live.facilitator, meeting_id=live.meeting.id, is_joint=True, at=clock.now()
            )
        elif with_leaders:
            choose(live, kind)
        live.meeting = Meeting.objects.get(id=live.meeting.id)
        live.open().go_to("write")
        writes, types = (
            Phone(live).page(),
            page(signed_in(live.facilitator), f"/meetings/{live.meeting.id}/lead/"),
        )
        for one in (writes, types):
            assert (LEADERS_TOO in one, NOT_THE_LEADER in one) == (with_leaders, not with_leaders)


@pytest.mark.threat(row="T5")
def test_a_leader_whom_the_group_lets_in_reads_on_from_there_and_nothing_from_before(held):
    choose(held, "mixed")
    leader = take_in(held, make_leader(held.circle), Perspective.LEADER)
    member = signed_in(held.facilitator)
    recap, box, trial = held.pages
    for path in held.pages:
        assert WORDS in page(member, path), path
    for path in (recap, f"{recap[:-1]}.pdf", f"{recap[:-1]}.docx"):
        answer = leader.get(path, headers=ENGLISH)
        assert answer.status_code == 403
        assert WORDS not in answer.content.decode()
    assert "for the employees alone" in leader.get(recap, headers=ENGLISH).content.decode()
    for path in (box, trial):
        shown = page(leader, path)
        assert WORDS not in shown
        assert "is not shown to leaders who take part" in shown
    assert WORDS not in page(leader, f"/circles/{held.circle.id}/meetings/{held.meeting.number}/")

    later = (
        make_meeting(circle=held.circle, facilitator=held.facilitator, step="write", people=2)
        .write("Nå er du med")
        .reveal()
        .close()
    )
    assert "Nå er du med" in page(leader, f"/meetings/{later.meeting.id}/recap/")


def test_a_leader_reads_of_the_meeting_that_leaders_were_invited_to(held):
    Meeting.objects.filter(id=held.meeting.id).update(is_joint=True)
    choose(held, "mixed")
    leader = take_in(held, make_leader(held.circle), Perspective.LEADER)
    assert WORDS in page(leader, held.pages[0])


@pytest.mark.threat(row="T5")
def test_a_member_who_comes_to_lead_the_workplace_reads_no_words_any_more(held):
    person = make_person()
    member = take_in(held, person, Perspective.EMPLOYEE)
    for path in held.pages:
        assert WORDS in page(member, path)
    give_role(person, Role.LEADER, workplace=held.circle.workplace)
    for path in held.pages:
        assert WORDS not in member.get(path).content.decode(), path


def test_between_the_meetings_it_says_who_reads_and_a_circle_of_leaders_is_told_so():
    live = make_meeting(state=MeetingState.PLANNED)
    trial = make_trial(live.circle, live.facilitator)
    Trial.objects.filter(id=trial.id).update(is_on_poster=True)
    paths = (f"/c/{inbox_address(live.circle)}/", f"/t/{log_address(trial)}/", f"/r/{poster_address(trial)}/")
    for path in paths:
        assert NOT_THE_LEADER in page(Client(), path)
    choose(live, "leaders")
    for path in paths:
        assert NOT_THE_LEADER not in page(Client(), path)


def test_who_is_in_the_circle_does_not_change_while_a_meeting_runs():
    live = make_meeting(step="write")
    with pytest.raises(Conflict) as no:
        choose(live, "mixed")
    assert no.value.code == "set_ups.running"
    live.reveal().close()
    choose(live, "mixed")
