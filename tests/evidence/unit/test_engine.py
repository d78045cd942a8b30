"""DuckDB, PostgreSQL, Spark and rows in memory count the same."""

import dataclasses
import importlib.util
import json
import os

import numpy as np
import pandas as pd
import pyreadstat
import pytest
import yaml

from sirkel.evidence import analyse as command
from sirkel.evidence import mixed
from sirkel.evidence.analysis import analyse
from sirkel.evidence.counting import RowCounter
from sirkel.evidence.engine import counting
from sirkel.evidence.instruments import read
from sirkel.evidence.reading import Columns, read_sheets
from tests.reference.data import waves

SCALES = [
    {"id": "S", "items": ["Q1", "Q2", "Q3"], "reverse": ["Q3"], "min": 1, "max": 6, "missing": "half"},
    {"id": "WHOLE", "items": ["Q2", "Q3"], "min": 1, "max": 6, "missing": "none"},
    {"id": "ONE", "items": ["Q1"], "min": 1, "max": 6},
]
INSTRUMENT = read({"id": "demo", "version": "1", "missing_codes": [9], "scales": SCALES})
COLUMNS = Columns(unit="unit", person="person", wave="wave", role="role")
HAS_SPARK = importlib.util.find_spec("pyspark") is not None
SPARK = [
    pytest.mark.spark,
    pytest.mark.filterwarnings("ignore"),  # Spark's own
    pytest.mark.skipif(not HAS_SPARK, reason="Spark is not installed: requirements/spark.lock"),
]
# Two workers, each a process of its own with a core and a gigabyte.
CLUSTER = "local-cluster[2,1,1024]"
EVERY = [
    "duckdb",
    pytest.param("postgres", marks=pytest.mark.postgres),
    pytest.param("spark", marks=SPARK),
    pytest.param("spark in a cluster", marks=SPARK),
]


def sheets(*, moving=0.1, gaps=0.1, whole=True, people=150):
    frame = waves(people=people, units=12, gap=0.15, moving=moving, between=0.4, seed=6)
    dice = np.random.default_rng(3)
    for item in ("Q1", "Q2", "Q3"):
        raw = np.clip(frame["score"] + dice.normal(0, 0.7, len(frame)), 1, 6)
        frame[item] = np.rint(raw) if whole else raw
        frame.loc[dice.random(len(frame)) < gaps, item] = np.nan
        frame.loc[dice.random(len(frame)) < gaps / 2, item] = 9.0
    frame["role"] = np.where(frame["person"] % 9 == 0, "leader", "employee")
    frame.loc[frame.index[4], "role"] = None
    frame["unit"] = "våning " + frame["unit"].astype(str)
    return frame.drop(columns="score").sample(frac=1, random_state=2)


@pytest.fixture(params=EVERY)
def engine(request, monkeypatch):
    if request.param == "postgres":
        monkeypatch.setenv("SIRKEL_ENGINE_DATABASE_URL", os.environ["SIRKEL_RESEARCH_DATABASE_URL"])
    if "spark" in request.param:
        monkeypatch.setenv("SIRKEL_SPARK_MASTER", CLUSTER if "cluster" in request.param else "local[*]")
    return request.param.split()[0]


def both(tmp_path, engine, frame, columns=COLUMNS):
    path = tmp_path / "sheets.csv"
    frame.to_csv(path, index=False)
    rows = RowCounter(read_sheets(path, INSTRUMENT, columns))
    with counting(path, INSTRUMENT, columns, engine=engine) as counter:
        return rows, counter.about, [(rows.of(scale), counter.of(scale)) for scale in INSTRUMENT.scales]


def same(ours, theirs, rel):
    np.testing.assert_allclose(np.asarray(ours), np.asarray(theirs), rtol=rel, atol=1e-12)


