"""The join card as a Word file, for those who put their own words to it."""

from datetime import datetime

from sirkel.exchange.paper import Bullets, Code, Paper, Text, Tone, Words
from sirkel.exchange.paper_docx import paper_docx
from sirkel.exchange.poster import JoinCard, in_halves
from sirkel.exchange.text import clean_line


def join_card_docx(card: JoinCard, *, at: datetime) -> bytes:
    """Return the join card as a Word file on A4; `at` is the aware time of making."""
    words = card.labels
    return paper_docx(
        Paper(
            kind=card.circle_name,
            title=Words(card.title),
            language=card.language,
            foot=words["promise"],
            blocks=[
                Text(Words(card.when), Tone.QUIET),
                Bullets([Words(step) for step in card.steps_to_join], is_numbered=True),
                Code(card.qr_url, words["qr"]),
                Text(Words(card.short_address), Tone.LARGE, words["address"]),
                Text(Words(words["code"]), Tone.QUIET) if not card.code else _code(card),
            ],
            is_poster=True,
        ),
        at=at,
    )


def _code(card: JoinCard) -> Text:
    return Text(Words(in_halves(clean_line(card.code))), Tone.LARGE, card.labels["code"])
