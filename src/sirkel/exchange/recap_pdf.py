"""A recap as a PDF that prints well and reads aloud well."""

from datetime import datetime

from sirkel.exchange.paper_pdf import paper_pdf
from sirkel.exchange.recap import Recap
from sirkel.exchange.recap_paper import recap_paper


def recap_pdf(recap: Recap, *, at: datetime) -> bytes:
    """Return the recap as a tagged PDF on A4 (PDF/UA-1), in the recap's language with notes in theirs.

    `at` is the aware time of making. Text is set exactly as written, without hyphens in notes.
    """
    return paper_pdf(recap_paper(recap), at=at)
