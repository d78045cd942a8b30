import re
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from sirkel.exchange.ics import CalendarMeeting, calendar_entry, calendar_feed, calendar_method

MADE = datetime(2026, 2, 1, 8, 0, tzinfo=UTC)


def a_meeting(**changes):
    values = {
        "uid": "3f2b9c1e-meeting@sirkel.example",
        "sequence": 0,
        "starts_at": datetime(2026, 3, 4, 12, 0, tzinfo=UTC),
        "duration_minutes": 90,
        "time_zone": "Europe/Oslo",
        "title": "Rolig kveld, møte 3",
        "changed_at": datetime(2026, 1, 30, 9, 15, tzinfo=UTC),
        "language": "nb",
        "description": "Ta med kaffekoppen.",
        "place": "Vaktrommet, 2. etasje",
        "link": "https://sirkel.example/b",
        "organiser_name": "Kari Prøve",
        "organiser_address": "kari@fjellvik.example",
    }
    return CalendarMeeting(**{**values, **changes})


def event_in(data):
    (event,) = Calendar.from_ical(data).walk("VEVENT")
    return event


def unfolded(data):
    return data.decode().replace("\r\n ", "").split("\r\n")


def value_of(data, name):
    """Undo TEXT escaping as RFC 5545 3.3.11 says, without the library under test."""
    (line,) = [line for line in unfolded(data) if re.match(rf"{name}[;:]", line)]
    raw = line.split(":", 1)[1]
    return re.sub(r"\\(.)", lambda m: "\n" if m[1] in "nN" else m[1], raw)


def test_an_entry_says_when_where_and_how_to_come_in():
    event = event_in(calendar_entry(a_meeting(), at=MADE))
    assert event["uid"] == "3f2b9c1e-meeting@sirkel.example"
    assert event["sequence"] == 0
    assert event["summary"] == "Rolig kveld, møte 3"
    assert event["summary"].params["LANGUAGE"] == "nb"
    assert event["location"] == "Vaktrommet, 2. etasje"
    assert event["description"] == "Ta med kaffekoppen.\n\nhttps://sirkel.example/b"
    assert event["url"] == "https://sirkel.example/b"
    assert event["dtstart"].dt == datetime(2026, 3, 4, 13, 0, tzinfo=ZoneInfo("Europe/Oslo"))
    assert event["dtend"].dt == datetime(2026, 3, 4, 14, 30, tzinfo=ZoneInfo("Europe/Oslo"))
    assert event["dtstamp"].dt == MADE
    assert event["last-modified"].dt == datetime(2026, 1, 30, 9, 15, tzinfo=UTC)
    assert event["status"] == "CONFIRMED"


def test_a_shared_calendar_shows_colleagues_neither_title_nor_people():
    data = calendar_entry(a_meeting(), at=MADE, attendee_address="anne@fjellvik.example")
    event = event_in(data)
    assert event["class"] == "PRIVATE"
    assert event["attendee"] == "mailto:anne@fjellvik.example"
    assert event["attendee"].params["RSVP"] == "FALSE"
    assert data.count(b"mailto:") == 2


@pytest.mark.parametrize(
    ("status", "organiser", "attendee", "method"),
    [
        ("confirmed", "kari@fjellvik.example", "anne@fjellvik.example", "REQUEST"),
        ("tentative", "kari@fjellvik.example", "anne@fjellvik.example", "REQUEST"),
        ("cancelled", "kari@fjellvik.example", "anne@fjellvik.example", "CANCEL"),
        ("cancelled", "kari@fjellvik.example", None, "PUBLISH"),
        ("confirmed", None, "anne@fjellvik.example", "PUBLISH"),
    ],
)
def test_the_method_follows_from_who_sends_to_whom(status, organiser, attendee, method):
    meeting = a_meeting(status=status, organiser_address=organiser)
    data = calendar_entry(meeting, at=MADE, attendee_address=attendee)
    calendar = Calendar.from_ical(data)
    assert calendar["method"] == method == calendar_method(meeting, attendee_address=attendee)
    assert event_in(data)["status"] == status.upper()


def test_a_moved_meeting_keeps_its_uid_and_raises_its_sequence():
    first = event_in(calendar_entry(a_meeting(), at=MADE))
    moved = a_meeting(sequence=1, starts_at=datetime(2026, 3, 11, 12, 0, tzinfo=UTC))
    second = event_in(calendar_entry(moved, at=MADE))
    assert first["uid"] == second["uid"]
    assert second["sequence"] > first["sequence"]


