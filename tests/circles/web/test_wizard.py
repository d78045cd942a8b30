import re
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
from django.test import Client

from sirkel.circles.enums import MeetingState, MemberRole
from sirkel.circles.models import Circle, Meeting
from sirkel.kernel import clock
from sirkel.people.enums import Role
from tests.factories.places import make_person, make_workplace

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"
NOW = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)
STEPS = {
    "circle": "/circles/new/",
    "people": "/circles/new/people/",
    "series": "/circles/new/series/",
    "check": "/circles/new/check/",
}


@pytest.fixture(autouse=True)
def _in_autumn():
    with clock.frozen(NOW):
        yield


@pytest.fixture
def workplace():
    return make_workplace()


@pytest.fixture
def marit(workplace):
    return make_person(role=Role.FACILITATOR, workplace=workplace)


@pytest.fixture
def browser(marit):
    return browser_of(marit)


def browser_of(person, language="nb"):
    client = Client(headers={"accept-language": language})
    client.force_login(person, backend=BACKEND)
    return client


def circle_fields(workplace, **changes):
    return {
        "workplace": str(workplace.id),
        "name": "Rolig kveld",
        "purpose": "Hva gjør kveldene urolige? čđŋ",
        "theme_frame": "",
        **changes,
    }


def series_fields(**changes):
    return {
        "day": "2026-10-05",
        "clock": "14:00",
        "weeks": "3",
        "count": "6",
        "minutes": "90",
        "place": "Møterom 2",
        "link": "",
        **changes,
    }


def go(browser, step, fields, do="on"):
    return browser.post(STEPS[step], {**fields, "do": do})


def rows_in(answer):
    """What the browser would send back: every field of the list of meetings, as it stands in the page."""
    html = answer.content.decode().split('<ol class="series')[1].split("</ol>")[0]
    sent = {
        name: unescape(value)
        for name, value in re.findall(r'<input [^>]*?name="(m\d+-\w+)" value="([^"]*)"', html)
    }
    for name, options in re.findall(r'<select name="(m\d+-\w+)".*?>(.*?)</select>', html, re.DOTALL):
        sent[name] = re.search(r'value="([^"]*)" selected', options).group(1)
    return sent


def come_to_check(browser, workplace, *, second="", **series):
    assert go(browser, "circle", circle_fields(workplace)).headers["Location"] == STEPS["people"]
    people = {"language": "nb", "others": ["fi", "sv"], "second": second}
    assert go(browser, "people", people).headers["Location"] == STEPS["series"]
    assert go(browser, "series", series_fields(**series)).headers["Location"] == STEPS["check"]
    return browser.get(STEPS["check"])


def starts():
    return list(Meeting.objects.order_by("number").values_list("starts_at", flat=True))


def test_it_leads_to_a_circle_with_six_published_meetings(browser, workplace, marit):
    colleague = make_person(role=Role.FACILITATOR, workplace=workplace, name="Eva")
    page = come_to_check(browser, workplace, second=str(colleague.id))
    answer = go(browser, "check", rows_in(page), do="publish")
    circle = Circle.objects.get()
    assert answer.headers["Location"] == f"/circles/{circle.id}/"
    assert (circle.name, circle.languages, circle.workplace) == ("Rolig kveld", ["nb", "fi", "sv"], workplace)
    assert circle.purpose == "Hva gjør kveldene urolige? čđŋ"
    leads = {(each.person, each.role) for each in circle.memberships.all()}
    assert leads == {(marit, MemberRole.FACILITATOR), (colleague, MemberRole.FACILITATOR)}
    assert {meeting.state for meeting in circle.meetings.all()} == {MeetingState.PLANNED}
    assert {meeting.place for meeting in circle.meetings.all()} == {"Møterom 2"}
    methods = list(circle.meetings.order_by("number").values_list("method", flat=True))
    assert methods == ["meeting-90-first", *["meeting-90-middle"] * 4, "meeting-90-last"]
    assert browser.get(answer.headers["Location"]).status_code == 200


