"""The trial poster: what is being tried here, on one A4 page with a code to answer by."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sirkel.exchange.language import base_language
from sirkel.exchange.qr import qr_svg
from sirkel.exchange.recap import require_labels
from sirkel.exchange.text import clean_line
from sirkel.exchange.typeset import typeset

# Every fixed word of a trial poster, in the English the caller may translate from.
TRIAL_POSTER_LABELS: Mapping[str, str] = {
    "call": "We are trying something",
    "qr": "QR code that opens the trial on your phone",  # text alternative of the code
    "ask": "What do you think? Point your camera at the square.",
    "promise": "No name, no app. The circle sees what you say, not who said it.",
}

_LINK = re.compile(r"https?://[\x21-\x7e]+")
_LONGEST_LINE = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialPoster:
    """What stands on a trial's poster; colleagues who walk by read it, so it holds the plan and nothing said about it.

    `lines` are pairs of a fixed word and the circle's own words, such as ("When", "every evening"); a pair without
    words is left out. `lang` is the language of the circle's words, `language` that of the fixed ones. `labels` has
    every key of `TRIAL_POSTER_LABELS`. Raises `ValueError` for an empty `what`, one over 300 characters, a `qr_url`
    that is no http address, or missing words.
    """

    circle_name: str
    what: str
    lines: Sequence[tuple[str, str]]
    qr_url: str
    language: str
    lang: str
    labels: Mapping[str, str]

    def __post_init__(self) -> None:
        require_labels(self.labels, TRIAL_POSTER_LABELS)
        if not _LINK.fullmatch(self.qr_url):
            raise ValueError("The QR code must carry an http or https address")
        if not 0 < len(clean_line(self.what)) <= _LONGEST_LINE:
            raise ValueError("What is tried has 1 to 300 characters")


def trial_poster_pdf(poster: TrialPoster, *, at: datetime) -> bytes:
    """Return the poster as a tagged PDF on one A4 page; `at` is the aware time of making."""
    lines = [(clean_line(name), clean_line(words)) for name, words in poster.lines]
    return typeset(
        "trial_poster",
        {
            "language": base_language(poster.language),
            "lang": base_language(poster.lang),
            "labels": {key: clean_line(str(value)) for key, value in poster.labels.items()},
            "circle_name": clean_line(poster.circle_name),
            "what": clean_line(poster.what),
            "lines": [{"name": name, "words": words} for name, words in lines if words],
            # The drawing's own name is never read in a PDF: the template gives the alternative.
            "qr": qr_svg(poster.qr_url, title="QR"),
        },
        at=at,
    )