def test_the_same_meeting_gives_the_same_bytes():
    assert calendar_entry(a_meeting(), at=MADE) == calendar_entry(a_meeting(), at=MADE)


def test_lines_are_short_and_end_as_the_standard_says():
    data = calendar_entry(a_meeting(title="Ø" * 300, description="š, " * 200), at=MADE)
    assert data.endswith(b"END:VCALENDAR\r\n")
    assert b"\n" not in data.replace(b"\r\n", b"")
    assert max(len(line) for line in data.split(b"\r\n")) <= 75
    assert event_in(data)["summary"] == "Ø" * 300


@pytest.mark.parametrize(
    ("zone", "spring", "autumn"),
    [
        (
            "Europe/Mariehamn",
            datetime(2026, 3, 29, 1, 0, tzinfo=UTC),
            datetime(2026, 10, 25, 1, 0, tzinfo=UTC),
        ),
        (
            "Europe/Copenhagen",
            datetime(2026, 3, 29, 1, 0, tzinfo=UTC),
            datetime(2026, 10, 25, 1, 0, tzinfo=UTC),
        ),
    ],
)
def test_a_night_meeting_across_a_change_of_the_clock_keeps_its_moment_and_length(zone, spring, autumn):
    for turn in (spring, autumn):
        for minutes_before in (150, 90, 45, 15, 0, -15, -60, -90):
            starts_at = turn - timedelta(minutes=minutes_before)
            data = calendar_entry(a_meeting(starts_at=starts_at, time_zone=zone), at=MADE)
            event = event_in(data)
            assert event["dtstart"].dt.astimezone(UTC) == starts_at
            assert event["dtend"].dt.astimezone(UTC) - starts_at == timedelta(minutes=90)


@pytest.mark.parametrize(
    "name",
    [
        "Europe/Mariehamn", "Europe/Copenhagen", "Europe/Oslo", "Europe/Stockholm", "Europe/Helsinki",
        "Atlantic/Faroe", "Atlantic/Reykjavik", "America/Nuuk", "America/New_York", "Africa/Casablanca",
    ],
)  # fmt: skip
def test_the_zone_written_out_agrees_with_the_zone_database_all_year(name):
    data = calendar_entry(a_meeting(time_zone=name), at=MADE)
    (written,) = Calendar.from_ical(data).walk("VTIMEZONE")
    assert written["tzid"] == name
    zone = written.to_tz(lookup_tzid=False)
    known = ZoneInfo(name)
    day = datetime(2026, 1, 1, 12, 0)
    while day.year == 2026:
        assert day.replace(tzinfo=zone).utcoffset() == day.replace(tzinfo=known).utcoffset(), day
        day += timedelta(days=1)


def test_nordic_summer_time_is_written_as_a_rule_that_every_program_reads():
    text = calendar_entry(a_meeting(time_zone="Europe/Mariehamn"), at=MADE).decode()
    assert (
        "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3\r\nTZNAME:EEST\r\nTZOFFSETFROM:+0200\r\nTZOFFSETTO:+0300"
        in text
    )
    assert text.count("RRULE") == 2


def test_text_cannot_break_out_of_its_line():
    title = "Møte; uro, kveld\r\nATTENDEE:mailto:x@y.example\u2028BEGIN:VALARM\x00\x85END:VEVENT"
    data = calendar_entry(a_meeting(title=title, place=title, description=title, link=""), at=MADE)
    names = {re.split("[;:]", line)[0] for line in unfolded(data)}
    assert not names & {"ATTENDEE", "VALARM"}
    assert unfolded(data).count("END:VEVENT") == 1
    assert len(data.decode().splitlines()) == data.count(b"\r\n")
    assert event_in(data)["summary"] == (
        "Møte; uro, kveld ATTENDEE:mailto:x@y.example BEGIN:VALARM END:VEVENT"
    )


def test_a_folder_whose_name_begins_with_n_is_no_line_break():
    data = calendar_entry(a_meeting(description="Se \\\\felles\\Natt\\notater", link=""), at=MADE)
    assert value_of(data, "DESCRIPTION") == "Se \\\\felles\\Natt\\notater"


def test_a_quoted_name_stays_one_parameter():
    data = calendar_entry(a_meeting(organiser_name='Kari "K" Prøve;ROLE=CHAIR:mailto:x'), at=MADE)
    organiser = event_in(data)["organizer"]
    assert organiser == "mailto:kari@fjellvik.example"
    assert organiser.params["CN"] == "Kari 'K' Prøve;ROLE=CHAIR:mailto:x"
    assert "ROLE" not in organiser.params


