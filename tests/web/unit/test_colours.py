"""The contrast of every pair of colours we set together, in both schemes, read from the style sheet."""

import re
from pathlib import Path

import pytest

import sirkel.web

CSS = Path(sirkel.web.__file__).parent / "static" / "css" / "base.css"
TEXT, PICTURE = 4.5, 3.0

TEXT_PAIRS = [
    ("ink", "paper"),
    ("ink", "raised"),
    ("ink", "note"),
    ("ink", "accent-soft"),
    ("ink", "warm-soft"),
    ("quiet", "paper"),
    ("quiet", "raised"),
    ("quiet", "note"),
    ("quiet", "accent-soft"),
    ("quiet", "warm-soft"),
    ("quiet", "line"),
    ("accent", "paper"),
    ("accent", "raised"),
    ("accent", "accent-soft"),
    ("accent", "warm-soft"),
    ("accent-strong", "paper"),
    ("accent-strong", "warm-soft"),
    ("on-accent", "accent"),
    ("on-accent", "accent-strong"),
    ("accent-ink", "accent-soft"),
    ("warm", "paper"),
    ("warm", "raised"),
    ("warm", "note"),
    ("warm", "warm-soft"),
    ("paper", "ink"),
]
PICTURE_PAIRS = [
    ("edge", "paper"),
    ("edge", "raised"),
    ("accent", "paper"),
    ("accent", "raised"),
    ("accent", "line"),
    ("warm", "paper"),
    ("warm", "line"),
    ("leaf", "paper"),
    ("leaf", "raised"),
    ("focus", "paper"),
    ("focus", "raised"),
    ("focus", "accent-soft"),
    ("focus", "warm-soft"),
    ("focus-gap", "accent"),
    ("focus", "focus-gap"),
]


def tokens():
    text = CSS.read_text(encoding="utf-8")
    blocks = re.findall(r":root \{(.*?)\n\s*\}", text, flags=re.DOTALL)
    light, dark = (dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", block)) for block in blocks[:2])
    return {"light": light, "dark": light | dark}


def luminance(colour):
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_the_measure_is_the_standard_one():
    assert contrast("#ffffff", "#000000") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_words_stand_out_from_what_they_stand_on(scheme):
    colours = tokens()[scheme]
    weak = {
        pair: round(contrast(colours[pair[0]], colours[pair[1]]), 2)
        for pair in TEXT_PAIRS
        if contrast(colours[pair[0]], colours[pair[1]]) < TEXT
    }
    assert weak == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_edges_and_drawings_can_be_seen(scheme):
    colours = tokens()[scheme]
    weak = {
        pair: round(contrast(colours[pair[0]], colours[pair[1]]), 2)
        for pair in PICTURE_PAIRS
        if contrast(colours[pair[0]], colours[pair[1]]) < PICTURE
    }
    assert weak == {}


def test_the_dark_scheme_answers_for_every_colour_of_the_light_one():
    text = CSS.read_text(encoding="utf-8")
    light, dark = (
        set(re.findall(r"--([\w-]+): #", block))
        for block in re.findall(r":root \{(.*?)\n\s*\}", text, flags=re.DOTALL)[:2]
    )
    assert light == dark
