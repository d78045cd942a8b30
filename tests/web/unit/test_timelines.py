from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from sirkel.web.timelines import MOST_TICKS, Lane, Mark, Span, timeline

TODAY = date(2026, 3, 10)
days = st.integers(-900, 400).map(lambda shift: TODAY + timedelta(days=shift))
spans = st.builds(
    lambda begins, long, label: Span(
        begins, None if long is None else begins + timedelta(long), "bar", label
    ),
    days,
    st.none() | st.integers(0, 300),
    st.sampled_from(["", "Yhteiskehittäminen", "Form"]),
)
lanes = st.lists(
    st.builds(
        Lane,
        st.just("Lane"),
        spans=st.lists(spans, max_size=6).map(tuple),
        marks=st.lists(st.builds(Mark, days, st.just("held")), max_size=6).map(tuple),
    ),
    max_size=5,
)


@settings(deadline=None)
@given(lanes, st.lists(spans, max_size=3))
def test_everything_lies_on_the_picture_and_nothing_is_lost(lanes, shades):
    drawn = timeline(lanes, today=TODAY, shades=shades)

    assert [len(lane.bars) for lane in drawn.lanes] == [len(lane.spans) for lane in lanes]
    assert [len(lane.dots) for lane in drawn.lanes] == [len(lane.marks) for lane in lanes]
    bars = [*drawn.shades, *(bar for lane in drawn.lanes for bar in lane.bars)]
    assert all(0 <= bar.x <= 100 and bar.width > 0 and bar.x + bar.width <= 101 for bar in bars)
    assert all(bar.y >= 0 and bar.y + bar.high <= drawn.axis for bar in bars)
    assert all(0 <= dot.x <= 100 and 0 < dot.y < drawn.axis for lane in drawn.lanes for dot in lane.dots)
    assert len(drawn.ticks) <= MOST_TICKS
    assert [tick.x for tick in drawn.ticks] == sorted({tick.x for tick in drawn.ticks})


@settings(deadline=None)
@given(lanes)
def test_no_two_spans_of_a_lane_cover_each_other(lanes):
    for lane in timeline(lanes, today=TODAY).lanes:
        for row in {bar.y for bar in lane.bars}:
            bars = sorted((bar.x, bar.x + bar.width) for bar in lane.bars if bar.y == row)
            # The thinnest bar is drawn a little wider than its day, so that it is seen.
            assert all(end - start <= 0.4 for (_x, end), (start, _end) in pairwise(bars))


@settings(deadline=None)
@given(lanes, st.randoms(use_true_random=False))
def test_the_order_of_rows_moves_nothing(lanes, chance):
    mixed = [
        Lane(
            lane.label,
            tuple(chance.sample(lane.spans, len(lane.spans))),
            tuple(chance.sample(lane.marks, len(lane.marks))),
        )
        for lane in lanes
    ]
    one, other = timeline(lanes, today=TODAY), timeline(mixed, today=TODAY)

    assert [lane.bars for lane in one.lanes] == [lane.bars for lane in other.lanes]
    assert [sorted(dot.x for dot in lane.dots) for lane in one.lanes] == [
        sorted(dot.x for dot in lane.dots) for lane in other.lanes
    ]
    assert (one.high, one.ticks, one.today) == (other.high, other.ticks, other.today)


def test_later_lies_further_right_and_a_short_story_has_two_months():
    drawn = timeline(
        [Lane("L", marks=(Mark(date(2026, 3, 1), "held"), Mark(date(2026, 3, 9), "held")))], today=TODAY
    )

    first, second = (dot.x for dot in drawn.lanes[0].dots)
    assert first < second < 20
    assert second < drawn.today
    assert [tick.day for tick in drawn.ticks] == [date(2026, 3, 1), date(2026, 4, 1), date(2026, 5, 1)]
    assert not drawn.ticks[0].is_year


def test_a_word_is_written_only_where_it_fits():
    short = Span(date(2026, 3, 1), date(2026, 3, 3), "phase", "Co-creating")
    long = Span(date(2026, 3, 3), date(2026, 6, 3), "phase", "Co-creating")

    assert [bar.label for bar in timeline([Lane("L", (short, long))], today=TODAY).lanes[0].bars] == [
        "",
        "Co-creating",
    ]


def test_a_picture_of_nothing_is_still_a_picture():
    drawn = timeline([], today=TODAY)

    assert drawn.today is not None
    assert drawn.lanes == ()