def test_every_meeting_begins_at_the_same_time_on_the_wall_summer_and_winter(browser, workplace):
    page = come_to_check(browser, workplace)
    go(browser, "check", rows_in(page), do="keep")
    assert starts() == [
        datetime(2026, 10, 5, 12, 0, tzinfo=UTC),
        datetime(2026, 10, 26, 13, 0, tzinfo=UTC),
        datetime(2026, 11, 16, 13, 0, tzinfo=UTC),
        datetime(2026, 12, 7, 13, 0, tzinfo=UTC),
        datetime(2026, 12, 28, 13, 0, tzinfo=UTC),
        datetime(2027, 1, 18, 13, 0, tzinfo=UTC),
    ]
    assert {meeting.state for meeting in Meeting.objects.all()} == {MeetingState.DRAFT}


def test_a_workplace_on_aland_has_its_own_clock(marit):
    there = make_workplace(time_zone="Europe/Mariehamn")
    astrid = make_person(role=Role.FACILITATOR, workplace=there, language="sv", name="Astrid")
    browser = browser_of(astrid, "sv")
    page = come_to_check(browser, there, count="1")
    go(browser, "check", rows_in(page), do="keep")
    assert starts() == [datetime(2026, 10, 5, 11, 0, tzinfo=UTC)]


def test_the_days_are_shown_in_words_before_anything_is_made(browser, workplace):
    text = come_to_check(browser, workplace).content.decode()
    for day in ("mandag 5. oktober 2026", "mandag 28. desember 2026", "mandag 18. januar 2027"):
        assert day in text
    assert Circle.objects.count() == 0


def test_thirty_minutes_bring_the_short_run_sheet(browser, workplace):
    page = come_to_check(browser, workplace, minutes="30", count="2")
    assert {value for name, value in rows_in(page).items() if name.endswith("method")} <= {
        "shift-30",
        "mini-circle-walk",
    }
    go(browser, "check", rows_in(page), do="keep")
    assert {meeting.duration_minutes for meeting in Meeting.objects.all()} == {30}


def test_one_day_and_one_run_sheet_can_be_changed(browser, workplace):
    sent = rows_in(come_to_check(browser, workplace))
    sent |= {"m5-day": "2027-01-04", "m5-clock": "07:15", "m2-method": "open-room"}
    shown = go(browser, "check", sent, do="show")
    assert "mandag 4. januar 2027" in shown.content.decode()
    assert Circle.objects.count() == 0
    go(browser, "check", sent, do="publish")
    assert starts()[4] == datetime(2027, 1, 4, 6, 15, tzinfo=UTC)
    assert Meeting.objects.get(number=2).method == "open-room"


def test_meetings_are_numbered_in_the_order_in_which_they_are_held(browser, workplace):
    sent = rows_in(come_to_check(browser, workplace, count="2"))
    sent |= {"m1-day": "2026-12-01"}
    go(browser, "check", sent, do="publish")
    assert starts() == sorted(starts())


def test_going_back_keeps_everything(browser, workplace):
    sent = rows_in(come_to_check(browser, workplace)) | {"m3-day": "2026-11-20"}
    assert go(browser, "check", sent, do="back").headers["Location"] == STEPS["series"]
    html = browser.get(STEPS["series"]).content.decode()
    assert 'value="2026-10-05"' in html
    assert 'value="Møterom 2"' in html
    half = series_fields(day="", place="Pauserommet")
    assert go(browser, "series", half, do="back").headers["Location"] == STEPS["people"]
    assert 'value="Pauserommet"' in browser.get(STEPS["series"]).content.decode()
    assert "Hva gjør kveldene urolige? čđŋ" in browser.get(STEPS["circle"]).content.decode()
    go(browser, "series", series_fields())
    assert 'value="2026-11-20"' in browser.get(STEPS["check"]).content.decode()


