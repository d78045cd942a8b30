"""Reports of an analysis: what each reader sees, in each language, as a page and as a PDF."""

import json
import re
import shutil
import subprocess
from itertools import pairwise
from types import SimpleNamespace

import numpy as np
import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import html

from sirkel.evidence.analysis import analyse
from sirkel.evidence.counting import RowCounter
from sirkel.evidence.instruments import load
from sirkel.evidence.pooling import pool
from sirkel.evidence.reading import Columns, read_sheets
from sirkel.evidence.texts import LANGUAGES, text
from sirkel.exchange.paper_pdf import paper_pdf
from sirkel.exchange.reports.__main__ import main
from sirkel.exchange.reports.given import Given
from sirkel.exchange.reports.page import report_page
from sirkel.exchange.reports.readers import reader_report
from sirkel.exchange.reports.researcher import researcher_report
from sirkel.exchange.reports.wording import Wording
from sirkel.exchange.text import clean_line
from tests.exchange.unit.pdf_reading import assert_accessible, assert_nothing_untagged, tags_of, text_of
from tests.factories.recaps import MADE
from tests.reference.data import waves

ALL = ("--unit", "unit", "--person", "person", "--wave", "wave", "--role", "role")
WARDS = [
    f"Ward {name}"
    for name in ("Ask", "Bjørk", "Eik", "Furu", "Gran", "Hassel", "Lind", "Osp", "Rogn", "Selje", "Tiny")
]
READERS = ("researcher", "circle", "leader", "network")


def sheets(people=260, *, waves_kept=2, gap=0.0):
    """Eleven wards, the last of them of four people; employees and leaders; items with an answer missing."""
    frame = waves(people=people, units=10, gap=gap, moving=0.0, between=0.3, seed=4)
    frame = frame[frame["wave"] <= waves_kept].reset_index(drop=True)
    dice = np.random.default_rng(9)
    frame["unit"] = [WARDS[unit] for unit in frame["unit"]]
    frame.loc[frame["person"] < 4, "unit"] = "Ward Tiny"
    for number in range(1, 6):
        raw = np.clip(np.rint(frame["score"] + dice.normal(0, 0.9, len(frame))), 1, 5)
        frame[f"Q{number}"] = 6 - raw if number == 2 else raw
    frame.loc[7, "Q1"] = np.nan
    frame["role"] = np.where(frame["person"] % 9 == 5, "leader", "employee")
    return frame.drop(columns="score")


def instrument(**more):
    titles = {
        "LEARN": {"en": "Room for learning", "fi": "Tilaa oppimiselle"},
        "STAY": {"en": "I intend to stay"},
    }
    return {
        "id": "core",
        "version": "2",
        "title": {"en": "Learning at work", "fi": "Oppiminen työssä"},
        "items": {"Q1": {"en": "I learn something every week."}},
        "scales": [
            {
                "id": "LEARN",
                "items": ["Q1", "Q2", "Q3"],
                "reverse": ["Q2"],
                "min": 1,
                "max": 5,
                "title": titles["LEARN"],
            },
            {"id": "STAY", "items": ["Q4"], "min": 1, "max": 5, "title": titles["STAY"]},
        ],
        **more,
    }


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    folder = tmp_path_factory.mktemp("reports")
    (folder / "instrument.yaml").write_text(yaml.safe_dump(instrument(validated=False)), encoding="utf-8")
    sheets().to_csv(folder / "data.csv", index=False)
    return folder


@pytest.fixture(scope="module")
def material(place):
    asked = load(place / "instrument.yaml")
    read = read_sheets(place / "data.csv", asked, Columns("unit", "person", "wave", "role"))
    return SimpleNamespace(sheets=read, instrument=asked, results=analyse(RowCounter(read), asked))


def report(material, reader="researcher", language="en", own=None):
    given_ = Given(
        RowCounter(material.sheets).about,
        material.instrument,
        material.results,
        Wording(language),
        reader,
        own,
        "data.csv",
        material.sheets,
    )
    return researcher_report(given_) if reader == "researcher" else reader_report(given_)


def page_of(paper):
    return html.fromstring(report_page(paper))


def said(page):
    return " ".join(page.text_content().split())


