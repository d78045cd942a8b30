"""Every Word file opens in a word processor and is there what it is elsewhere."""

import shutil
import subprocess

import pytest

from tests.exchange.unit.pdf_reading import opened, text_of
from tests.factories.circle_papers import browser, listed, make_all_papers

SOFFICE = shutil.which("soffice") or shutil.which("libreoffice")
ONE_PAGE = ("Join card", "Paper cards", "Code for", "Trial poster", "Leader commitment", "Our ground rules")

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.pure,  # a word processor does not ask which database the words came from
    pytest.mark.skipif(not SOFFICE, reason="SKIPPED: no LibreOffice (apt install libreoffice-writer-nogui)"),
]


def in_office(folder, files):
    """Return the PDF that LibreOffice makes of each Word file, by its name."""
    for name, content in files.items():
        (folder / f"{name}.docx").write_bytes(content)
    subprocess.run(
        [
            SOFFICE,
            f"-env:UserInstallation={(folder / 'profile').as_uri()}",
            "--headless",
            "--convert-to",
            "pdf",
            "--outdir",
            folder / "made",
            *sorted(folder.glob("*.docx")),
        ],
        check=True,
        capture_output=True,
        timeout=300,
    )
    return {path.stem: path.read_bytes() for path in (folder / "made").glob("*.pdf")}


@pytest.mark.slow
def test_every_paper_opens_in_libreoffice_as_it_was_made(tmp_path):
    made = make_all_papers()
    client = browser(made.facilitator)
    papers = list(listed(client, made.circle).items())
    assert len(papers) == 11
    wanted = {
        f"{place}-{language}": (name, client.get(f"{ways['Word']}?lang={language}").content)
        for place, (name, ways) in enumerate(papers)
        for language in ("nb", "fi")
    }
    shown = in_office(tmp_path, {key: content for key, (_name, content) in wanted.items()})
    assert set(shown) == set(wanted)
    for key, (name, _content) in wanted.items():
        assert "Rolig kveld" in " ".join(text_of(shown[key]).split()), name
        if name.startswith(ONE_PAGE):
            assert len(opened(shown[key]).pages) == 1, name
