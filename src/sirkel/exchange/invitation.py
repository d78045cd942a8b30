"""A circle's open invitation on paper: a poster for the wall, and eight small cards to hand out."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sirkel.exchange.language import base_language
from sirkel.exchange.qr import qr_svg
from sirkel.exchange.recap import require_labels
from sirkel.exchange.text import clean_line
from sirkel.exchange.typeset import typeset

# Every fixed word of an invitation, in the English the caller may translate from.
INVITATION_LABELS: Mapping[str, str] = {
    "title": "Do you want to be in a learning circle?",
    "qr": "QR code that opens the invitation on your phone",  # text alternative of the code
    "ask": "Read more, and say yes or no thanks. Point your camera at the square.",
    "promise": "No thanks is a good answer too. Nobody sees it.",
    "cards": "Invitation cards",  # name of the document with the cards, not printed
}

CARDS_PER_SHEET = 8
_LINK = re.compile(r"https?://[\x21-\x7e]+")
_MOST_LINES = 6
_LONGEST_LINE = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """What stands on the paper of an invitation; it hangs where everybody walks by, so it names nobody asked.

    `purpose` is in the circle's own language `lang`, everything else in `language`. `lines` say what it means for
    whoever is asked, one sentence each. `labels` has every key of `INVITATION_LABELS`. Raises `ValueError` for no
    line, more than six, one over 200 characters, a `qr_url` that is no http address, or missing words.
    """

    circle_name: str
    workplace: str
    purpose: str
    lines: Sequence[str]
    qr_url: str
    language: str
    lang: str
    labels: Mapping[str, str]

    def __post_init__(self) -> None:
        require_labels(self.labels, INVITATION_LABELS)
        if not _LINK.fullmatch(self.qr_url):
            raise ValueError("The QR code must carry an http or https address")
        lengths = [len(clean_line(line)) for line in self.lines]
        if not 0 < len(lengths) <= _MOST_LINES or not min(lengths) or max(lengths) > _LONGEST_LINE:
            raise ValueError("An invitation has 1 to 6 lines of 1 to 200 characters")


def invitation_poster_pdf(invitation: Invitation, *, at: datetime) -> bytes:
    """Return the poster as a tagged PDF on one A4 page; `at` is the aware time of making."""
    return typeset("invitation_poster", _data(invitation), at=at)


def invitation_cards_pdf(invitation: Invitation, *, at: datetime) -> bytes:
    """Return eight cards of A7 on one A4 page as a tagged PDF; `at` is the aware time of making."""
    return typeset("invitation_cards", {**_data(invitation), "count": CARDS_PER_SHEET}, at=at)


def _data(invitation: Invitation) -> dict[str, object]:
    return {
        "language": base_language(invitation.language),
        "lang": base_language(invitation.lang),
        "labels": {key: clean_line(str(value)) for key, value in invitation.labels.items()},
        "circle_name": clean_line(invitation.circle_name),
        "workplace": clean_line(invitation.workplace),
        "purpose": clean_line(invitation.purpose),
        "lines": [clean_line(line) for line in invitation.lines],
        # The drawing's own name is never read in a PDF: the template gives the alternative.
        "qr": qr_svg(invitation.qr_url, title="QR"),
    }
