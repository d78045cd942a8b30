"""Reports of an analysis in a real browser: axe, nothing cut off, nothing loaded, in light, dark and print."""

import numpy as np
import pytest
import yaml

from sirkel.evidence.texts import LANGUAGES
from sirkel.exchange.reports.__main__ import main
from tests.e2e.screenshots import browser, chromium
from tests.e2e.test_patterns import AXE
from tests.reference.data import waves

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.skipif(chromium() is None, reason="SKIPPED: no Chromium on this machine"),
    pytest.mark.skipif(not AXE.exists(), reason="SKIPPED: run npm ci for axe"),
]
READERS = ("researcher", "circle", "leader", "network")
LONG = "Hemtjänsten öster – kvällar, nätter och helger i tre zoner, Österbottens välfärdsområde"
RUN = """() => axe.run(document, {resultTypes: ['violations']}).then(result => result.violations.flatMap(found =>
    found.nodes.slice(0, 2).map(node => `${found.id}: ${node.html.slice(0, 160)} ${node.failureSummary}`)))"""


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    folder = tmp_path_factory.mktemp("reports")
    frame = waves(people=160, units=6, gap=0.0, moving=0.0, between=0.3, seed=4)
    frame = frame[frame["wave"] <= 3].reset_index(drop=True)
    dice = np.random.default_rng(9)
    for number in range(1, 5):
        frame[f"Q{number}"] = np.clip(np.rint(frame["score"] + dice.normal(0, 0.9, len(frame))), 1, 5)
    frame["role"] = np.where(frame["person"] % 9 == 5, "leader", "employee")
    frame["unit"] = [LONG if unit == 0 else f"Ward {unit}" for unit in frame["unit"]]
    frame.drop(columns="score").to_csv(folder / "data.csv", index=False)
    scales = [
        {
            "id": "A",
            "items": ["Q1", "Q2", "Q3"],
            "min": 1,
            "max": 5,
            "title": {"fi": LONG, "en": "Room for learning"},
        },
        {"id": "B", "items": ["Q4"], "min": 1, "max": 5, "title": {"en": "I intend to stay"}},
    ]
    about = {"id": "core", "version": "1", "validated": False, "title": {"en": "Learning"}, "scales": scales}
    (folder / "instrument.yaml").write_text(yaml.safe_dump(about), encoding="utf-8")
    return folder


def written(place, reader, language):
    out = place / f"{reader}-{language}"
    words = [str(place / "data.csv"), "--instrument", str(place / "instrument.yaml"), "--out", str(out)]
    for column in ("unit", "person", "wave", "role"):
        words += [f"--{column}", column]
    own = ["--own", LONG] if reader == "leader" else []
    assert main([*words, "--reader", reader, "--language", language, *own]) == 0
    return (out / "report.html").as_uri()


def test_reports_are_good_for_everybody_on_every_screen(place):
    axe, found = AXE.read_text(encoding="utf-8"), {}
    with browser() as chrome:
        page = chrome.new_page(reduced_motion="reduce")
        asked = []
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda message: found.setdefault("console", []).append(message.text))
        pairs = [*zip(READERS, ("fi", "sv", "nn", "da"), strict=True)]
        pairs += [("circle", language) for language in LANGUAGES if language != "sv"]
        for reader, language in pairs:
            address = written(place, reader, language)
            asked.clear()
            page.goto(address)
            assert asked == [address]
            page.evaluate(axe)
            for width, scheme in ((320, "light"), (320, "dark"), (1280, "light"), (1280, "dark")):
                page.set_viewport_size({"width": width, "height": 800})
                page.emulate_media(color_scheme=scheme)
                name = f"{reader} {language} {width} {scheme}"
                if bad := page.evaluate(RUN):
                    found[name] = bad
                wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
                if wide > 0:
                    found.setdefault(name, []).append(f"{wide} pixels too wide")
                cut = page.evaluate(
                    """() => [...document.querySelectorAll('svg text')].filter(text => {
                        const inside = text.getBoundingClientRect(), frame = text.closest('figure').getBoundingClientRect();
                        return inside.right > frame.right + 1 || inside.left < frame.left - 1;
                    }).map(text => text.textContent)"""
                )
                if cut:
                    found.setdefault(name, []).append(f"cut off: {cut}")
    assert found == {}


def test_on_paper_it_is_light_whatever_the_screen(place):
    with browser() as chrome:
        page = chrome.new_page(color_scheme="dark")
        page.goto(written(place, "circle", "sv"))
        dark = page.evaluate("getComputedStyle(document.body).backgroundColor")
        page.emulate_media(media="print")
        assert (
            page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)" != dark
        )
        assert page.evaluate("getComputedStyle(document.querySelector('circle')).fill") == "rgb(20, 89, 90)"
