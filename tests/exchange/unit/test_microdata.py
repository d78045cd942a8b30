"""Data out: every file says the same when somebody else's program reads it, and nothing leaves that betrays anybody."""

import csv
import hashlib
import json
import os
import shutil
import subprocess

import numpy as np
import polars as pl
import pycanon.anonymity
import pyreadstat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from sirkel.evidence.instruments import SHIPPED, load, read
from sirkel.exchange.microdata import Citation, TooFewAlikeError, Variable, anonymity, dataset_of, export
from sirkel.exchange.microdata.dataset import Dataset
from sirkel.exchange.microdata.tables import write_csv, write_labelled_csv

CITATION = Citation(("Testersen, Test",), "Nobody's Institute", 2024, "10.0000/none")
UNIT = Variable("unit", {"en": "Workplace", "nb": "Arbeidsplass"}, is_text=True)
PERSON = Variable("person", {"en": "Person"})
NEEDED = {"r": "Rscript", "pspp": "pspp"}


def core(*, missing=True):
    told = load(SHIPPED["sirkel-core"])
    if not missing:
        return told
    data = {
        "id": told.id,
        "version": told.version,
        "missing_codes": [98, 99],
        "scales": [{"id": "all", "items": list(told.items), "min": 1, "max": 5}],
        **told.about,
    }
    sets = {
        "agree": told.about["response_sets"]["agree"]
        | {
            98: {"en": "Does not concern me", "nb": "Gjelder ikke meg"},
            99: {"en": "Refused", "nb": "Vil ikke svare"},
        }
    }
    return read(data | {"response_sets": sets})


def sheets(instrument, people=80, units=("Våning 1", "=CMD()")):
    dice = np.random.default_rng(5)
    frame = {item: dice.integers(1, 6, people).astype(float) for item in instrument.items}
    first, second = instrument.items[:2]
    frame[first][3], frame[first][4], frame[second][5] = 98, 99, np.nan
    return pl.DataFrame(
        {
            "person": np.arange(people) + 1000.0,
            "unit": [units[one % len(units)] for one in range(people)],
            **frame,
        }
    )


@pytest.fixture(scope="module")
def out(tmp_path_factory):
    instrument = core()
    folder = tmp_path_factory.mktemp("out")
    data = dataset_of(sheets(instrument), instrument, (PERSON, UNIT))
    export(data, folder, CITATION, known=["unit"], sensitive=instrument.items, person="person", language="nb")
    return folder, instrument, data


def told(frame, instrument):
    """The answers of a unit's people, whatever their order."""
    rows = frame.select("unit", *instrument.items).with_columns(pl.col(instrument.items).fill_nan(None))
    return sorted(map(str, rows.with_columns(pl.col("unit").str.strip_prefix("'")).rows()))


def test_numbers_come_back_from_csv_and_parquet(out):
    folder, instrument, data = out
    for frame in (pl.read_csv(folder / "data.csv"), pl.read_parquet(folder / "data.parquet")):
        numbers = frame.with_columns(pl.col(instrument.items).cast(pl.Float64))
        assert told(numbers, instrument) == told(data.frame, instrument)
        assert sorted(frame["person"].to_list()) == list(range(1, 81))
    labels = json.loads(pl.read_parquet_metadata(folder / "data.parquet")["variables"])
    assert labels["core_time"]["missing"]["99"]["nb"] == "Vil ikke svare"


def test_the_rows_leave_in_no_order_and_people_under_new_numbers(out):
    folder, instrument, data = out
    frame = pl.read_csv(folder / "data.csv").with_columns(pl.col(instrument.items).cast(pl.Float64))
    assert frame["core_use"].to_list() != data.frame["core_use"].to_list()
    by_number = frame.sort("person")["core_use"].to_list()
    assert by_number != data.frame["core_use"].to_list()


