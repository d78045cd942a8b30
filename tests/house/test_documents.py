"""What the documents say is so."""

import re
from pathlib import Path

import pytest
import yaml

from sirkel import __version__
from sirkel.config.known.handbook import LIST
from sirkel.config.translations import LANGUAGES

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
SETTINGS = (ROOT / "docs/handbook/administrator/settings.md").read_text()
COMMAND = re.compile(r"\./sirkel (\w+)((?: [^`#\n]*)?)")


def read_by_code():
    """Every SIRKEL_ variable that the code reads, with its default where that is a plain text."""
    found = {}
    for path in (ROOT / "src/sirkel").rglob("*.py"):
        text = path.read_text()
        for name, default in re.findall(r'\benv(?:_bool|_list)?\(\s*"([A-Z_]+)"(?:,\s*"([^"{}]*)")?', text):
            found[f"SIRKEL_{name}"] = default or found.get(f"SIRKEL_{name}", "")
        for name in re.findall(r'\bdatabase\(\s*"([A-Z_]+)"', text) + re.findall(r'"SIRKEL_([A-Z_]+)"', text):
            found.setdefault(f"SIRKEL_{name}", "")
    return found


def test_every_setting_is_documented_and_no_other():
    documented = re.findall(r"^\| `(SIRKEL_\w+)` \|", SETTINGS, re.MULTILINE)
    assert len(documented) == len(set(documented))
    assert set(documented) == set(read_by_code())


@pytest.mark.parametrize("name", sorted(name for name, default in read_by_code().items() if default))
def test_the_documented_default_is_the_codes(name):
    row = next(line for line in SETTINGS.splitlines() if line.startswith(f"| `{name}` |"))
    assert row.split(" | ")[1] == f"`{read_by_code()[name]}`"


def test_the_table_of_settings_is_the_one_that_the_page_in_the_browser_is_made_of():
    """Mend it by `python -m sirkel.config.known.handbook`, with the setting described in sirkel.config.known."""
    assert LIST.with_rows(SETTINGS) == SETTINGS


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_command_a_document_names_exists(path):
    verbs = {"up", "test", "bench", "analyse", "protect", "backup", "restore", "audit", "manage"}
    options = {
        "up": {"--port", "--host", "--data", "--demo", "--no-demo", "--install-only"},
        "test": {"--all", "--nightly", "-k", "-m"},
        "bench": {"--json", "--size"},
        "audit": {"--data", "--head", "--heads", "--against"},
        "analyse": {
            *("--instrument", "--out", "--unit", "--person", "--wave", "--role", "--drop-outside"),
            *("--engine", "--reader", "--language", "--own"),
        },
        "protect": {"--out"},
        "manage": {"--language", "--role", "--to"},
        "backup": {"--data"},
        "restore": {"--data", "--key", "--erased"},
    }
    for verb, rest in COMMAND.findall(path.read_text()):
        assert verb in verbs
        assert set(re.findall(r"(?<!\S)--?[a-z-]+", rest)) <= options.get(verb, set()) | {"--help"}


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_in_a_document_leads_somewhere(path):
    links = re.findall(r"\[[^\]]*\]\(([^)#\s]+)", path.read_text())
    inside = [link for link in links if "://" not in link]
    assert [link for link in inside if not (path.parent / link).exists()] == []


@pytest.mark.parametrize("name", ["ARCHITECTURE.md", "CONTRIBUTING.md"])
def test_every_file_the_newcomers_pages_name_exists(name):
    named = re.findall(r"`((?:src|tests|docs|requirements)/[\w./-]*)`", (ROOT / name).read_text())
    assert named
    assert [
        path for path in named if not (ROOT / path).exists() and "vendor" not in path and "locale" not in path
    ] == []


def test_decisions_are_numbered_once_and_listed_in_their_order():
    files = sorted((ROOT / "docs/decisions").glob("[0-9]*.md"))
    assert len({path.name[:4] for path in files}) == len(files)
    listed = re.findall(r"\]\((\d{4}-[\w-]+\.md)\)", (ROOT / "docs/decisions/README.md").read_text())
    assert listed == [path.name for path in files]
    for path in files:
        text = path.read_text()
        assert text.startswith(f"# {path.name[:4]} ")
        assert all(
            f"**{part}" in text
            for part in ("Context.", "Options", "Decision.", "What would change our mind.")
        )


def test_the_catalogue_entry_agrees_with_the_code():
    entry = yaml.safe_load((ROOT / "publiccode.yml").read_text())
    assert entry["softwareVersion"] == __version__
    assert entry["legal"]["license"] == "EUPL-1.2"
    assert set(entry["localisation"]["availableLanguages"]) == {*LANGUAGES, "en"}
    assert (ROOT / "LICENSE").read_text().startswith("EUROPEAN UNION PUBLIC LICENCE v. 1.2")