def run(place, *more, out="out", code=0):
    words = [
        str(place / "data.csv"),
        "--instrument",
        str(place / "instrument.yaml"),
        "--out",
        str(place / out),
    ]
    assert main([*words, *more]) == code
    return place / out


class TestPage:
    @pytest.mark.parametrize("reader", READERS)
    @pytest.mark.parametrize("language", LANGUAGES)
    def test_it_is_whole_and_can_be_listened_to(self, material, reader, language):
        text_ = report_page(report(material, reader, language))
        page = html.fromstring(text_)
        assert page.get("lang") == language
        assert page.findtext(".//title") == page.findtext(".//h1") or page.find(".//h1/span") is not None
        levels = [int(one.tag[1]) for one in page.iter("h1", "h2", "h3", "h4")]
        assert levels[0] == 1
        assert levels.count(1) == 1
        assert all(after <= before + 1 for before, after in pairwise(levels))
        assert not re.search(
            r"<script|<link|<img|<iframe|@import|\ssrc=|\son\w+=|https?://(?!www\.w3\.org/2000/svg)", text_
        )
        assert "url(" not in re.sub(r'"url\(#[\w-]+\)"', "", text_)
        names = page.xpath("//@id")
        assert len(names) == len(set(names))
        for one in page.iter("table"):
            assert one.findtext("caption")
            assert all(head.get("scope") == "col" for head in one.find("thead").iter("th"))
            for row in one.find("tbody").iter("tr"):
                assert row[0].tag == "th"
                assert row[0].get("scope") == "row"
                assert len(row) == len(one.find("thead/tr"))
        for one in page.iter("svg"):
            assert one.get("role") == "img"
            assert one.findtext("title")
            assert one.findtext("desc")
            # The numbers stand beside every figure.
            beside = one.getparent().xpath("following-sibling::*[position() <= 2]")
            assert any(block.get("class") == "table" for block in beside) or "run" in one.findtext("title")

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_no_english_is_left_in_another_language(self, material, language):
        if language == "en":
            return
        for reader in READERS:
            page = page_of(report(material, reader, language))
            for marked in page.xpath("//*[@lang='en']"):
                if marked.tag != "html":
                    marked.text = ""
            for one in page.iter("style"):
                one.text = ""
            for english in ("workplace", "answered", "Mean ", "Read this", "not shown"):
                assert english not in said(page), (reader, english)

    def test_words_of_another_language_say_which(self, material):
        page = page_of(report(material, "circle", "fi"))
        assert page.xpath("//*[@lang='en' and contains(., 'I intend to stay')]")
        assert not page.xpath("//*[@lang='en' and contains(., 'Tilaa')]")

    @pytest.mark.parametrize("reader", READERS)
    @pytest.mark.parametrize("language", LANGUAGES)
    def test_what_is_not_validated_says_so_at_the_head_and_the_foot(self, material, reader, language):
        page = page_of(report(material, reader, language))
        words = text(language, "report", "not_validated")
        assert words in page.findtext(".//p[@class='kind']")
        assert words in page.find(".//footer").text_content()
        assert text(language, "report", "not_validated_means") in said(page)

    def test_what_is_validated_says_nothing(self, place, material):
        (place / "validated.yaml").write_text(yaml.safe_dump(instrument(validated=True)))
        other = SimpleNamespace(
            sheets=material.sheets, instrument=load(place / "validated.yaml"), results=material.results
        )
        assert "validated" not in said(page_of(report(other)))


class TestPdf:
    @pytest.mark.parametrize(
        ("reader", "language"),
        [("researcher", "fi"), *zip(("circle", "leader", "network") * 2, LANGUAGES, strict=True)],
    )
    def test_it_reads_aloud(self, material, reader, language):
        paper = report(material, reader, language)
        data = paper_pdf(paper, at=MADE)
        assert_accessible(data, language=language, title=paper.title.text)
        assert_nothing_untagged(data)
        tags = [tag for tag, _lang, _alternative in tags_of(data)]
        page = page_of(paper)
        assert tags.count("/Figure") == len(list(page.iter("svg")))
        assert tags.count("/Table") == len(list(page.iter("table")))
        assert text(language, "report", "not_validated") in " ".join(text_of(data).split())


