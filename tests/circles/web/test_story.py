"""The pages of a circle's story and of its robustness, as each role reads them."""

import html
import re

import pytest
from django.test import Client

from sirkel.circles.domain import phases
from sirkel.circles.enums import TrialState
from sirkel.circles.models import Trial
from sirkel.evidence import robustness
from sirkel.kernel import clock
from sirkel.people.enums import Role
from sirkel.people.queries.roles import holders_at
from tests.factories.anchoring import make_leader
from tests.factories.handovers import LINE, make_line
from tests.factories.lives import ago, make_anchored, make_lived
from tests.factories.meetings import make_facilitator, make_workplace, sign_in
from tests.factories.trials import make_trial

pytestmark = pytest.mark.django_db


@pytest.fixture
def circle():
    return make_anchored()


@pytest.fixture
def lived():
    return make_lived()


def read(person, path, *, status=200):
    client = Client(headers={"accept-language": "en"})
    sign_in(client, person)
    answer = client.get(path)
    assert answer.status_code == status, path
    return answer.content.decode()


def words(page):
    plain = re.sub(r"<[^>]+>", " ", re.sub(r"<(style|script|svg).*?</\1>", " ", page, flags=re.DOTALL))
    return html.unescape(re.sub(r"\s+", " ", plain))


def story(circle):
    return f"/circles/{circle.id}/story/"


def figures(circle):
    return f"/circles/{circle.id}/robustness/"


def test_the_story_is_a_picture_a_list_and_a_table_that_say_the_same(lived):
    page = read(lived.facilitator, story(lived))
    listed = [words(one).split() for one in re.findall(r"<li data-state.*?</li>", page, re.DOTALL)]
    table = [words(one).split() for one in re.findall(r"<tr><th scope=\"row\">.*?</tr>", page, re.DOTALL)]
    assert len(listed) > 10
    assert listed == table
    assert page.count('data-kind="held"') == 3 + 1  # and one in the legend
    assert re.search(r'<title id="story-title">Timeline of Rolig kveld</title>', page)
    assert re.search(r'<desc id="story-desc">3 meetings held\. 1 meeting cancelled\. 1 trial kept\.', page)
    assert re.search(r'<desc id="rings-desc">3 meetings held\. 1 trial kept\. 1 meeting cancelled\.', page)


def leader_of(circle):
    """Whoever leads the workplace today."""
    return holders_at(circle.workplace, Role.LEADER, at=clock.now()).first() or make_leader(circle)


def test_every_way_to_the_pages_is_there_for_whom_it_is_meant(lived):
    ways = {
        lived.facilitator: f"/circles/{lived.id}/",
        lived.union: f"/representative/{lived.id}/",
        leader_of(lived): "/leader/",
    }
    for person, path in ways.items():
        page = read(person, path)
        assert f'href="{story(lived)}"' in page
        assert f'href="{figures(lived)}"' in page


def test_around_the_circle_nothing_of_its_trials_its_lines_or_its_people_is_said(lived):
    with ago(20):
        make_line(lived, lived.facilitator, state="answered")
    Trial.objects.filter(circle=lived).update(what="Én sitter ved det umiskjennelige bordet")
    for person in (lived.union, leader_of(lived)):
        for path in (story(lived), figures(lived)):
            page = read(person, path)
            for secret in ("umiskjennelig", LINE[:20], "To kvelder", "Andre", "In part"):
                assert secret not in page
            assert f"/circles/{lived.id}/meetings/" not in page
            assert f"/circles/{lived.id}/trials/" not in page
        assert "leaf" not in read(person, story(lived)).replace("leaflet", "")
        assert "kept" not in words(read(person, story(lived)))
    inside = read(lived.facilitator, story(lived))
    assert "umiskjennelig" in inside
    assert "In part" in inside
    assert 'class="leaf"' in inside


def test_a_running_trial_moves_nothing_around_the_circle(lived):
    before = [words(read(lived.union, path)) for path in (story(lived), figures(lived))]
    make_trial(lived, lived.facilitator, state=TrialState.RUNNING)
    assert [words(read(lived.union, path)) for path in (story(lived), figures(lived))] == before
    assert "2 more are still open" in words(read(lived.facilitator, figures(lived)))


def test_each_figure_says_what_it_counts_and_shares_are_said_as_counts(lived):
    page = words(read(lived.facilitator, figures(lived)))
    for one in robustness.newest():
        assert all(text in page for text in (one.name, one.part, one.not_yet, one.moved_by, one.ref))
    assert "3 of 4" in page
    assert "10 days" in page
    assert "per cent" not in page
    assert "%" not in page


def test_a_circle_that_just_began_is_told_that_everything_comes_by_itself(circle):
    assert "The story has just begun" in words(read(circle.facilitator, story(circle)))
    page = words(read(circle.facilitator, figures(circle)))
    assert "Nothing to count yet" in page
    assert page.count("No figure yet.") == len(robustness.newest())
    assert not re.search(r"\d+ of \d+", page)


@pytest.mark.parametrize(
    ("act", "said"),
    [
        (phases.pause_circle, "A pause is no failure."),
        (phases.end_circle_early, "To end early can be right."),
    ],
)
def test_a_pause_and_an_early_end_are_said_without_blame(lived, act, said):
    asked = {"acting": lived.facilitator, "circle_id": lived.id}
    act(**asked, reason="staffing", at=clock.now())
    assert said in words(read(lived.facilitator, figures(lived)))
    assert "Too few at work" in words(read(lived.facilitator, story(lived)))


def test_an_installation_that_chose_shows_what_it_chose(lived, settings):
    settings.ROBUSTNESS = ["use.decided"]
    page = words(read(lived.facilitator, figures(lived)))
    assert "Trials that reached a decision" in page
    assert "Meetings held of those planned" not in page
    assert "Time: is it protected?" not in page


def test_whoever_facilitates_elsewhere_finds_nothing(lived):
    stranger = make_facilitator(make_workplace())
    for path in (story(lived), figures(lived)):
        read(stranger, path, status=404)