@pytest.mark.parametrize("kind", ["whole", "no_gaps", "decimals", "settled"])
def test_an_engine_counts_what_rows_give(tmp_path, engine, kind):
    chosen = {
        "whole": {},
        "no_gaps": {"gaps": 0},
        "decimals": {"whole": False},
        "settled": {"moving": 0},
    }[kind]
    rows, about, counted = both(tmp_path, engine, sheets(**chosen))
    assert about == dataclasses.replace(rows.about, engine=engine)
    rel = 1e-9 if kind == "decimals" else 1e-12
    for wanted, found in counted:
        moments = found.moments.shifted(wanted.moments.shift)
        for part in ("rows", "complete", "complete_sums", "complete_products", "counts", "sums", "products"):
            np.testing.assert_allclose(
                getattr(moments, part),
                getattr(wanted.moments, part),
                rtol=rel,
                atol=0 if rel == 1e-12 else 1e-9,
            )
        same(dataclasses.astuple(found.spread), dataclasses.astuple(wanted.spread), 1e-12)
        same(found.groups.n, wanted.groups.n, 0)
        same(found.groups.within, wanted.groups.within, 1e-9)
        same(
            found.groups.sums + found.groups.n * found.groups.shift,
            wanted.groups.sums + wanted.groups.n * wanted.groups.shift,
            1e-12,
        )
        same(found.within.values, wanted.within.values, 1e-9)
        assert found.within.left_out == wanted.within.left_out
        for key, pair in wanted.pairs.items():
            order = np.lexsort(pair[::-1])
            same(found.pairs[key][0], pair[0][order], 1e-14)
            same(found.pairs[key][1], pair[1][order], 1e-14)
        for ours, theirs in zip(found.leaders, wanted.leaders, strict=True):
            names = dict(enumerate(sorted(ours)))
            same([ours[names[at]] for at in names], [theirs[at] for at in sorted(theirs)], 1e-12)
        assert (found.cells.movers is None) == (wanted.cells.movers is None) == (kind == "settled")
        assert found.cells.answers == wanted.cells.answers
        np.testing.assert_allclose(found.cells.total, wanted.cells.total, rtol=1e-9, atol=1e-9)
        for cells, other in ((found.cells, wanted.cells), (found.unit_cells, wanted.unit_cells)):
            ours, theirs = mixed.fit(cells), mixed.fit(other)
            same(ours.criterion, theirs.criterion, 1e-9)
            same(ours.residual_variance, theirs.residual_variance, 1e-6)
            for one, two in zip(
                mixed.fixed_effects(ours).values(), mixed.fixed_effects(theirs).values(), strict=True
            ):
                same([one.estimate, one.se], [two.estimate, two.se], 1e-6)


@pytest.mark.parametrize("kind", ["sav", "dta"])
def test_what_a_statistics_program_declares_missing_is_missing(tmp_path, kind):
    frame = sheets().reset_index(drop=True).drop(columns="role")
    columns = Columns(unit="unit", person="person", wave="wave")
    frame.to_csv(tmp_path / "sheets.csv", index=False)
    path = tmp_path / f"sheets.{kind}"
    if kind == "sav":
        ranges = {"Q1": [9], "Q2": [{"lo": 8.5, "hi": 99}], "Q3": [9]}
        pyreadstat.write_sav(frame, str(path), missing_ranges=ranges)
    else:
        tagged = frame.assign(
            **{item: frame[item].astype(object).replace(9.0, "b") for item in ("Q1", "Q2", "Q3")}
        )
        pyreadstat.write_dta(
            tagged, str(path), missing_user_values={key: ["b"] for key in ("Q1", "Q2", "Q3")}
        )
    bare = read({"id": "demo", "scales": SCALES})
    with (
        counting(tmp_path / "sheets.csv", INSTRUMENT, columns, engine="duckdb") as coded,
        counting(path, bare, columns, engine="duckdb") as declared,
    ):
        assert (frame[["Q1", "Q2", "Q3"]] == 9).any().all()
        for scale in INSTRUMENT.scales:
            assert declared.of(scale).spread == coded.of(scale).spread
            same(declared.of(scale).moments.counts, coded.of(scale).moments.counts, 0)


def numbers(value, path=""):
    if isinstance(value, dict):
        for name, one in value.items():
            yield from numbers(one, f"{path}/{name}")
    elif isinstance(value, list):
        for place, one in enumerate(value):
            yield from numbers(one, f"{path}/{place}")
    else:
        yield path, value


