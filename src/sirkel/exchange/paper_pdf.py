"""A paper as a PDF that prints well and reads aloud well."""

from datetime import datetime

from sirkel.exchange.paper import Paper
from sirkel.exchange.paper_data import paper_data
from sirkel.exchange.typeset import typeset


def paper_pdf(paper: Paper, *, at: datetime) -> bytes:
    """Return the paper as a tagged PDF on A4 (PDF/UA-1), in its language, with words in theirs.

    `at` is the aware time of making. The same paper gives the same bytes.
    """
    return typeset("paper", paper_data(paper), at=at)