class TestResearcher:
    def test_every_number_of_the_results_stands_in_it(self, material):
        words = said(page_of(report(material)))
        wording = Wording("en")
        scale = material.results["scales"]["LEARN"]
        wanted = [
            scale["alpha"]["listwise"]["value"],
            scale["omega_total"]["observed"],
            scale["icc"]["anova"]["icc2"],
        ]
        wanted += [
            scale["icc"]["reml"]["icc"],
            scale["rwgj"]["mean"],
            scale["change"]["mixed"]["reml_criterion"],
        ]
        wanted += [scale["change"]["paired"]["1-2"][key] for key in ("difference", "d_z", "d_av", "g_av")]
        wanted += [
            one[key] for one in scale["items"].values() for key in ("mean", "item_rest", "alpha_if_dropped")
        ]
        wanted += [one["estimate"] for one in scale["change"]["mixed"]["fixed"].values()]
        wanted += [scale["perception_gap"]["over_units"]["difference"]]
        for number in wanted:
            assert wording.number(number) in words
        assert material.results["dataset"]["sha256"] in words.replace(" ", "")
        for source in ("Cronbach 1951", "Bates et al. 2015", "James, Demaree & Wolf 1984", "psych::alpha"):
            assert source in words

    def test_what_is_missing_says_why_in_the_readers_language(self, material):
        assert text("sv", "why", "one_item") in said(page_of(report(material, language="sv")))

    def test_workplaces_stand_in_the_order_of_their_names(self, material):
        page = page_of(report(material))
        table = page.xpath("//table[contains(caption, 'mean of each workplace')]")[0]
        names = [one.text_content() for one in table.xpath(".//tbody//th")]
        assert names == sorted(names)
        assert "This is no ranking." in said(page)


class TestOthers:
    def test_nobody_but_the_researcher_sees_a_small_ward_or_its_numbers(self, material):
        for reader, own in (
            ("circle", "Ward Tiny"),
            ("leader", "Ward Tiny"),
            ("circle", None),
            ("network", None),
        ):
            page = page_of(report(material, reader, own=own))
            for row in page.xpath("//tbody/tr[th[contains(., 'Tiny')]]"):
                cells = [cell.text_content() for cell in row.iter("td")]
                assert cells == ["not shown", "–", "–"]
        words = said(page_of(report(material, "circle", own="Ward Tiny")))
        assert "Nothing can be shown here" in words
        assert text("en", "hidden", "few") in words

    @pytest.mark.parametrize("reader", ["circle", "leader", "network"])
    def test_no_report_names_another_workplace(self, material, reader):
        own = None if reader == "network" else "Ward Osp"
        words = said(page_of(report(material, reader, own=own)))
        named = {ward for ward in WARDS if ward in words}
        assert named == ({own} if own else set())

    def test_means_are_rounded_and_people_are_bands(self, material):
        page = page_of(report(material, "circle", own="Ward Osp"))
        rows = [[cell.text_content() for cell in row.iter("td")] for row in page.xpath("//tbody/tr")]
        shown = [row for row in rows if len(row) == 3 and re.match(r"\d", row[0])]
        assert shown
        for mean, interval, people in shown:
            assert re.fullmatch(r"\d\.\d", mean)
            assert re.fullmatch(r"\d\.\d to \d\.\d|–", interval)
            assert re.fullmatch(r"\d+–\d+", people)

    def test_a_question_alone_shows_no_interval_of_a_ward(self, material):
        page = page_of(report(material, "circle", own="Ward Osp"))
        for row in page.xpath("//tbody/tr[count(td) = 3 and th[contains(., 'intend to stay')]]"):
            assert row.xpath("td")[1].text_content() == "–"

    def test_no_exact_number_of_the_results_gets_through(self, material):
        exact = set()

        def walk(value):
            if isinstance(value, dict):
                for one in value.values():
                    walk(one)
            elif isinstance(value, list):
                for one in value:
                    walk(one)
            elif isinstance(value, float):
                exact.add(f"{value:.3f}")

        walk(material.results["scales"])
        for reader in ("circle", "leader", "network"):
            words = report_page(report(material, reader))
            body = re.sub(
                r'(?:[xy][12]?|c[xy]|r|width|height|stroke-width)="[^"]*"|<style>.*?</style>',
                "",
                words,
                flags=re.DOTALL,
            )
            assert not {number for number in exact if re.search(rf"(?<!\d){re.escape(number)}", body)}

    def test_the_network_sees_three_workplaces_or_nothing(self, place):
        few = sheets()
        few = few[few["unit"].isin(WARDS[:2])]
        few.to_csv(place / "few.csv", index=False)
        asked = load(place / "instrument.yaml")
        read = read_sheets(place / "few.csv", asked, Columns("unit", "person", "wave", "role"))
        other = SimpleNamespace(sheets=read, instrument=asked, results=analyse(RowCounter(read), asked))
        page = page_of(report(other, "network"))
        assert not list(page.iter("table"))
        assert "three or more workplaces" in said(page)

    def test_the_leader_sees_the_rest_only_as_a_whole(self, material):
        words = said(page_of(report(material, "leader", own="Ward Osp")))
        assert "The other workplaces together" in words
        assert "The other workplaces together" not in said(
            page_of(report(material, "circle", own="Ward Osp"))
        )

    def test_what_changed_is_said_without_a_cause_and_with_its_doubt(self, material):
        words = said(page_of(report(material, "circle")))
        assert re.search(r"the mean changed by [+−]?\d\.\d+ from round 1 to round 2", words)
        assert "may be chance" in words or "Chance alone" in words
        assert not re.search(r"effect|signific", words)


