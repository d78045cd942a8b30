"""The handbook names every file that uses cryptography, and no other (ASVS 11.1.2)."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src/sirkel"
PAGE = (ROOT / "docs/handbook/administrator/encryption.md").read_text(encoding="utf-8")
USES = re.compile(
    r"^\s*(?:import (?:hashlib|hmac|jwt)\b|from (?:cryptography|jwt|hashlib|hmac)\b|from django\.core(?:\.signing)? import .*\bsign"
    r"|from sirkel\.(?:kernel|circles\.rules)\.sealing import|from sirkel\.\S+ import .*\bsealing\b)",
    re.MULTILINE,
)
# What they do is called from elsewhere: a program of its own, and the browser's own cryptography.
ELSEWHERE = {"config/backup/age.py", "web/static/js/keep_store.js"}


def named():
    """Return the files that the page names."""
    return set(re.findall(r"`([\w/]+\.(?:py|js))`", PAGE))


@pytest.mark.pure
def test_every_file_that_uses_cryptography_is_named_and_no_other():
    using = {
        path.relative_to(SOURCE).as_posix() for path in SOURCE.rglob("*.py") if USES.search(path.read_text())
    }
    assert len(using) > 30, "the test finds what it looks for"
    assert named() == using | ELSEWHERE
    assert "crypto.subtle" in (SOURCE / "web/static/js/keep_store.js").read_text()


@pytest.mark.pure
def test_nothing_weaker_is_used_than_the_page_says():
    found = {
        word
        for path in SOURCE.rglob("*.py")
        for word in re.findall(
            r"\b(?:md5|sha1|SHA1|DES|TripleDES|RC4|ARC4|Blowfish|ECB|MD5)\(", path.read_text()
        )
    }
    assert found == set()
