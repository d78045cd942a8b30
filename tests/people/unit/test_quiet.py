"""In nobody's quiet hours anything is sent, whatever the zone, and when the clock is put on or back."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sirkel.people.rules.quiet import QUIET_FROM, QUIET_TO, after_quiet, is_quiet

NORDIC = (
    "Europe/Oslo",
    "Europe/Stockholm",
    "Europe/Copenhagen",
    "Europe/Helsinki",
    "Europe/Mariehamn",
    "Atlantic/Reykjavik",
    "Atlantic/Faroe",
    "America/Nuuk",
)
PUT_ON, PUT_BACK = datetime(2026, 3, 29, 1, tzinfo=UTC), datetime(2026, 10, 25, 1, tzinfo=UTC)
clocks = st.builds(time, st.integers(0, 23), st.integers(0, 59))
moments = st.one_of(
    st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC)),
    *(
        st.integers(-48 * 60, 48 * 60).map(lambda minutes, at=at: at + timedelta(minutes=minutes))
        for at in (PUT_ON, PUT_BACK)
    ),
)


@given(moment=moments, zone=st.sampled_from(NORDIC), begin=clocks, end=clocks)
def test_what_may_go_out_is_never_in_quiet_hours_and_never_too_early(moment, zone, begin, end):
    out = after_quiet(moment, zone, begin, end)
    assert out >= moment
    assert not is_quiet(out, zone, begin, end)
    if out != moment:
        length = (datetime.combine(moment, end) - datetime.combine(moment, begin)) % timedelta(days=1)
        assert out - moment <= length + timedelta(hours=1)
        wall = out.astimezone(ZoneInfo(zone)).time()
        assert wall == end or wall == time((end.hour + 1) % 24, end.minute), "the end, or the hour put on"


@given(moment=moments, zone=st.sampled_from(NORDIC), both=clocks)
def test_the_same_time_twice_means_never_quiet(moment, zone, both):
    assert after_quiet(moment, zone, both, both) == moment


@pytest.mark.parametrize(
    ("zone", "goes_out"),
    [
        ("Europe/Oslo", datetime(2026, 3, 29, 5, tzinfo=UTC)),
        ("Europe/Stockholm", datetime(2026, 3, 29, 5, tzinfo=UTC)),
        ("Europe/Copenhagen", datetime(2026, 3, 29, 5, tzinfo=UTC)),
        ("Europe/Mariehamn", datetime(2026, 3, 29, 4, tzinfo=UTC)),
    ],
)
def test_in_the_night_of_summer_time_seven_is_seven_on_the_wall(zone, goes_out):
    evening = datetime(2026, 3, 28, 22, tzinfo=UTC)
    assert after_quiet(evening, zone, QUIET_FROM, QUIET_TO) == goes_out


def test_aland_s_evening_begins_an_hour_before_oslo_s():
    at = datetime(2026, 6, 1, 17, 30, tzinfo=UTC)
    assert is_quiet(at, "Europe/Mariehamn", QUIET_FROM, QUIET_TO)
    assert not is_quiet(at, "Europe/Oslo", QUIET_FROM, QUIET_TO)


def test_the_hour_that_comes_twice_is_quiet_twice():
    begin, end = time(20), time(2, 30)
    first, again = datetime(2026, 10, 25, 0, 10, tzinfo=UTC), datetime(2026, 10, 25, 1, 10, tzinfo=UTC)
    assert after_quiet(first, "Europe/Oslo", begin, end) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert after_quiet(again, "Europe/Oslo", begin, end) == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
