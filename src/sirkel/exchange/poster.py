"""The join card for the break room: one code to point a phone at, and the same in letters."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sirkel.exchange.language import base_language
from sirkel.exchange.qr import qr_svg
from sirkel.exchange.recap import require_labels
from sirkel.exchange.text import clean_line
from sirkel.exchange.typeset import typeset

# Every fixed word of a join card, in the English the caller may translate from.
JOIN_LABELS: Mapping[str, str] = {
    "qr": "QR code that opens the meeting on your phone",  # text alternative of the code
    "address": "Or open this address on your phone",
    "code": "and write the code",
    "promise": "No name, no app, no e-mail. You may skip anything.",
}

STEPS_TO_JOIN = 3

_LINK = re.compile(r"https?://[\x21-\x7e]+")
_CODE_HALF = 3
_LONGEST_LINE = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinCard:
    """What stands on a join card; it is public to everybody who walks by, so it holds nothing of the circle's.

    `title` is the call, such as "Join the meeting"; `when` says in words when and where, and may be empty.
    `code` is shown in two halves. `short_address` is for reading and typing, `qr_url` is what the QR code
    carries. `labels` has every key of `JOIN_LABELS`. Raises `ValueError` for other than three steps, for
    a title or step that is empty or over 80 characters, a `qr_url` that is no http address, or missing words.
    """

    circle_name: str
    title: str
    steps_to_join: Sequence[str]
    code: str
    short_address: str
    qr_url: str
    language: str
    labels: Mapping[str, str]
    when: str = ""

    def __post_init__(self) -> None:
        require_labels(self.labels, JOIN_LABELS)
        if len(self.steps_to_join) != STEPS_TO_JOIN:
            raise ValueError("A join card has three steps")
        if not _LINK.fullmatch(self.qr_url):
            raise ValueError("The QR code must carry an http or https address")
        lengths = [len(clean_line(words)) for words in (self.title, *self.steps_to_join)]
        if not min(lengths) or max(lengths) > _LONGEST_LINE:
            raise ValueError("Title and steps of a join card have 1 to 80 characters")


def join_card_pdf(card: JoinCard, *, at: datetime) -> bytes:
    """Return the join card as a tagged PDF on one A4 page; `at` is the aware time of making."""
    labels = {key: clean_line(str(value)) for key, value in card.labels.items()}
    return typeset(
        "join_card",
        {
            "language": base_language(card.language),
            "labels": labels,
            "circle_name": clean_line(card.circle_name),
            "title": clean_line(card.title),
            "when": clean_line(card.when),
            "steps": [clean_line(step) for step in card.steps_to_join],
            "code": in_halves(clean_line(card.code)),
            "short_address": clean_line(card.short_address),
            # The drawing's own name is never read in a PDF: the template gives the alternative.
            "qr": qr_svg(card.qr_url, title="QR"),
        },
        at=at,
    )


def in_halves(code: str) -> str:
    """Return a code of six signs as two times three, as people read it aloud; any other as it is."""
    is_plain = len(code) == 2 * _CODE_HALF and code.isalnum()
    return f"{code[:_CODE_HALF]} {code[_CODE_HALF:]}" if is_plain else code
