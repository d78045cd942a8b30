import re

import pytest
import segno
from defusedxml.ElementTree import fromstring

from sirkel.exchange.qr import QUIET_ZONE, qr_svg

SVG = "{http://www.w3.org/2000/svg}"
LINK = "https://sirkel.example/b/7QF2M9KD31XT7QF2M9KD31XT"


def drawn_modules(svg):
    """Paint the path on a grid again."""
    root = fromstring(svg)
    size = int(root.attrib["viewBox"].split()[2])
    grid = [[0] * size for _ in range(size)]
    ink = root.find(f"{SVG}path[@class='qr__ink']").attrib["d"]
    for x, y, width, back in re.findall(r"M(\d+) (\d+)h(\d+)v1h-(\d+)z", ink):
        assert width == back
        for column in range(int(x), int(x) + int(width)):
            grid[int(y)][column] = 1
    return grid


def test_the_drawing_is_the_code_with_its_quiet_zone():
    code = segno.make(LINK, error="m", micro=False)
    expected = [list(row) for row in code.matrix_iter(border=QUIET_ZONE)]
    assert drawn_modules(qr_svg(LINK, title="Bli med")) == expected


def test_a_third_of_the_corrections_survive_a_coffee_stain():
    assert segno.make(LINK, error="m", micro=False).error in {"M", "Q", "H"}


def test_a_strict_page_may_hold_it():
    svg = qr_svg(LINK, title="Bli med")
    assert "style" not in svg
    assert "script" not in svg
    assert " id=" not in svg
    assert "\n" not in svg
    assert len(svg) < 8_000


def test_it_has_a_name_that_cannot_break_out():
    root = fromstring(qr_svg(LINK, title='Bli med </title><script>x</script> & "nå"'))
    assert root.attrib["role"] == "img"
    assert root.find(f"{SVG}title").text == 'Bli med </title><script>x</script> & "nå"'
    assert [child.tag for child in root] == [f"{SVG}title", f"{SVG}path", f"{SVG}path"]


@pytest.mark.parametrize(("text", "title"), [("", "Bli med"), (LINK, " ")])
def test_a_code_without_text_or_name_is_refused(text, title):
    with pytest.raises(ValueError, match="needs"):
        qr_svg(text, title=title)


def test_too_long_a_text_is_refused():
    with pytest.raises(ValueError, match=r"\S"):
        qr_svg("x" * 5_000, title="Bli med")
