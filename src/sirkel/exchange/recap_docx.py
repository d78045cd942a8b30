"""A recap as a Word file that its readers may work on."""

from datetime import datetime

from sirkel.exchange.paper_docx import paper_docx
from sirkel.exchange.recap import Recap
from sirkel.exchange.recap_paper import recap_paper


def recap_docx(recap: Recap, *, at: datetime) -> bytes:
    """Return the recap as a Word file (.docx) on A4, in the same order as the PDF; `at` is the aware time of making."""
    return paper_docx(recap_paper(recap), at=at)