@pytest.mark.threat(row="T16")
def test_the_labelled_csv_has_words_and_no_formula(out):
    folder, _instrument, _data = out
    with (folder / "data_labelled.csv").open(encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    words = {row["Her kan jeg si høyt at det er noe jeg ikke kan."] for row in rows}
    assert words == {"Helt uenig", "Litt uenig", "Verken enig eller uenig", "Litt enig", "Helt enig"}
    assert {row["Arbeidsplass"] for row in rows} == {"Våning 1", "'=CMD()"}
    assert "Vil ikke svare" in {
        row["Når vi har satt av tid til å lære sammen, blir den tiden holdt."] for row in rows
    }


@pytest.mark.requirement("SEC-15")
@pytest.mark.threat(row="T16")
@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t=", "\r=", "\n=", "\0=", "＝", "＋", "－", "＠"])
def test_no_cell_of_any_table_is_a_formula(tmp_path, sign):
    """SEC-15: answers, heads, labels and reasons for missing, whoever wrote the instrument; numbers stay numbers."""
    evil = f"{sign}HYPERLINK(A1)"
    variables = (
        Variable("said", {"": evil}, is_text=True),
        Variable("scale", {"": f"{evil}?"}, {1.0: {"": evil}}, {-9.0: {"": evil}}),
    )
    frame = pl.DataFrame({"said": [evil, "Godt", None], "scale": [1.0, -9.0, -2.0]})
    dataset = Dataset("x", "1", {"": evil}, ("nb",), variables, frame)
    write_csv(dataset, tmp_path / "data.csv")
    write_labelled_csv(dataset, tmp_path / "labelled.csv", "nb")
    cells = []
    for name in ("data.csv", "labelled.csv"):
        with (tmp_path / name).open(encoding="utf-8-sig", newline="") as file:
            cells += [cell for row in csv.reader(file) for cell in row]
    assert [cell for cell in cells if "HYPERLINK" in cell and not cell.startswith("'")] == []
    assert sum("HYPERLINK" in cell for cell in cells) == 6
    assert {"1", "-9", "-2", "Godt"} <= set(cells)


@pytest.mark.parametrize("kind", ["sav", "zsav", "dta"])
def test_labels_and_reasons_for_missing_come_back(out, kind):
    folder, instrument, data = out
    reader = pyreadstat.read_dta if kind == "dta" else pyreadstat.read_sav
    frame, about = reader(str(folder / f"data.{kind}"), user_missing=True, output_format="polars")
    assert about.column_names_to_labels["core_safety"] == "Her kan jeg si høyt at det er noe jeg ikke kan."
    values = about.variable_value_labels["core_time"]
    assert values[1] == "Helt uenig"
    if kind == "dta":
        assert (values["a"], values["b"]) == ("Gjelder ikke meg", "Vil ikke svare")
        assert about.missing_user_values["core_time"] == ["a", "b"]
    else:
        assert values[99] == "Vil ikke svare"
        assert [(one["lo"], one["hi"]) for one in about.missing_ranges["core_time"]] == [(98, 98), (99, 99)]
        assert told(frame, instrument) == told(data.frame, instrument)
    valid, _about = reader(str(folder / f"data.{kind}"), output_format="polars")
    assert valid["core_time"].drop_nans().drop_nulls().len() == 78
    assert valid["core_time"].drop_nans().drop_nulls().sum() == data.frame["core_time"].sum() - 98 - 99


def judge(name, *words, script=None):
    if shutil.which(NEEDED[name]) is None:
        pytest.skip(f"{NEEDED[name]} is not installed")
    done = subprocess.run(
        [NEEDED[name], *words], input=script, capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stderr + done.stdout
    return done.stdout


@pytest.mark.r
def test_haven_reads_labels_and_reasons(out):
    folder, _instrument, data = out
    sum_ = int(data.frame["core_time"].sum() - 98 - 99)
    script = f"""
      if (!requireNamespace("haven", quietly = TRUE)) quit(status = 77)
      for (file in c("data.sav", "data.zsav", "data.dta")) {{
        x <- (if (grepl("dta", file)) haven::read_dta else haven::read_sav)(file.path("{folder}", file))
        stopifnot(attr(x$core_safety, "label") == "Her kan jeg si høyt at det er noe jeg ikke kan.")
        stopifnot("Verken enig eller uenig" %in% names(attr(x$core_time, "labels")))
        stopifnot(sum(is.na(x$core_time)) == 2, sum(x$core_time, na.rm = TRUE) == {sum_})
        stopifnot(setequal(x$unit, c("Våning 1", "=CMD()")))
      }}
      stopifnot(identical(sort(unique(haven::na_tag(x$core_time))), c("a", "b")))
      y <- haven::read_sav("{folder}/data.sav", user_na = TRUE)
      stopifnot(identical(as.numeric(attr(y$core_time, "na_values")), c(98, 99)), sum(y$core_time == 99) == 1)
      cat("read")
    """
    path = folder.parent / "haven.R"
    path.write_text(script, encoding="utf-8")
    assert judge("r", "--vanilla", str(path)) == "read"


@pytest.mark.parametrize("kind", ["sav", "zsav"])
def test_pspp_counts_what_is_missing(out, kind):
    folder, _instrument, _data = out
    syntax = folder.parent / f"{kind}.sps"
    syntax.write_text(
        f"GET FILE='{folder}/data.{kind}'.\nFREQUENCIES /VARIABLES=core_time.\nDISPLAY DICTIONARY.\n"
    )
    said = judge("pspp", str(syntax))
    assert "Vil ikke svare" in said
    assert "Her kan jeg si høyt" in said
    assert "98" in said


def test_the_codebook_follows_the_schema_and_speaks_six_languages(out):
    folder, instrument, _data = out
    book = etree.parse(folder / "codebook.xml")
    spaces = {"d": "ddi:codebook:2_5"}
    names = book.xpath("//d:var/@name", namespaces=spaces)
    assert names == ["person", "unit", *instrument.items]
    labels = book.xpath("//d:var[@name='core_time']/d:labl", namespaces=spaces)
    assert {one.get("{http://www.w3.org/XML/1998/namespace}lang") for one in labels} == {
        "en",
        "nb",
        "nn",
        "da",
        "sv",
        "fi",
    }
    assert book.xpath(
        "//d:var[@name='core_time']/d:catgry[@missing='Y']/d:catValu/text()", namespaces=spaces
    ) == ["98", "99"]
    assert book.xpath("//d:var[@name='core_time']/d:sumStat/text()", namespaces=spaces) == ["78", "2"]
    assert "ikke valideret" in "".join(book.xpath("//d:stdyDscr/d:notes/text()", namespaces=spaces))


SCHEMA = os.environ.get("SIRKEL_DDI_SCHEMA", "")


@pytest.mark.skipif(not SCHEMA, reason="SIRKEL_DDI_SCHEMA does not name codebook.xsd of DDI-Codebook 2.5")
def test_the_codebook_is_valid(out):
    schema = etree.XMLSchema(etree.parse(SCHEMA))
    book = etree.parse(out[0] / "codebook.xml")
    schema.assertValid(book)
    book.getroot().append(etree.Element("{ddi:codebook:2_5}nonsense"))
    assert not schema.validate(book)


def test_the_package_names_every_file_with_its_hash(out):
    folder, instrument, _data = out
    package = json.loads((folder / "datapackage.json").read_text())
    paths = {one["path"] for one in package["resources"]}
    assert paths == {one.name for one in folder.iterdir()} - {"datapackage.json", "datacite.json"}
    for one in package["resources"]:
        assert one["hash"] == "sha256:" + hashlib.sha256((folder / one["path"]).read_bytes()).hexdigest()
    fields = next(one for one in package["resources"] if one["path"] == "data.csv")["schema"]["fields"]
    assert (
        [one["name"] for one in fields]
        == pl.read_csv(folder / "data.csv").columns
        == ["person", "unit", *instrument.items]
    )
    cite = json.loads((folder / "datacite.json").read_text())
    assert cite.keys() >= {"creators", "titles", "publisher", "publicationYear", "types", "schemaVersion"}
    assert cite["rightsList"] == [{"rights": "CC0-1.0"}]


def test_words_that_may_not_be_shipped_stay(tmp_path):
    about = {"items": {"Q1": "Secret wording"}, "ship": False}
    data = {"id": "x", "scales": [{"id": "A", "items": ["Q1"], "min": 1, "max": 5}]}
    frame = pl.DataFrame({"Q1": [1.0, 2, 3, 4, 5, 1]})
    for may, seen in ((False, False), (True, True)):
        folder = tmp_path / str(may)
        export(
            dataset_of(frame, read(data | about | {"ship": may})),
            folder,
            CITATION,
            known=[],
            sensitive=["Q1"],
        )
        assert (b"Secret wording" in b"".join(one.read_bytes() for one in folder.iterdir())) is seen


class TestAnonymity:
    @settings(max_examples=30, deadline=None)
    @given(
        st.lists(
            st.tuples(st.integers(0, 2), st.sampled_from("ab"), st.integers(1, 4)), min_size=1, max_size=40
        )
    )
    def test_as_pycanon_counts(self, rows):
        frame = pl.DataFrame(rows, schema=["age", "role", "answer"], orient="row")
        found = anonymity(frame, ["age", "role"], ["answer"])
        pandas = frame.to_pandas()
        assert found.k == pycanon.anonymity.k_anonymity(pandas, ["age", "role"])
        assert found.fewest == pycanon.anonymity.l_diversity(pandas, ["age", "role"], ["answer"])

    def attempt(self, tmp_path, change=lambda frame: frame, **more):
        instrument = core(missing=False)
        frame = sheets(core())
        frame = frame.with_columns(
            pl.when(pl.col("core_time") > 5).then(None).otherwise(pl.col("core_time")).alias("core_time")
        )
        data = dataset_of(change(frame), instrument, (PERSON, UNIT))
        export(
            data,
            tmp_path / "out",
            CITATION,
            known=["unit"],
            sensitive=instrument.items,
            person="person",
            **more,
        )

    def test_what_hides_well_leaves(self, tmp_path):
        self.attempt(tmp_path)
        assert (tmp_path / "out" / "data.csv").is_file()

    @pytest.mark.threat(row="T20")
    @pytest.mark.parametrize(
        ("change", "line"),
        [
            (
                lambda f: f.with_columns(
                    unit=pl.when(pl.col("person") < 1004).then(pl.lit("small")).otherwise("unit")
                ),
                "4 people are alike fewer than 4 others",
            ),
            (
                lambda f: f.with_columns(
                    core_use=pl.when(pl.col("unit") == "Våning 1").then(2.0).otherwise("core_use")
                ),
                "same answer to core_use",
            ),
            (
                lambda f: f.with_columns(
                    core_use=pl.when(pl.col("unit") == "Våning 1").then(None).otherwise("core_use")
                ),
                "same answer to core_use",
            ),
            (lambda f: pl.concat([f, f.head(3)]), "3 people are alike"),  # who answered twice
        ],
    )
    def test_what_betrays_somebody_does_not_and_nothing_is_written(self, tmp_path, change, line):
        with pytest.raises(TooFewAlikeError, match=line):
            self.attempt(tmp_path, change)
        assert not (tmp_path / "out").exists()

    def test_the_floors_are_raised_and_never_lowered(self, tmp_path):
        for more in ({"k": 4}, {"least": 1}):
            with pytest.raises(ValueError, match="at the least"):
                self.attempt(tmp_path, **more)
        with pytest.raises(TooFewAlikeError):
            self.attempt(tmp_path, k=41)
        self.attempt(tmp_path, k=40)

    def test_a_variable_that_stands_on_no_side_does_not_leave(self, tmp_path):
        instrument = core(missing=False)
        data = dataset_of(sheets(core()), instrument, (PERSON, UNIT))
        with pytest.raises(ValueError, match="say of unit whether"):
            export(data, tmp_path, CITATION, known=[], sensitive=instrument.items, person="person")


def test_a_name_that_not_every_program_takes_is_refused():
    data = {"id": "x", "scales": [{"id": "A", "items": ["år 1"], "min": 1, "max": 5}]}
    with pytest.raises(ValueError, match="år 1 is no name"):
        dataset_of(pl.DataFrame({"år 1": [1.0]}), read(data))
