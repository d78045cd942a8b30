"""Paper cards for those who write by hand: eight on a sheet, to be cut apart."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sirkel.exchange.language import base_language
from sirkel.exchange.recap import require_labels
from sirkel.exchange.text import clean_line
from sirkel.exchange.typeset import typeset

# Every fixed word of the sheet, in the English the caller may translate from.
CARD_LABELS: Mapping[str, str] = {
    "title": "Paper cards for Quiet evening, meeting 3",  # name of the document, not printed
    "card": "Card",  # stands before the number
    "hint": "One thought. No name.",
    "receipt": "Receipt",  # stands before the blank line
}

CARDS_PER_SHEET = 8
MOST_SHEETS = 25
_LONGEST_PROMPT = 220


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperCards:
    """Sheets of paper cards for one question.

    The number on a card says which text was typed in from where, never whose it is: cards are dealt from a
    shuffled pile. The receipt line is filled in by hand when the card has been typed in. `sheets` is 1 to 25;
    numbers rise from `first_number`. `labels` has every key of `CARD_LABELS`. Raises `ValueError` otherwise,
    and for an empty prompt or one over 220 characters, which would leave no room to write.
    """

    circle_name: str
    prompt: str
    language: str
    labels: Mapping[str, str]
    first_number: int = 1
    sheets: int = 1

    def __post_init__(self) -> None:
        require_labels(self.labels, CARD_LABELS)
        if not 1 <= self.sheets <= MOST_SHEETS or self.first_number < 1:
            raise ValueError("There are 1 to 25 sheets, and card numbers begin at 1 or later")
        if not 0 < len(clean_line(self.prompt)) <= _LONGEST_PROMPT:
            raise ValueError("The prompt on a card has 1 to 220 characters")


def paper_cards_pdf(cards: PaperCards, *, at: datetime) -> bytes:
    """Return the sheets as a tagged PDF, eight A7 cards on an A4 page; `at` is the aware time of making."""
    count = cards.sheets * CARDS_PER_SHEET
    return typeset(
        "paper_cards",
        {
            "language": base_language(cards.language),
            "labels": {key: clean_line(str(value)) for key, value in cards.labels.items()},
            "circle_name": clean_line(cards.circle_name),
            "prompt": clean_line(cards.prompt),
            "numbers": list(range(cards.first_number, cards.first_number + count)),
        },
        at=at,
    )
