"""``sirkel analyse DATA --instrument FILE --out DIR``: results, report and R script, all of them or none."""

import argparse
import sys
from datetime import UTC, datetime
from typing import Any

from sirkel.evidence.analyse import main as analyse
from sirkel.evidence.counting import About
from sirkel.evidence.instruments import Instrument
from sirkel.evidence.reading import Columns, read_sheets
from sirkel.evidence.tables import DataError
from sirkel.exchange.paper_pdf import paper_pdf
from sirkel.exchange.reports.given import Given
from sirkel.exchange.reports.in_r import r_script
from sirkel.exchange.reports.page import report_page
from sirkel.exchange.reports.readers import reader_report
from sirkel.exchange.reports.researcher import researcher_report
from sirkel.exchange.reports.wording import Wording

# Up to so many sheets are read once more, for what is drawn of single workplaces.
MOST_READ = 1_000_000


def reports(
    chosen: argparse.Namespace, about: About, instrument: Instrument, results: dict[str, Any]
) -> dict[str, str | bytes]:
    """Return the files that stand beside the results, by name.

    Raises:
        DataError: the workplace whose report it is does not occur.

    """
    is_researcher = chosen.reader == "researcher"
    columns = Columns(unit=chosen.unit, person=chosen.person, wave=chosen.wave, role=chosen.role)
    sheets = None
    if not is_researcher or about.rows <= MOST_READ:
        sheets = read_sheets(chosen.data, instrument, columns, drops_outside=chosen.drop_outside)
    if chosen.own is not None and (
        sheets is None or sheets.unit is None or chosen.own not in sheets.unit.names
    ):
        raise DataError(f"no answer sheet is of the workplace {chosen.own}")
    given = Given(
        about,
        instrument,
        results,
        Wording(chosen.language),
        reader=chosen.reader,
        own=None if chosen.reader in {"researcher", "network"} else chosen.own,
        data_name=chosen.data.name,
        read=sheets,
    )
    paper = researcher_report(given) if is_researcher else reader_report(given)
    files: dict[str, str | bytes] = {
        "report.html": report_page(paper),
        "report.pdf": paper_pdf(paper, at=datetime.now(UTC)),
    }
    if is_researcher:
        files["report.R"] = r_script(
            instrument,
            columns,
            data_name=chosen.data.name,
            sha256=about.sha256,
            drops_outside=chosen.drop_outside,
        )
    return files


def main(words: list[str] | None = None) -> int:
    """Run the command; give the exit code."""
    return analyse(words, beside=reports)


if __name__ == "__main__":
    sys.exit(main())
