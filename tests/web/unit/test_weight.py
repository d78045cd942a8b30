"""What a phone has to fetch before it can show the first page."""

import gzip
import json
from pathlib import Path

import pytest

import sirkel.web

STATIC = Path(sirkel.web.__file__).parent / "static"
PHONE = ("vendor/designsystemet.css", "css/base.css", "css/hand.css")
PHONE_BYTES_MOST = 20_000
WIDE = (*PHONE[:2], "vendor/designsystemet-wide.css", "css/page.css")
WIDE_BYTES_MOST = 28_000

built = pytest.mark.skipif(
    not (STATIC / PHONE[0]).exists(),
    reason="SKIPPED: the third-party styles are not built; run npm ci && npm run build",
)


def compressed(names):
    return sum(len(gzip.compress((STATIC / name).read_bytes(), 9)) for name in names)


@built
def test_a_phone_page_fetches_at_most_twenty_kilobytes_of_style():
    assert compressed(PHONE) <= PHONE_BYTES_MOST


@built
def test_a_wide_page_stays_light_too():
    assert compressed(WIDE) <= WIDE_BYTES_MOST


@built
@pytest.mark.parametrize("name", [PHONE[0], WIDE[2]])
def test_styles_need_no_data_addresses(name):
    text = (STATIC / name).read_text(encoding="utf-8")
    assert "data:" not in text
    assert "http" not in text.replace("http://www.w3.org", "")


@built
def test_every_icon_of_the_list_was_built():
    listed = json.loads((Path(__file__).parents[3] / "tools" / "icons.json").read_text(encoding="utf-8"))[
        "icons"
    ]
    drawn = json.loads((STATIC / "vendor" / "icons.json").read_text(encoding="utf-8"))
    assert set(drawn) == set(listed)
    assert all(drawn.values())