TITLES = st.text(min_size=1, max_size=200) | st.sampled_from(
    [
        "</title><script>x</script>",
        "#emph[x] $y$ *b* \\ `c` @d",
        "👩🏽‍⚕️🙂 安全",
        "&amp; {title} {0} %s",
        "x" * 400,
    ]
)


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(title=TITLES)
def test_any_words_are_words_and_nothing_else(material, title):
    scale = material.instrument.scales[0]
    clean = " ".join(title.split())
    named = SimpleNamespace(
        instrument=type(material.instrument)(
            "core",
            title,
            (type(scale)(**{**_fields(scale), "title": {"en": title}}),),
            about={"title": {"en": title}},
        ),
        sheets=material.sheets,
        results=material.results,
    )
    paper = None
    try:
        paper = report(named, "circle")
    except ValueError:
        assert not clean_line(clean)
        return
    page = page_of(paper)
    assert not list(page.iter("script"))
    assert page.find(".//h1").text_content()
    assert paper_pdf(paper, at=MADE).startswith(b"%PDF-")


def _fields(one):
    return {name: getattr(one, name) for name in one.__dataclass_fields__}


class TestCommand:
    def test_all_files_are_written_and_an_unknown_workplace_writes_none(self, place, capsys):
        out = run(place, *ALL)
        assert {one.name for one in out.iterdir()} == {
            "results.json",
            "report.html",
            "report.pdf",
            "report.R",
        }
        run(place, *ALL, "--reader", "leader", "--own", "Ward Nowhere", out="none", code=2)
        assert not (place / "none").exists()
        err = capsys.readouterr().err
        assert err == "sirkel analyse: no answer sheet is of the workplace Ward Nowhere\n"
        out = run(place, *ALL, "--reader", "leader", "--own", "Ward Eik", "--language", "da", out="leader")
        assert {one.name for one in out.iterdir()} == {"report.html", "report.pdf"}
        assert 'lang="da"' in (out / "report.html").read_text()

    def test_a_report_that_fails_leaves_no_results_behind(self, place, monkeypatch):
        monkeypatch.setattr("sirkel.exchange.reports.page._STYLES", [place / "nowhere.css"])
        run(place, *ALL, out="failed", code=2)
        assert not (place / "failed").exists()

    @pytest.mark.parametrize(
        "columns",
        [
            (),
            ("--unit", "unit"),
            ("--wave", "wave"),
            ("--role", "role"),
            ("--person", "person", "--wave", "wave"),
        ],
    )
    @pytest.mark.parametrize("reader", READERS)
    def test_any_columns_make_a_report(self, place, columns, reader):
        assert (run(place, *columns, "--reader", reader, out="some") / "report.pdf").stat().st_size > 1000

    def test_ten_rounds_have_a_run_chart(self, tmp_path):
        frame = sheets(people=30, waves_kept=1)
        frame = frame.loc[frame.index.repeat(12)].assign(
            wave=lambda one: np.tile(np.arange(1, 13), len(one) // 12)
        )
        dice = np.random.default_rng(2)
        frame["Q1"] = np.clip(np.rint(3 + dice.normal(0, 1, len(frame))), 1, 5)
        frame.to_csv(tmp_path / "data.csv", index=False)
        (tmp_path / "instrument.yaml").write_text(yaml.safe_dump(instrument()))
        assert "run chart" in (run(tmp_path, *ALL) / "report.html").read_text()


def numbers(ours, theirs, path=()):
    """Yield every number of ours with R's, where R computes such a thing."""
    if isinstance(ours, dict):
        for name, value in ours.items():
            if isinstance(theirs, dict) and name in theirs:
                yield from numbers(value, theirs[name], (*path, name))
            elif name not in {"why", "notes"} and isinstance(value, int | float):
                yield (*path, name), value, None
    elif isinstance(ours, list):
        for at, value in enumerate(ours):
            yield from numbers(value, theirs[at] if theirs else None, (*path, at))
    elif isinstance(ours, int | float):
        yield path, ours, theirs


@pytest.mark.r
@pytest.mark.skipif(shutil.which("Rscript") is None, reason="SKIPPED: no R on this machine")
@pytest.mark.parametrize("kind", ["plain", "gaps", "odd", "few_units", "declared"])
def test_the_script_computes_every_number_anew_in_r(tmp_path, kind):
    frame, asked, columns = sheets(gap=0.15, waves_kept=3), instrument(missing_codes=[9]), ALL
    if kind == "gaps":
        frame.loc[frame.index % 7 == 0, "Q3"] = np.nan
        frame.loc[frame.index % 11 == 0, "Q4"] = 9
    if kind == "few_units":
        frame["unit"] = frame["unit"].str.len().map(lambda length: f"Ward {length}")
    if kind == "declared":
        asked["scales"] += [{**asked["scales"][0], "id": "MORE", "items": ["Q3", "Q4", "Q5"], "reverse": []}]
        asked["scales"] = [one | {"family": "all"} for one in asked["scales"]]
        asked["scales"][0]["primary"] = asked["scales"][2]["primary"] = True
    if kind == "odd":
        frame = frame.rename(columns={"Q1": "Q 1 \\ å", "unit": "Var? (unit)"})
        asked["items"] = {}
        asked["scales"][0]["items"][0] = "Q 1 \\ å"
        columns = ("--unit", "Var? (unit)", *ALL[2:])
    frame.to_csv(
        tmp_path / "data.csv",
        index=False,
        **({"sep": ";", "decimal": ",", "encoding": "latin-1"} if kind == "odd" else {}),
    )
    (tmp_path / "instrument.yaml").write_text(yaml.safe_dump(asked), encoding="utf-8")
    out = run(tmp_path, *columns)
    done = subprocess.run(
        ["Rscript", "--vanilla", "report.R", "../data.csv", "r.json"],
        cwd=out,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    ours = json.loads((out / "results.json").read_text())["scales"]
    theirs = json.loads((out / "r.json").read_text())["scales"]
    compared = list(numbers(ours, theirs))
    assert len(compared) > 200
    for path, mine, other in compared:
        assert other == pytest.approx(mine, rel=1e-5, abs=1e-8), path
    imputed = theirs["LEARN"]["change"]["imputed"]
    assert set(imputed) == set(ours["LEARN"]["change"]["paired"])
    for one in imputed.values():
        pooled = pool(one["estimates"], one["variances"], complete_df=one["n"] - 1)
        assert pooled.estimate == pytest.approx(one["difference"], abs=1e-8)
        assert pooled.total == pytest.approx(one["variance"], abs=1e-8)
        assert pooled.df == pytest.approx(one["df"], rel=1e-8)
        assert pooled.ci95 == pytest.approx(tuple(one["ci95"]), abs=1e-8)
