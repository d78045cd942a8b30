"""Figures: well-formed whatever the words, named for those who listen, told by more than colour, never sorted."""

import re
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sirkel.evidence.figures import (
    Axis,
    Gap,
    Moment,
    Named,
    Row,
    Spread,
    changes,
    gaps,
    intervals,
    runs,
    shares_of,
    spread,
)
from sirkel.evidence.run_chart import run_chart
from sirkel.exchange.print_figure import for_print

SVG = "{http://www.w3.org/2000/svg}"
WORDS = st.text(max_size=120) | st.sampled_from(
    [
        "</svg><script>alert(1)</script>",
        "a & b < c",
        "👩🏽‍⚕️ 安全 ward",
        "x" * 300,
        '" onload="x',
        "\x00\x1b\ud800",
    ]
)
NUMBERS = st.floats(-1e6, 1e6)
NAMED = Named("figure-1", "Title", "What it shows.")


def axis(low=1.0, high=5.0):
    return Axis(low, high, lambda value: f"{value:g}")


def drawn(text):
    root = ET.fromstring(text)  # noqa: S314 -- our own drawing
    assert root.tag == f"{SVG}svg"
    assert root.get("role") == "img"
    names = root.get("aria-labelledby").split()
    assert [child.tag for child in root[:2]] == [f"{SVG}title", f"{SVG}desc"]
    assert [child.get("id") for child in root[:2]] == names
    tags = {one.tag.removeprefix(SVG) for one in root.iter()}
    assert tags <= {"svg", "title", "desc", "text", "line", "circle", "rect", "path", "pattern", "defs"}
    assert not any(
        name.startswith("on") or name in {"style", "href"} for one in root.iter() for name in one.attrib
    )
    for one in root.iter():
        for name in ("x1", "x2", "cx", "x"):
            if one.get(name, "").endswith("%"):
                assert 0 <= float(one.get(name)[:-1]) <= 100
    return root


def texts(root):
    return [one.text or "" for one in root.iter(f"{SVG}text")]


ALL = {
    "intervals": lambda words, value: intervals(
        [Row(words, value, (value - 1, value + 2)), Row(words, None, why=words)],
        axis(),
        Named("a", words, words),
    ),
    "changes": lambda words, value: changes(
        [Moment(words, value, (value - 1, value)), Moment(words, None), Moment("3", value)],
        axis(),
        Named("a", words, words),
    ),
    "gaps": lambda words, value: gaps(
        [Gap(words, value, 3.0), Gap(words, None, None, words)],
        axis(),
        Named("a", words, words),
        employees=words,
        leaders=words,
    ),
    "runs": lambda words, value: runs(
        [value, 2.0, value], run_chart([value, 2.0, value]), axis(), Named("a", words, words), middle=words
    ),
    "spread": lambda words, _value: spread(
        [Spread(words, (20, 30, 50)), Spread(words, None, words)],
        Named("a", words, words),
        bands=(words, words, words),
        share="{n} %",
    ),
}


@pytest.mark.parametrize("kind", ALL)
@given(words=WORDS, value=NUMBERS)
def test_every_figure_is_well_formed_and_inside_its_frame_whatever_the_words(kind, words, value):
    root = drawn(ALL[kind](words, value))
    drawn(for_print(ALL[kind](words, value), "Serif"))
    foot = max(float(one.get(name)) for one in root.iter() for name in ("y", "y1", "cy") if one.get(name))
    assert foot <= float(root.get("height"))
    # At 320 pixels a line has room for some 36 letters.
    assert all(len(text) <= 44 for text in texts(root))


@pytest.mark.parametrize("kind", ALL)
def test_every_colour_follows_the_page_and_falls_back(kind):
    figure = ALL[kind]("ward", 3.0)
    colours = re.findall(r'(?:fill|stroke)="([^"]+)"', figure)
    assert colours
    assert all(re.fullmatch(r"var\(--[a-z-]+, #[0-9a-f]{6}\)|url\(#a-low\)", one) for one in colours)
    printed = for_print(figure, "Serif")
    assert "var(" not in printed
    assert 'width="100%"' not in printed.partition(">")[0]


@given(st.lists(st.sampled_from(["b", "a", "c", "d"]), min_size=1, unique=True))
def test_rows_stay_in_the_order_given(names):
    figure = intervals([Row(name, float(at)) for at, name in enumerate(reversed(names))], axis(), NAMED)
    assert [text for text in texts(drawn(figure)) if text in set("abcd")] == list(reversed(names))


def test_a_dot_and_a_ring_differ_by_more_than_colour():
    root = drawn(gaps([Gap("ward", 2.0, 4.0)], axis(), NAMED, employees="employees", leaders="leaders"))
    marks = {(one.get("r"), one.get("fill")) for one in root.iter(f"{SVG}circle")}
    assert len({radius for radius, _fill in marks}) > 1
    assert any("#ffffff" in fill for _radius, fill in marks)


def test_the_mean_stands_where_its_value_is():
    root = drawn(intervals([Row("ward", 3.0, (2.0, 5.0))], axis(), NAMED))
    assert next(root.iter(f"{SVG}circle")).get("cx") == "50%"
    ends = {one.get("x1") for one in root.iter(f"{SVG}line") if one.get("stroke-width") == "2"}
    assert ends == {"27%", "96%"}


@given(st.floats(-1000, 1000), st.floats(0.01, 1000))
def test_ticks_are_few_round_and_inside(low, width):
    ticks = axis(low, low + width).ticks
    assert 2 <= len(ticks) <= 8
    assert all(low - 1e-6 * width <= tick <= low + width * (1 + 1e-6) for tick in ticks)


@pytest.mark.parametrize(("low", "high"), [(5, 5), (5, 1), (0, float("inf")), (float("nan"), 1)])
def test_an_axis_that_goes_nowhere_is_refused(low, high):
    with pytest.raises(ValueError, match="from a number to a larger"):
        axis(low, high)


@pytest.mark.parametrize("name", ["", "1a", 'a"b', "A"])
def test_a_name_that_cannot_stand_in_a_page_is_refused(name):
    with pytest.raises(ValueError, match="name"):
        intervals([], axis(), Named(name, "t", "d"))


@given(st.tuples(*[st.integers(0, 300)] * 3))
def test_shares_are_shown_only_where_nobody_can_be_read_out_of_them(counts):
    shares, total = shares_of(counts), sum(counts)
    is_fine = total >= 20 and all(one == 0 or one >= 3 for one in counts) and max(counts) < 0.9 * total
    assert (shares is not None) == is_fine
    if shares:
        assert sum(shares) == 100
        for share, count in zip(shares, counts, strict=True):
            assert share % 5 == 0
            assert abs(share - 100 * count / total) < 5
