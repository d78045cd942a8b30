"""A trial between meetings, over HTTP: what members press, what paper opens, and who gets nothing."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from sirkel.circles.domain import trial_moves
from sirkel.circles.models import Membership, Trial, TrialLog, TrialReaction
from sirkel.circles.queries.open_links import log_address, poster_address
from sirkel.kernel import clock
from sirkel.kernel.ids import new_id
from sirkel.people.enums import Role
from tests.factories.meetings import make_circle, sign_in
from tests.factories.thread import make_person, make_reader
from tests.factories.trials import log, make_trial, react

pytestmark = pytest.mark.django_db
SECRET = "Klokkene ringte hele kvelden"


@pytest.fixture
def trial():
    circle, facilitator = make_circle()
    made = make_trial(circle, facilitator)
    made.facilitator = facilitator
    return made


@pytest.fixture
def member(trial):
    person = make_person("Kari")
    Membership.objects.create(circle=trial.circle, person=person, role="participant")
    return person


def browser(person=None):
    client = Client(headers={"accept-language": "en"})
    if person:
        sign_in(client, person)
    return client


def card(trial):
    return f"/circles/{trial.circle_id}/trials/{trial.id}/"


def press(client, address, **fields):
    """Press a button on the page as it was given out."""
    shown = client.get(address).content.decode()
    client_id = re.search(r'name="client_id" value="([^"]+)"', shown)[1]
    to = re.search(r'<form[^>]* action="([^"]+)"[^>]*data-once', shown)[1]
    return client.post(to, {"client_id": client_id, "kind": "did", **fields})


def test_a_member_presses_one_button_and_takes_it_back(trial, member):
    client = browser(member)
    assert press(client, card(trial), text=SECRET, count="4").status_code == 302
    shown = client.get(card(trial)).content.decode()
    assert SECRET in shown
    client.post(f"{card(trial)}undo/")
    assert not TrialLog.objects.exists()
    assert SECRET not in client.get(card(trial)).content.decode()


def test_nobody_takes_back_what_another_browser_pressed(trial, member):
    press(browser(member), card(trial))
    other = browser(trial.facilitator)
    other.post(f"{card(trial)}undo/")
    assert TrialLog.objects.count() == 1


def test_a_press_leaves_nothing_in_the_session(trial, member):
    client = browser(member)
    client.get(card(trial))
    before = dict(client.session.items())
    press(client, card(trial))
    assert dict(client.session.items()) == before


def test_paper_lets_somebody_without_an_account_press(trial):
    client = browser()
    address = f"/t/{log_address(trial)}/"
    assert press(client, address, text=SECRET).status_code == 303
    assert TrialLog.objects.get().text == SECRET
    # Whoever finds the paper sees the plan and nothing of what was said, not even their own words.
    assert SECRET not in client.get(address).content.decode()
    client.post(f"{address}undo/")
    assert not TrialLog.objects.exists()


@pytest.mark.parametrize("address_of", [log_address, poster_address])
def test_to_look_writes_nothing(trial, address_of):
    Trial.objects.filter(id=trial.id).update(is_on_poster=True)
    client = browser()
    page = "t" if address_of is log_address else "r"
    with CaptureQueriesContext(connection) as asked:
        client.get(f"/{page}/{address_of(trial)}/")
    assert [query["sql"] for query in asked if not query["sql"].startswith("SELECT")] == []


def test_a_link_made_anew_ends_the_old_paper(trial):
    old = f"/t/{log_address(trial)}/"
    assert browser().get(old).status_code == 200
    browser(trial.facilitator).post(f"{card(trial)}renew/")
    trial.refresh_from_db()
    assert browser().get(old).status_code == 404
    assert browser().get(f"/t/{log_address(trial)}/").status_code == 200


def test_one_link_is_not_the_other_nor_another_trials(trial):
    Trial.objects.filter(id=trial.id).update(is_on_poster=True)
    other = make_trial(trial.circle, trial.facilitator)
    stitched = log_address(trial)[:22] + log_address(other)[22:]
    for address in (poster_address(trial), stitched, "nonsense", log_address(trial)[:-1]):
        assert browser().get(f"/t/{address}/").status_code == 404
    assert browser().get(f"/r/{log_address(trial)}/").status_code == 404


def test_the_poster_opens_only_while_the_circle_shows_it(trial):
    address, lead = f"/r/{poster_address(trial)}/", browser(trial.facilitator)
    assert browser().get(address).status_code == 404
    assert lead.get(f"{card(trial)}poster/").status_code == 409
    lead.post(f"{card(trial)}show/", {"shown": "yes"})
    assert press(browser(), address, kind="problem", text="Hvem tar telefonen?").status_code == 303
    assert TrialReaction.objects.get().text == "Hvem tar telefonen?"
    assert lead.get(f"{card(trial)}poster.pdf").content.startswith(b"%PDF")
    lead.post(f"{card(trial)}show/", {"shown": "no"})
    assert browser().get(address).status_code == 404


def test_a_colleague_takes_a_reaction_back(trial):
    Trial.objects.filter(id=trial.id).update(is_on_poster=True)
    client, address = browser(), f"/r/{poster_address(trial)}/"
    assert "Take it back" not in client.get(address).content.decode()
    press(client, address, kind="helps")
    assert "Take it back" in client.get(address).content.decode()
    other = make_trial(trial.circle, trial.facilitator)
    Trial.objects.filter(id=other.id).update(is_on_poster=True)
    assert "Take it back" not in client.get(f"/r/{poster_address(other)}/").content.decode()
    client.post(f"{address}take-back/")
    assert not TrialReaction.objects.exists()


def test_a_flood_is_stopped(trial):
    address = f"/t/{log_address(trial)}/"
    answers = [
        browser().post(address, {"client_id": str(new_id()), "kind": "did"}).status_code
        for _press in range(45)
    ]
    assert set(answers[:40]) == {303}
    assert answers[-1] == 429
    assert TrialLog.objects.count() == 40


def test_what_is_refused_keeps_the_words_on_the_page(trial, member):
    answer = press(browser(member), card(trial), text="Klokka 19", count="mange")
    assert answer.status_code == 400
    assert "Klokka 19" in answer.content.decode()


@pytest.mark.parametrize(
    "role", [Role.LEADER, Role.UNION, Role.RESEARCHER, Role.ADMINISTRATOR, Role.COORDINATOR]
)
def test_no_role_outside_the_circle_sees_a_log_or_a_reaction(trial, member, role):
    log(trial, text=SECRET)
    for _colleague in range(3):
        react(trial, text="Hvem tar telefonen?")
    outsider = make_reader(role, organisation=trial.circle.organisation, workplace=trial.circle.workplace)
    inside, outside = browser(member), browser(outsider)
    for words in (SECRET, "Hvem tar telefonen?"):
        assert words in inside.get(card(trial)).content.decode()
    Trial.objects.filter(id=trial.id).update(is_on_poster=True)
    asked = [
        card(trial),
        f"/t/{log_address(trial)}/",
        f"/r/{poster_address(trial)}/",
        f"/circles/{trial.circle_id}/",
    ]
    answers = [outside.get(address) for address in asked]
    assert [answer.status_code for answer in answers] == [404, 200, 200, 404]
    for answer in answers:
        assert SECRET not in answer.content.decode()
        assert "Hvem tar telefonen?" not in answer.content.decode()
    for act in ("log/", "undo/", "move/", "decide/", "show/", "renew/"):
        assert outside.post(card(trial) + act, {"to": "stopped"}).status_code == 404


def test_a_member_does_not_act_for_the_facilitator(trial, member):
    asked = {"to": "stopped"}
    assert browser(member).post(f"{card(trial)}move/", asked).status_code == 404
    assert browser(trial.facilitator).post(f"{card(trial)}move/", asked).status_code == 302
    trial.refresh_from_db()
    assert trial.state == "stopped"


def test_from_an_idea_to_the_next_cycle(trial):
    client, here = browser(trial.facilitator), f"/circles/{trial.circle_id}/trials/"
    idea = {"what": "Lyset dempes", "prediction": "Det blir roligere"}
    card_of_idea = client.post(f"{here}idea/", idea).headers["Location"]
    whole = {
        "who": "Vakt B",
        "when": "Hver kveld",
        "look_at": "Antall",
        "stop_rule": "Noen faller",
        "ends_on": clock.now().date().isoformat(),
        "counted": "ganger",
        **idea,
    }
    assert client.post(f"{card_of_idea}change/", whole).status_code == 302
    client.post(f"{card_of_idea}move/", {"to": "running"})
    decided = {"decision": "drop", "learning": "Lyset gjorde ingen forskjell."}
    assert client.post(f"{card_of_idea}decide/", decided).status_code == 302
    following = client.post(
        f"{card_of_idea}next/", {**whole, "change": "Lyd i stedet", "scale": "Like stort"}
    )
    shown = client.get(following.headers["Location"]).content.decode()
    assert "Lyd i stedet" in shown
    assert "Lyset gjorde ingen forskjell." in shown


def test_the_circles_page_leads_to_the_trial(trial, member):
    shown = browser(member).get(f"/circles/{trial.circle_id}/").content.decode()
    assert f'href="{card(trial)}"' in shown
    assert "trials/idea/" not in shown
    assert "trials/idea/" in browser(trial.facilitator).get(f"/circles/{trial.circle_id}/").content.decode()


def test_a_trial_that_waits_says_so(trial):
    waiting = make_trial(trial.circle, trial.facilitator, state="waiting_mandate", touches_care=True)
    client = browser(trial.facilitator)
    assert "It waits for the leader" in client.get(card(waiting)).content.decode()
    trial_moves.record_mandate(
        acting=trial.facilitator,
        circle_id=trial.circle_id,
        trial_id=waiting.id,
        is_given=True,
        at=clock.now(),
    )
    assert "It waits for the leader" not in client.get(card(waiting)).content.decode()
