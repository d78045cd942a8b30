"""Methods as an organisation's administrator sees and switches them, and what a facilitator is offered then."""

from datetime import timedelta
from html import unescape

import pytest
from django.conf import settings
from django.test import Client

from sirkel.circles.domain import planning
from sirkel.circles.enums import MeetingState
from sirkel.circles.models import Circle, Meeting, MethodOff
from sirkel.circles.rules.methods import methods
from sirkel.config.bots.reader import forms_in
from sirkel.kernel import clock
from sirkel.people.enums import Role
from tests.circles.web.test_wizard import STEPS, circle_fields, series_fields
from tests.factories.meetings import make_circle, make_meeting, sign_in
from tests.factories.thread import make_reader

pytestmark = pytest.mark.django_db
OFF = "open-room"
TOLD = "When a method is switched off, circles that have it planned keep it. Nobody is offered it for a new meeting."
NOT_OFFERED = "This run sheet is not offered in your organisation. Choose another one."


class House:
    """A circle with its facilitator, and the administrator of its organisation, each with a browser."""

    def __init__(self):
        self.circle, self.facilitator = make_circle()
        self.organisation = self.circle.organisation
        self.administrator = make_reader(Role.ADMINISTRATOR, organisation=self.organisation)
        self.page = f"/administration/{self.organisation.id}/methods/"
        self.new = f"/circles/{self.circle.id}/meetings/new/"
        self.desk, self.phone = Client(), Client()
        sign_in(self.desk, self.administrator)
        sign_in(self.phone, self.facilitator)

    def press(self, do, method=OFF):
        return self.desk.post(self.page, {"do": do, "method": method})

    def look(self, language="en"):
        answer = self.desk.get(self.page, headers={"accept-language": language})
        assert answer.status_code == 200
        return unescape(answer.content.decode())

    def card(self, method=OFF):
        return self.look().split(f'id="{method}"')[1].split("</section>")[0]

    def meeting_fields(self, method=OFF):
        day = (clock.now() + timedelta(days=40)).date().isoformat()
        return {"day": day, "clock": "13:00", "minutes": "60", "place": "", "link": "", "method": method}

    def plan(self, method=OFF):
        return self.phone.post(self.new, self.meeting_fields(method))


@pytest.fixture
def house():
    return House()


def offered(answer, field="method"):
    """What a page's form lets choose: values, and those of groups."""
    form = next(form for form in forms_in(answer.content.decode(), "") if field in form.offers)
    return [value for value, _words in form.offers[field]]


# --- what the page says -------------------------------------------------------------------------------


@pytest.mark.parametrize("language", [code for code, _name in settings.LANGUAGES])
def test_every_method_stands_there_in_the_readers_language(house, language):
    page = house.look(language)
    for sheet in methods().values():
        assert sheet.title[language] in page
        assert sheet.about[language] in page
    assert page.count("EUPL-1.2") == len(methods())


def test_a_method_says_how_long_in_which_languages_from_whom_and_what_happens(house):
    card = " ".join(house.card().split())
    for words in (
        "60 minutes, 3 steps. In all six languages. No circle here has it planned.",
        "Version 1 · Written by: Sirkel · Licence: EUPL-1.2",
        "Switched on",
    ):
        assert words in card
    page = house.look()
    assert 0 < page.index(TOLD) < page.index('value="off"'), "told before the first button"
    assert "70 question cards" in page
    assert all(name not in page for name in ("question_cards", "words", "checklist"))


def test_circles_are_counted_and_not_named(house):
    for _twice in range(2):
        make_meeting(
            method=OFF, circle=house.circle, facilitator=house.facilitator, state=MeetingState.PLANNED
        )
    make_meeting(method="shift-30", state=MeetingState.PLANNED)
    page = house.look()
    assert page.count("1 circle here has it planned.") == 1
    assert house.circle.name not in page
    assert str(house.circle.id) not in page
    assert str(house.facilitator.id) not in page


def test_the_overview_leads_there(house):
    page = house.desk.get(f"/administration/{house.organisation.id}/").content.decode()
    assert f'href="{house.page}"' in page


# --- off and on ---------------------------------------------------------------------------------------------