@given(
    title=st.text(max_size=120).map(lambda t: "Møte " + t),
    description=st.text(max_size=400),
)
def test_any_text_gives_a_readable_entry(title, description):
    data = calendar_entry(a_meeting(title=title, description=description), at=MADE)
    assert event_in(data)["uid"] == "3f2b9c1e-meeting@sirkel.example"
    assert len(data.decode().splitlines()) == data.count(b"\r\n")
    assert value_of(data, "SUMMARY").startswith("Møte")


@given(text=st.text(alphabet='abc ;,\\nN":åš', min_size=1, max_size=80))
def test_what_is_written_is_what_is_read(text):
    data = calendar_entry(a_meeting(title="x" + text), at=MADE)
    assert value_of(data, "SUMMARY") == " ".join(("x" + text).split(" ")).strip() or "  " in text


@pytest.mark.parametrize(
    "wrong",
    [
        {"uid": ""},
        {"uid": "a\r\nb"},
        {"sequence": -1},
        {"duration_minutes": 0},
        {"starts_at": datetime(2026, 3, 4, 12, 0)},
        {"changed_at": datetime(2026, 3, 4, 12, 0)},
        {"time_zone": "Europe/Nowhere"},
        {"time_zone": "../etc/passwd"},
        {"time_zone": ""},
        {"title": " \n"},
        {"language": "nb;X=1"},
        {"link": "javascript:alert(1)"},
        {"link": "https://a.example/\r\nX:1"},
        {"status": "maybe"},
        {"organiser_address": "kari@fjellvik.example\r\nATTENDEE:x"},
        {"organiser_address": "kari"},
    ],
)
def test_what_no_calendar_could_read_is_refused_before_it_is_written(wrong):
    with pytest.raises(ValueError, match=r"\S"):
        a_meeting(**wrong)


def test_an_entry_needs_an_aware_time_and_a_plain_address():
    with pytest.raises(ValueError, match="aware"):
        calendar_entry(a_meeting(), at=datetime(2026, 2, 1, 8, 0))
    with pytest.raises(ValueError, match="address"):
        calendar_entry(a_meeting(), at=MADE, attendee_address="x@y\nz")


def test_a_feed_holds_every_meeting_in_order_with_each_zone_once():
    oslo = a_meeting()
    later = a_meeting(uid="b@x", starts_at=datetime(2026, 4, 1, 12, 0, tzinfo=UTC))
    aland = a_meeting(uid="c@x", time_zone="Europe/Mariehamn", status="cancelled", sequence=2)
    data = calendar_feed([later, aland, oslo], name="Mine, møter", language="nb", at=MADE)
    calendar = Calendar.from_ical(data)
    assert [str(e["uid"]) for e in calendar.walk("VEVENT")] == [oslo.uid, "c@x", "b@x"]
    assert [str(z["tzid"]) for z in calendar.walk("VTIMEZONE")] == ["Europe/Mariehamn", "Europe/Oslo"]
    assert calendar["method"] == "PUBLISH"
    assert value_of(data, "X-WR-CALNAME") == value_of(data, "NAME") == "Mine, møter"
    assert [str(e["status"]) for e in calendar.walk("VEVENT")] == ["CONFIRMED", "CANCELLED", "CONFIRMED"]
    assert data == calendar_feed([oslo, later, aland], name="Mine, møter", language="nb", at=MADE)


def test_an_empty_feed_is_still_a_calendar():
    calendar = Calendar.from_ical(calendar_feed([], name="Mine møter", language="nb", at=MADE))
    assert calendar.walk("VEVENT") == []
    assert calendar["x-wr-calname"] == "Mine møter"


def test_a_feed_over_years_covers_them_all():
    many = [
        a_meeting(uid=f"{year}@x", starts_at=datetime.combine(date(year, 7, 1), MADE.timetz()))
        for year in (2024, 2026, 2029)
    ]
    calendar = Calendar.from_ical(calendar_feed(many, name="x", language="nb", at=MADE))
    zone = calendar.walk("VTIMEZONE")[0].to_tz(lookup_tzid=False)
    for year in (2024, 2026, 2029):
        assert datetime(year, 7, 1, tzinfo=zone).utcoffset() == timedelta(hours=2)
        assert datetime(year, 12, 1, tzinfo=zone).utcoffset() == timedelta(hours=1)