@pytest.mark.parametrize(
    "columns",
    [
        Columns(),
        Columns(unit="unit"),
        Columns(person="person", wave="wave"),
        Columns(person="person", wave="wave", role="role"),
        COLUMNS,
    ],
)
def test_the_results_are_the_same_whatever_columns_are_named(tmp_path, columns):
    frame = sheets()
    path = tmp_path / "sheets.parquet"
    frame.to_parquet(path)
    wanted = analyse(RowCounter(read_sheets(path, INSTRUMENT, columns)), INSTRUMENT)
    with counting(path, INSTRUMENT, columns, engine="duckdb") as counter:
        found = analyse(counter, INSTRUMENT)
    assert found["dataset"].pop("engine") == "duckdb"
    wanted["dataset"].pop("engine")
    ours, theirs = dict(numbers(found)), dict(numbers(wanted))
    assert ours.keys() == theirs.keys()
    for name, value in theirs.items():
        if isinstance(value, float):
            assert ours[name] == pytest.approx(value, rel=1e-6, abs=1e-9), name
        else:
            assert ours[name] == value, name


@pytest.mark.parametrize(
    ("change", "line"),
    [
        (
            lambda f: f.assign(Q2=f["Q2"].where(f.index != 5, 8)),
            "has 1 answers outside 1 to 6, the first is 8 ",
        ),
        (lambda f: pd.concat([f, f.head(2)]), "more than one sheet in wave"),
        (
            lambda f: f.assign(unit=f["unit"].where(f.index != 5, " ")),
            "column unit is empty in 1 lines, the first",
        ),
        (lambda f: f.assign(role=""), "column role is empty"),
        (
            lambda f: f.assign(**{item: f[item].where(f["wave"] != 2) for item in ("Q1", "Q2", "Q3")}),
            "wave 2 was never answered",
        ),
    ],
)
def test_an_engine_refuses_in_the_words_that_rows_do(tmp_path, change, line):
    path = tmp_path / "sheets.csv"
    change(sheets().reset_index(drop=True)).to_csv(path, index=False)
    said = []
    for ask in (
        lambda: read_sheets(path, INSTRUMENT, COLUMNS),
        lambda: counting(path, INSTRUMENT, COLUMNS, engine="duckdb").__enter__(),
    ):
        with pytest.raises(ValueError, match=r"column|sheet|wave") as refused:
            ask()
        said.append(str(refused.value))
    assert line in said[0]
    assert said[0] == said[1]


def test_the_results_name_the_engine_that_counted(tmp_path):
    sheets().to_csv(tmp_path / "sheets.csv", index=False)
    (tmp_path / "i.yaml").write_text(
        yaml.safe_dump({"id": "d", "version": "1", "missing_codes": [9], "scales": SCALES})
    )
    words = [
        str(tmp_path / "sheets.csv"),
        "--instrument",
        str(tmp_path / "i.yaml"),
        "--out",
        str(tmp_path / "out"),
    ]
    assert command.main(words) == 0
    assert json.loads((tmp_path / "out" / "results.json").read_text())["dataset"]["engine"] == "duckdb"


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("postgres", "set SIRKEL_ENGINE_DATABASE_URL"),
        pytest.param(
            "spark",
            "Spark is not installed: pip install",
            marks=pytest.mark.skipif(HAS_SPARK, reason="Spark is installed"),
        ),
    ],
)
def test_an_engine_that_is_not_there_is_one_plain_line(tmp_path, capsys, monkeypatch, name, line):
    monkeypatch.delenv("SIRKEL_ENGINE_DATABASE_URL", raising=False)
    sheets().to_csv(tmp_path / "sheets.csv", index=False)
    (tmp_path / "i.yaml").write_text(
        yaml.safe_dump({"id": "d", "version": "1", "missing_codes": [9], "scales": SCALES})
    )
    words = [
        str(tmp_path / "sheets.csv"),
        "--instrument",
        str(tmp_path / "i.yaml"),
        "--out",
        str(tmp_path / "out"),
    ]
    assert command.main([*words, "--engine", name]) == 2
    said = capsys.readouterr().err
    assert line in said
    assert said.count("\n") == 1
    assert not (tmp_path / "out").exists()


def test_a_database_that_does_not_answer_is_one_plain_line(tmp_path, monkeypatch):
    monkeypatch.setenv("SIRKEL_ENGINE_DATABASE_URL", "postgresql://nobody:secret-word@localhost:1/none")
    sheets().to_csv(tmp_path / "sheets.csv", index=False)
    with (
        pytest.raises(ValueError, match="does not answer") as refused,
        counting(tmp_path / "sheets.csv", INSTRUMENT, COLUMNS, engine="postgres"),
    ):
        pass
    assert "secret-word" not in str(refused.value)