def test_one_press_off_and_one_press_on(house):
    answer = house.press("off")
    assert answer.headers["Location"] == f"{house.page}#{OFF}"
    page = house.look()
    assert "Switched off: Open room, 60 minutes. Circles that have it planned keep it." in page
    card = house.card()
    assert "Switched off" in card
    assert "nobody can choose it for a new meeting" in card
    assert OFF not in offered(house.phone.get(house.new))
    assert house.press("on").status_code == 302
    assert "Switched on" in house.card()
    assert OFF in offered(house.phone.get(house.new))


def test_a_page_that_is_old_does_no_harm(house):
    """Two administrators have the page open: the second press finds it done."""
    for do, count in (("off", 1), ("off", 1), ("on", 0), ("on", 0)):
        assert house.press(do).status_code == 302
        assert MethodOff.objects.count() == count


def test_what_a_new_circle_needs_has_no_button_and_is_refused(house):
    page = house.look()
    always = page.split("A new circle cannot be planned without these.")[1]
    assert [one.id in always for one in methods().values()] == [True] * 3 + [False] * 4
    assert "<button" not in always.split("</main>")[0]
    refused = house.press("off", "meeting-90-first")
    assert refused.status_code == 409
    page = unescape(refused.content.decode())
    assert "This method stays on: a new circle cannot be planned without it." in page
    assert "There must be a run sheet of 90 minutes" in page
    assert house.press("off", "closing").status_code == 302
    assert list(MethodOff.objects.values_list("method", flat=True)) == ["closing"]


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"do": "off", "method": OFF}, 302),
        ({"do": "off", "method": "question_cards"}, 404),
        ({"do": "off", "method": "<b>"}, 404),
        ({"do": "off"}, 404),
        ({"do": "away", "method": OFF}, 400),
        ({"method": OFF}, 400),
        ({}, 400),
    ],
)
def test_what_no_button_sends_switches_nothing(house, sent, status):
    assert house.desk.post(house.page, sent).status_code == status
    assert MethodOff.objects.count() == (status == 302)


def test_the_trail_says_that_it_was_done_and_by_whom(house):
    house.press("off")
    house.press("on")
    trail = house.desk.get(f"/administration/{house.organisation.id}/trail/").content.decode()
    for words in ("Switched a method off for new meetings", "Switched a method on again for new meetings"):
        assert words in trail
    assert house.administrator.first_name in trail


# --- who may --------------------------------------------------------------------------------------------------


def test_to_another_organisations_administrator_it_is_as_if_it_were_not_there(house):
    nowhere = house.page.replace(str(house.organisation.id), "00000000-0000-4000-8000-000000000000")
    elsewhere = House()
    for stranger in (elsewhere.desk, house.phone):
        bodies = set()
        for path in (house.page, nowhere):
            assert stranger.post(path, {"do": "off", "method": OFF}).status_code == 404
            answer = stranger.get(path)
            assert answer.status_code == 404
            bodies.add(answer.content.decode().split("<main")[1].split("</main>")[0])
        assert len(bodies) == 1
    assert Client().get(house.page).status_code == 302
    assert not MethodOff.objects.exists()
    assert house.press("off").status_code == 302
    assert OFF in offered(elsewhere.phone.get(elsewhere.new)), "another organisation's circles are offered it"


# --- what a facilitator sends ----------------------------------------------------------------------------------


def test_one_more_meeting_is_not_planned_with_it(house):
    house.press("off")
    refused = house.plan()
    assert refused.status_code == 422
    assert NOT_OFFERED in refused.content.decode()
    assert not Meeting.objects.exists()
    house.press("on")
    assert house.plan().status_code == 302
    assert Meeting.objects.get().method == OFF