def test_a_changed_series_makes_new_days(browser, workplace):
    sent = rows_in(come_to_check(browser, workplace)) | {"m3-day": "2026-11-20"}
    go(browser, "check", sent, do="back")
    go(browser, "series", series_fields(weeks="2"))
    html = browser.get(STEPS["check"]).content.decode()
    assert 'value="2026-11-20"' not in html
    assert 'value="2026-11-02"' in html


def test_pressing_twice_begins_one_circle(browser, workplace, marit):
    sent = rows_in(come_to_check(browser, workplace))
    session = browser.session["new_circle"]
    first = go(browser, "check", sent, do="publish")
    again = browser.session
    again["new_circle"] = session
    again.save()
    assert go(browser, "check", sent, do="publish").headers["Location"] == first.headers["Location"]
    assert (Circle.objects.count(), Meeting.objects.count()) == (1, 6)


def test_afterwards_the_next_circle_begins_empty(browser, workplace):
    go(browser, "check", rows_in(come_to_check(browser, workplace)), do="publish")
    assert "Rolig kveld" not in browser.get(STEPS["circle"]).content.decode().split("<main")[1]


def test_leaving_forgets_what_was_typed(browser, workplace):
    come_to_check(browser, workplace)
    assert go(browser, "check", {}, do="drop").headers["Location"] == "/circles/"
    assert browser.get(STEPS["check"]).headers["Location"] == STEPS["circle"]


@pytest.mark.parametrize("step", ["people", "series", "check"])
def test_no_step_can_be_skipped(browser, step):
    assert browser.get(STEPS[step]).headers["Location"] == STEPS["circle"]
    assert browser.post(STEPS[step], {"do": "publish"}).headers["Location"] == STEPS["circle"]


def test_one_who_leads_alone_is_told(browser, workplace):
    page = come_to_check(browser, workplace)
    assert 'data-tone="warm"' in page.content.decode()
    make_person(role=Role.FACILITATOR, workplace=workplace, name="Eva")
    colleague = make_person(role=Role.FACILITATOR, workplace=workplace, name="Liv")
    other = come_to_check(browser, workplace, second=str(colleague.id))
    assert 'data-tone="warm"' not in other.content.decode()


def test_only_facilitators_of_the_workplace_can_be_second(browser, workplace):
    stranger = make_person(role=Role.FACILITATOR, workplace=make_workplace(), name="Stranger")
    leader = make_person(role=Role.LEADER, workplace=workplace, name="Leder")
    go(browser, "circle", circle_fields(workplace))
    html = browser.get(STEPS["people"]).content.decode()
    assert "Stranger" not in html
    assert "Leder" not in html
    for other in (stranger, leader):
        answer = go(browser, "people", {"language": "nb", "second": str(other.id)})
        assert answer.status_code == 422


def test_only_one_s_own_workplaces_can_be_chosen(browser, workplace):
    elsewhere = make_workplace()
    html = browser.get(STEPS["circle"]).content.decode()
    assert str(elsewhere.id) not in html
    assert go(browser, "circle", circle_fields(elsewhere)).status_code == 422
    assert Circle.objects.count() == 0


@pytest.mark.parametrize("role", [None, Role.LEADER, Role.RESEARCHER, Role.ADMINISTRATOR])
def test_others_are_told_that_they_cannot(role, workplace):
    browser = browser_of(make_person(role=role, workplace=workplace))
    for path in STEPS.values():
        assert browser.get(path).status_code == 403
        assert browser.post(path, {"do": "publish"}).status_code == 403


def test_a_role_that_is_over_no_longer_counts(browser, marit):
    marit.roles.update(valid_to=NOW - timedelta(days=1))
    assert browser.get(STEPS["circle"]).status_code == 403


