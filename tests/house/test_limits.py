"""The handbook's page on limits says what the program does, and names every limit that the program has (ASVS 13.1.2, 15.1.3)."""

import re
from importlib import import_module
from pathlib import Path

import pytest
from django.conf import settings

from sirkel.kernel.limits import Limit
from sirkel.kernel.tries import SharedLimit
from sirkel.people.rules.sessions import DAY, HOUR, LONG, MINUTE, SHORT

ROOT = Path(__file__).resolve().parents[2]
HANDBOOK = ROOT / "docs/handbook/administrator"
CELLS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in (HANDBOOK / "limits.md").read_text(encoding="utf-8").splitlines()
    if line.startswith("| ")
]
NAMED = {
    cell.strip("`"): row
    for row in CELLS
    for cell in row
    if re.fullmatch(r"`[\w. ]+`", cell) and " " not in cell[:2]
}
NGINX = "\n".join(path.read_text() for path in sorted((ROOT / "deploy/nginx").rglob("*.conf")))


def most_of(name):
    """Return the number that the program has under a name: of a setting, of nginx, or of a constant."""
    if name.startswith("SIRKEL_"):
        return getattr(settings, name.removeprefix("SIRKEL_"))
    if name.isupper():
        return getattr(settings, name)
    if "." not in name:
        return int(re.search(rf"^\s*{name} (\d+);", NGINX, re.MULTILINE)[1])
    module, _dot, constant = name.rpartition(".")
    found = getattr(import_module(module), constant)
    return getattr(found, "most", found)


@pytest.mark.requirement("SEC-10")
@pytest.mark.pure
@pytest.mark.parametrize("name", sorted(NAMED))
def test_the_number_on_the_page_is_the_programs(name):
    numbers = [int(cell.split()[0]) for cell in NAMED[name] if re.match(r"\d+( |$)", cell)]
    assert numbers[:1] == [most_of(name)]


@pytest.mark.requirement("SEC-26")
@pytest.mark.pure
def test_every_limit_on_tries_and_requests_stands_on_the_page():
    made = set()
    for path in (ROOT / "src/sirkel").rglob("*.py"):
        module = ".".join(path.relative_to(ROOT / "src").with_suffix("").parts)
        for name in re.findall(r"^([A-Z_]+) = (?:Shared)?Limit\(", path.read_text(), re.MULTILINE):
            assert isinstance(getattr(import_module(module), name), Limit | SharedLimit)
            made.add(f"{module}.{name}")
    assert made, "the test looks at nothing"
    assert made <= NAMED.keys()


@pytest.mark.pure
def test_how_long_a_sign_in_lasts_stands_in_the_handbook_as_the_program_has_it():
    page = (HANDBOOK / "sign_in.md").read_text(encoding="utf-8")
    assert f"| any device | {SHORT.idle // MINUTE} minutes | {SHORT.whole // HOUR} hours |" in page
    assert f"| {LONG.idle // HOUR} hours | {LONG.whole // DAY} days |" in page