def test_a_meeting_does_not_change_to_it_but_keeps_it(house):
    assert house.plan().status_code == 302
    assert house.plan("shift-30").status_code == 302
    house.press("off")
    keeps, other = (f"/circles/{house.circle.id}/meetings/{number}/change/" for number in (1, 2))
    assert OFF in offered(house.phone.get(keeps))
    assert OFF not in offered(house.phone.get(other))
    refused = house.phone.post(other, house.meeting_fields())
    assert (refused.status_code, NOT_OFFERED in refused.content.decode()) == (422, True)
    moved = house.meeting_fields() | {"clock": "15:30", "place": "Pauserommet"}
    assert house.phone.post(keeps, moved).status_code == 302
    kept = Meeting.objects.get(number=1)
    assert (kept.method, kept.place, kept.steps.count()) == (OFF, "Pauserommet", 3)
    assert Meeting.objects.get(number=2).method == "shift-30"


def test_a_step_of_it_is_not_copied_but_into_its_own_meeting(house):
    house.plan()
    house.plan("shift-30")
    house.press("off")
    own, other = Meeting.objects.order_by("number")
    for meeting, may in ((own, True), (other, False)):
        path = f"/meetings/{meeting.id}/run-sheet/new/"
        page = house.phone.get(path)
        assert (f"{OFF}:check-in" in offered(page, "copied")) is may
        sent = {"copied": f"{OFF}:check-in", "after": str(meeting.steps.first().id)}
        answer = house.phone.post(path, sent)
        assert answer.status_code == (302 if may else 400)
        assert (NOT_OFFERED in answer.content.decode()) is not may
        assert meeting.steps.filter(key="own-1").exists() is may


def begin(house, *, minutes="90", before_check=lambda: None, **rows):
    """Send a circle's four steps as they stand on the pages; return the last answer."""
    day = (clock.now() + timedelta(days=30)).date().isoformat()
    here = circle_fields(house.circle.workplace, name="Ny sirkel")
    for step, fields in (
        ("circle", here),
        ("people", {"language": "nb", "second": ""}),
        ("series", series_fields(minutes=minutes, count="2", day=day)),
    ):
        answer = house.phone.post(STEPS[step], fields | {"do": "on"})
        if answer.status_code != 302:
            return answer
    page = house.phone.get(STEPS["check"])
    form = next(form for form in forms_in(page.content.decode(), "") if "m1-method" in form.offers)
    before_check()
    return house.phone.post(STEPS["check"], dict(form.preset) | rows | {"do": "publish"})


def test_a_new_circle_is_not_planned_with_it(house):
    house.press("off")
    refused = begin(house, **{"m2-method": OFF})
    assert refused.status_code == 422
    assert NOT_OFFERED in refused.content.decode()
    assert not Circle.objects.filter(name="Ny sirkel").exists()
    house.press("on")
    assert begin(house, **{"m2-method": OFF}).status_code == 302
    assert list(Meeting.objects.order_by("number").values_list("method", flat=True)) == [
        "meeting-90-first",
        OFF,
    ]


def test_a_length_that_nothing_fills_is_not_offered(house):
    for short in ("shift-30", "mini-circle-walk"):
        house.press("off", short)
    refused = begin(house, minutes="30")
    assert refused.status_code == 422
    assert "There is no run sheet of this length. Choose another length." in refused.content.decode()
    assert offered(refused, "minutes") == ["60", "90"]
    house.press("on", "shift-30")
    assert begin(house, minutes="30").status_code == 302
    assert set(Meeting.objects.values_list("method", flat=True)) == {"shift-30"}


def test_a_series_that_is_being_planned_meets_what_was_switched_off_meanwhile(house):
    house.press("off", "shift-30")
    house.press("off", "mini-circle-walk")
    house.press("on", "shift-30")
    answer = begin(house, minutes="30", before_check=lambda: house.press("off", "shift-30"))
    assert answer.headers["Location"] == STEPS["series"], "back to the step that is not right any more"
    assert "Choose another length." in house.phone.get(STEPS["series"]).content.decode()
    assert not Circle.objects.filter(name="Ny sirkel").exists()


def test_a_draft_that_was_made_before_is_published(house):
    plan = planning.MeetingPlan(starts_at=clock.now() + timedelta(days=9), method=OFF)
    planning.add_meeting(acting=house.facilitator, circle=house.circle, plan=plan)
    house.press("off")
    assert house.phone.post(f"/circles/{house.circle.id}/publish/").status_code == 302
    assert Meeting.objects.get().state == MeetingState.PLANNED