@pytest.mark.parametrize(
    ("step", "change", "field"),
    [
        ("circle", {"name": ""}, "name"),
        ("circle", {"name": "   "}, "name"),
        ("circle", {"name": "x" * 121}, "name"),
        ("circle", {"purpose": ""}, "purpose"),
        ("circle", {"purpose": "ord " * 200}, "purpose"),
        ("circle", {"purpose": "Hun med 10838512343"}, "purpose"),
        ("circle", {"workplace": "no-such"}, "workplace"),
        ("series", {"day": "2026-08-01"}, "day"),
        ("series", {"day": "2026-09-01", "clock": "07:00"}, "day"),
        ("series", {"day": "20260-10-05"}, "day"),
        ("series", {"day": "2031-10-05"}, "day"),
        ("series", {"day": "2027-03-28", "clock": "02:30"}, "clock"),
        ("series", {"clock": ""}, "clock"),
        ("series", {"count": "0"}, "count"),
        ("series", {"count": "13"}, "count"),
        ("series", {"count": "six"}, "count"),
        ("series", {"weeks": "5"}, "weeks"),
        ("series", {"minutes": "1"}, "minutes"),
        ("series", {"link": "javascript:alert(1)"}, "link"),
    ],
)
def test_what_cannot_be_is_said_beside_its_field_and_on_top(browser, workplace, step, change, field):
    fields = circle_fields(workplace)
    if step == "series":
        go(browser, "circle", fields)
        go(browser, "people", {"language": "nb", "second": ""})
        fields = series_fields()
    answer = go(browser, step, {**fields, **change})
    html = answer.content.decode()
    assert answer.status_code == 422
    assert f'id="id_{field}_error"' in html
    assert 'class="ds-error-summary"' in html
    assert html.index('class="ds-error-summary"') < html.index(f'id="id_{field}_error"')
    assert re.search(rf'<a href="#id_{field}(_0)?">', html)


def test_a_place_and_a_link_may_both_be_empty(browser, workplace):
    page = come_to_check(browser, workplace, place="", link="", count="1")
    go(browser, "check", rows_in(page), do="publish")
    assert (Meeting.objects.get().place, Meeting.objects.get().link) == ("", "")


def test_a_later_meeting_that_falls_into_the_gap_of_the_clock_is_caught(browser, workplace):
    page = come_to_check(browser, workplace, day="2027-03-07", clock="02:30", count="2")
    assert 'id="id_m2-clock_error"' in page.content.decode()
    assert go(browser, "check", rows_in(page), do="publish").status_code == 422
    assert Circle.objects.count() == 0
    go(browser, "check", rows_in(page) | {"m2-clock": "03:30"}, do="publish")
    assert starts()[1] == datetime(2027, 3, 28, 1, 30, tzinfo=UTC)


def test_the_hour_that_comes_twice_is_its_first(browser, workplace):
    page = come_to_check(browser, workplace, day="2026-10-25", clock="02:30", count="1")
    go(browser, "check", rows_in(page), do="publish")
    assert starts() == [datetime(2026, 10, 25, 0, 30, tzinfo=UTC)]


def test_two_meetings_at_the_same_time_are_caught(browser, workplace):
    sent = rows_in(come_to_check(browser, workplace, count="2")) | {"m2-day": "2026-10-05"}
    answer = go(browser, "check", sent, do="publish")
    assert answer.status_code == 422
    assert 'href="#id_m2-day"' in answer.content.decode()


def test_what_was_typed_is_shown_as_text(browser, workplace):
    go(browser, "circle", circle_fields(workplace, name='"><script>alert(1)</script>'))
    go(browser, "people", {"language": "nb", "second": ""})
    go(browser, "series", series_fields())
    for path in STEPS.values():
        assert "<script>alert" not in browser.get(path).content.decode()


def test_only_what_the_pages_ask_for_is_kept(browser, workplace):
    sent = circle_fields(workplace, name="x" * 5000) | {f"more-{number}": "y" * 1000 for number in range(150)}
    assert go(browser, "circle", sent).status_code == 422
    kept = browser.session["new_circle"]["circle"]
    assert set(kept) == {"workplace", "name", "purpose", "theme_frame"}
    assert max(len(value) for values in kept.values() for value in values) <= 2000


def test_few_questions_to_the_database(browser, workplace, django_assert_max_num_queries):
    come_to_check(browser, workplace, count="12")
    with django_assert_max_num_queries(20):
        browser.get(STEPS["check"])
