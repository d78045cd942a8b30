"""The analyse command: from a file to results that agree with the rooms they come from."""

import json
import math

import numpy as np
import pandas as pd
import pyreadstat
import pytest
import yaml

from sirkel.evidence import analyse as command
from tests.reference.data import DATASETS, waves

ITEMS = ["Q1", "Q2", "Q3"]
INSTRUMENT = {
    "id": "demo",
    "version": "1",
    "missing_codes": [9],
    "scales": [
        {"id": "S", "items": ITEMS, "reverse": ["Q3"], "min": 1, "max": 6, "missing": "half"},
        {"id": "ONE", "items": ["Q1"], "min": 1, "max": 6},
    ],
}


def sheets(people=60, units=6):
    frame = waves(people=people, units=units, gap=0.1, moving=0.0, between=0.3, seed=4)
    dice = np.random.default_rng(9)
    for item in ITEMS:
        raw = np.clip(np.rint(frame["score"] + dice.normal(0, 0.6, len(frame))), 1, 6)
        frame[item] = 7 - raw if item == "Q3" else raw
    frame["role"] = np.where(frame["person"] % 10 == 0, "leader", "employee")
    frame["unit"] = "ward " + frame["unit"].astype(str)
    return frame.drop(columns="score")


@pytest.fixture
def place(tmp_path):
    (tmp_path / "instrument.yaml").write_text(yaml.safe_dump(INSTRUMENT), encoding="utf-8")
    return tmp_path


def run(place, data, *more, code=0):
    words = [str(place / data), "--instrument", str(place / "instrument.yaml"), "--out", str(place / "out")]
    assert command.main([*words, *more]) == code
    target = place / "out" / "results.json"
    return json.loads(target.read_text()) if target.is_file() else None


ALL = ("--unit", "unit", "--person", "person", "--wave", "wave", "--role", "role")


def walk(value):
    yield value
    if isinstance(value, dict):
        for one in value.values():
            yield from walk(one)
    elif isinstance(value, list):
        for one in value:
            yield from walk(one)


def test_every_null_has_its_reason_and_no_number_is_none(place):
    sheets().to_csv(place / "data.csv", index=False)
    results = run(place, "data.csv", *ALL)
    assert set(results["scales"]) == {"S", "ONE"}
    for found in walk(results):
        if isinstance(found, dict) and any(value is None for value in found.values()):
            assert found["why"]
        assert not (isinstance(found, float) and not math.isfinite(found))
    one = results["scales"]["ONE"]
    assert one["alpha"]["listwise"]["value"] is None
    assert one["mean"] == pytest.approx(sheets()["Q1"].mean())


def test_all_parts_of_the_contract_are_there(place):
    sheets().to_csv(place / "data.csv", index=False)
    scale = run(place, "data.csv", *ALL)["scales"]["S"]
    assert scale.keys() >= {
        "n",
        "mean",
        "sd",
        "alpha",
        "omega_total",
        "items",
        "icc",
        "rwgj",
        "change",
        "perception_gap",
    }
    assert set(scale["items"]) == set(ITEMS)
    assert set(scale["change"]["paired"]) == {"1-2", "1-3", "1-4", "2-3", "2-4", "3-4"}
    assert list(scale["change"]["mixed"]["fixed"]) == ["intercept", "wave 2", "wave 3", "wave 4"]
    assert scale["change"]["mixed"]["singular"] in (True, False)
    assert scale["icc"]["reml"].keys() >= {"icc", "unit_variance", "residual_variance", "intercept", "se"}


def test_without_units_the_model_has_the_person_alone_and_says_so(place):
    sheets().to_csv(place / "data.csv", index=False)
    scale = run(place, "data.csv", "--person", "person", "--wave", "wave")["scales"]["S"]
    assert "icc" not in scale
    assert scale["change"]["mixed"]["unit_variance"] is None
    assert scale["change"]["mixed"]["person_variance"] > 0
    assert scale["change"]["mixed"]["why"]


@pytest.mark.parametrize(
    "kind", ["latin-1", "bom", "semicolon", "parquet", "sav", "dta", "shuffled", "codes"]
)
def test_the_same_sheets_say_the_same_in_every_kind_of_file(place, kind):
    frame = sheets().assign(unit=lambda f: f["unit"].str.replace("ward", "våning"))
    frame.loc[3, "Q2"] = np.nan
    frame.to_csv(place / "data.csv", index=False)
    wanted = run(place, "data.csv", *ALL)["scales"]
    name = f"other.{kind if kind in {'parquet', 'sav', 'dta'} else 'csv'}"
    path = place / name
    match kind:
        case "latin-1":
            frame.to_csv(path, index=False, encoding="latin-1")
        case "bom":
            frame.to_csv(path, index=False, encoding="utf-8-sig")
        case "semicolon":
            frame.assign(**{item: frame[item] + 0.0 for item in ITEMS}).to_csv(
                path, index=False, sep=";", decimal=","
            )
        case "parquet":
            frame.to_parquet(path)
        case "sav":
            pyreadstat.write_sav(frame, str(path))
        case "dta":
            pyreadstat.write_dta(frame, str(path))
        case "shuffled":
            frame.sample(frac=1, random_state=1).to_csv(path, index=False)
        case "codes":
            frame.fillna({"Q2": 9}).to_csv(path, index=False)
    found = run(place, name, *ALL)["scales"]
    ours = [value for value in walk(found) if isinstance(value, float)]
    theirs = [value for value in walk(wanted) if isinstance(value, float)]
    assert ours == pytest.approx(theirs, rel=1e-6, abs=1e-9)


def test_the_published_alphas_of_the_personality_items_come_out_pairwise(place):
    DATASETS["bfi"]().to_csv(place / "data.csv", index=False)
    turned = {"A": ["A1"], "C": ["C4", "C5"], "E": ["E1", "E2"], "N": [], "O": ["O2", "O5"]}
    scales = [
        {"id": name, "items": [f"{name}{n}" for n in range(1, 6)], "reverse": reverse, "min": 1, "max": 6}
        for name, reverse in turned.items()
    ]
    (place / "instrument.yaml").write_text(yaml.safe_dump({"id": "bfi", "version": "1", "scales": scales}))
    found = run(place, "data.csv")["scales"]
    alphas = {name: round(scale["alpha"]["pairwise"]["value"], 2) for name, scale in found.items()}
    assert alphas == {"A": 0.70, "C": 0.73, "E": 0.76, "N": 0.81, "O": 0.60}
    assert found["N"]["alpha"]["listwise"]["value"] == pytest.approx(0.81330, abs=5e-6)


class TestRefusals:
    @pytest.mark.parametrize(
        ("change", "line"),
        [
            (lambda f: f.rename(columns={"Q2": "Q22"}), "has no column Q2; did you mean Q22?"),
            (
                lambda f: f.assign(Q2=f["Q2"].astype(str).where(f.index != 5, "often")),
                "'often' where a number is meant (1 times; lines 7)",
            ),
            (lambda f: f.assign(Q2=f["Q2"].where(f.index != 5, 8)), "answers outside 1 to 6, the first is 8"),
            (lambda f: pd.concat([f, f.head(2)]), "more than one sheet in wave"),
            (
                lambda f: f.assign(**{item: f[item].where(f["wave"] != 2) for item in ITEMS}),
                "wave 2 was never answered",
            ),
            (lambda f: f.assign(unit=f["unit"].where(f.index != 5)), "column unit is empty in 1 lines"),
            (lambda f: f.head(0), "holds no answer sheets"),
        ],
    )
    def test_one_line_exit_2_and_nothing_written(self, place, capsys, change, line):
        change(sheets().reset_index(drop=True)).to_csv(place / "data.csv", index=False)
        assert run(place, "data.csv", *ALL, code=2) is None
        said = capsys.readouterr().err
        assert line in said
        assert said.count("\n") == 1
        assert not (place / "out").exists()

    def test_told_to_answers_outside_are_missing(self, place):
        frame = sheets().reset_index(drop=True)
        frame.assign(Q2=frame["Q2"].where(frame.index != 5, 8)).to_csv(place / "data.csv", index=False)
        found = run(place, "data.csv", "--drop-outside")
        frame.assign(Q2=frame["Q2"].where(frame.index != 5)).to_csv(place / "data.csv", index=False)
        assert run(place, "data.csv")["scales"] == found["scales"]

    @pytest.mark.parametrize(
        ("instrument", "line"),
        [
            ("scales: [", "is not YAML at line"),
            ("id: a\nversion: 1\nscales: []\n", "scales: is missing or empty"),
            (
                "id: a\nscales:\n- {id: A, scales: [B]}\n- {id: B, scales: [A]}\n",
                "is part of itself: A > B > A",
            ),
            ("id: a\nscales:\n- {id: A, item: [Q1], min: 1, max: 5}\n", "did you mean items?"),
            ("id: a\nscales:\n- {id: A, items: [Q1], min: 5, max: 5}\n", "min 5 is not below max 5"),
            ("id: a\nscales:\n- {id: A, items: [Q1], reverse: [Q2], min: 1, max: 5}\n", "Q2 is no item of A"),
            ("id: a\nscales:\n- {id: A, items: [Q1, Q1], min: 1, max: 5}\n", "item Q1 stands twice"),
            (
                "id: a\nscales:\n- {id: A, items: [Q1], min: 1, max: 5, missing: 2}\n",
                "a number of items from 1 to 1",
            ),
            ("a: &x [*x]\nid: b\nscales: []\n", "a: is no part of an instrument"),
        ],
    )
    def test_an_instrument_that_contradicts_itself(self, place, capsys, instrument, line):
        sheets().to_csv(place / "data.csv", index=False)
        (place / "instrument.yaml").write_text(instrument)
        assert run(place, "data.csv", code=2) is None
        assert line in capsys.readouterr().err

    @pytest.mark.parametrize("kind", ["one_person", "one_unit", "constant", "two"])
    def test_what_is_too_little_is_null_with_its_reason_and_no_failure(self, place, kind):
        frame = sheets()
        frame = {
            "one_person": lambda: frame[frame["person"] == frame["person"].iloc[0]],
            "one_unit": lambda: frame.assign(unit="a"),
            "constant": lambda: frame.assign(Q1=3, Q2=3, Q3=4),
            "two": lambda: frame.head(2),
        }[kind]()
        frame.to_csv(place / "data.csv", index=False)
        for found in walk(run(place, "data.csv", *ALL)):
            if isinstance(found, dict) and any(value is None for value in found.values()):
                assert found["why"]


class TestFewUnits:
    @pytest.mark.parametrize(("units", "is_fixed"), [(9, True), (10, False)])
    def test_below_ten_they_are_taken_as_they_are(self, place, units, is_fixed):
        sheets(people=120, units=units).to_csv(place / "data.csv", index=False)
        scale = run(place, "data.csv", *ALL)["scales"]["S"]
        mixed, reml = scale["change"]["mixed"], scale["icc"]["reml"]
        assert mixed["units"] == ("fixed" if is_fixed else "random")
        for result, name in ((mixed, "unit_variance"), (reml, "unit_variance"), (reml, "icc")):
            assert (result[name] is None) == is_fixed
            assert ("too few workplaces" in result.get("why", "")) == is_fixed
        assert reml["residual_variance"] > 0
        assert list(mixed["fixed"]) == ["intercept", "wave 2", "wave 3", "wave 4"]
        assert mixed["fixed"]["intercept"]["estimate"] == mixed["means"]["1"]["mean"]

    def test_units_that_answered_in_different_rounds_cannot_be_told_from_rounds(self, place):
        frame = sheets(people=120, units=4)
        frame["unit"] = "ward " + frame["wave"].astype(str)
        frame.to_csv(place / "data.csv", index=False)
        mixed = run(place, "data.csv", *ALL)["scales"]["S"]["change"]["mixed"]
        assert mixed["fixed"]["intercept"] is None
        assert "different rounds" in mixed["why"]


class TestFamilies:
    def run(self, place, **families):
        scales = [
            {"id": name, "items": [name], "min": 1, "max": 6, **families.get(name, {})} for name in ITEMS
        ]
        (place / "instrument.yaml").write_text(yaml.safe_dump({"id": "demo", "scales": scales}))
        sheets(people=120, units=12).to_csv(place / "data.csv", index=False)
        return run(place, "data.csv", *ALL)["scales"]

    def test_all_scales_are_one_family_where_nothing_is_declared(self, place):
        found = self.run(place)
        for get in (
            lambda scale: scale["change"]["paired"]["1-3"],
            lambda scale: scale["change"]["mixed"]["fixed"]["wave 3"],
        ):
            p = sorted((get(found[name])["p"], get(found[name])["p_holm"]) for name in ITEMS)
            wanted, before = [], 0
            for many, (one, _held) in zip((3, 2, 1), p, strict=True):
                before = min(max(before, many * one), 1)
                wanted.append(before)
            assert [held for _one, held in p] == pytest.approx(wanted)

    def test_declared_scales_are_tested_together_and_others_not_at_all(self, place):
        found = self.run(place, Q1={"primary": True}, Q2={"primary": True})
        pair = [found[name]["change"]["paired"]["1-3"] for name in ITEMS]
        least, most = sorted(one["p"] for one in pair[:2])
        held = sorted([min(2 * least, 1), max(min(2 * least, 1), most)])
        assert sorted(one["p_holm"] for one in pair[:2]) == pytest.approx(held)
        assert pair[2]["p_holm"] is None
        assert "chosen for a test beforehand" in pair[2]["why"]

    def test_a_family_of_its_own_pays_for_nobody_else(self, place):
        found = self.run(place, Q3={"family": "alone"})
        alone = found["Q3"]["change"]["paired"]["1-3"]
        assert alone["p_holm"] == alone["p"]


class TestWhoAnsweredAgain:
    def test_stayers_and_leavers_add_up(self, place):
        frame = sheets(people=120, units=12)
        frame.to_csv(place / "data.csv", index=False)
        change = run(place, "data.csv", *ALL)["scales"]["ONE"]["change"]
        first = frame[(frame["wave"] == 1) & frame["Q1"].notna()].set_index("person")
        for wave in (2, 3, 4):
            again = first.index.isin(frame[(frame["wave"] == wave) & frame["Q1"].notna()]["person"])
            entry = change["attrition"][f"1-{wave}"]
            assert entry["all"]["stayers"] == change["paired"][f"1-{wave}"]["n"] == again.sum()
            assert entry["all"]["leavers"] == (~again).sum() > 0
            assert entry["all"]["leavers_mean"] == pytest.approx(first["Q1"][~again].mean())
            assert sum(one["stayers"] for one in entry["units"].values()) == again.sum()
        people = sum(one["people"] for one in change["attrition"]["patterns"])
        assert people == frame[frame["Q1"].notna()]["person"].nunique()

    def test_thousands_of_units_are_not_listed(self, place):
        frame = sheets(people=900, units=300)
        frame.to_csv(place / "data.csv", index=False)
        entry = run(place, "data.csv", *ALL)["scales"]["ONE"]["change"]["attrition"]["1-2"]
        assert entry["units"] is None
        assert "too many workplaces" in entry["why"]
        assert entry["all"]["stayers"] > 0


class TestHowManyWereAsked:
    @pytest.mark.parametrize(
        ("asked", "note"),
        [(None, "response_unknown"), ("400", "response_low"), ("230", None), ("209", "refused")],
    )
    def test_the_banner_follows_what_was_asked(self, place, capsys, asked, note):
        sheets().dropna(subset=ITEMS, how="all").head(210).to_csv(place / "data.csv", index=False)
        more = () if asked is None else ("--asked", asked)
        if note == "refused":
            assert run(place, "data.csv", *more, code=2) is None
            assert capsys.readouterr().err == (
                "sirkel analyse: 210 sheets are answered, so more than 209 were asked for\n"
            )
            return
        results = run(place, "data.csv", *more)
        banners = {one["note"] for one in results["notes"]} & {"response_unknown", "response_low"}
        assert banners == ({note} if note else set())
        assert results["dataset"]["asked"] == (None if asked is None else int(asked))

    def test_an_empty_sheet_is_somebody_who_was_asked(self, place):
        frame = sheets().head(200)
        frame.loc[frame.index[:90], ITEMS] = np.nan
        frame.to_csv(place / "data.csv", index=False)
        results = run(place, "data.csv")
        assert results["dataset"]["asked"] == 200
        assert "response_low" in {one["note"] for one in results["notes"]}

    @pytest.mark.parametrize("asked", ["0", "-3", "many", "2.5"])
    def test_what_is_no_number_is_refused(self, place, capsys, asked):
        with pytest.raises(SystemExit) as ended:
            run(place, "data.csv", "--asked", asked)
        assert ended.value.code == 2
        assert "is not a number of sheets" in capsys.readouterr().err


@pytest.mark.parametrize(("other", "is_said"), [("Q1", False), ("Q2", True)])
def test_all_scales_lack_a_difference_only_where_each_does(place, other, is_said):
    frame = sheets(people=120, units=12)
    dice = np.random.default_rng(5)
    # The same answers in every workplace.
    frame["Q2"] = frame.groupby("unit").cumcount() % 6 + 1.0
    frame = frame[frame.groupby("unit").cumcount() < 24]
    frame["Q1"] = np.clip(frame["unit"].str.len() - 4 + dice.integers(0, 3, len(frame)), 1, 6).astype(float)
    scales = [{"id": name, "items": [item], "min": 1, "max": 6} for name, item in (("A", "Q2"), ("B", other))]
    (place / "instrument.yaml").write_text(yaml.safe_dump({"id": "demo", "scales": scales}))
    frame.to_csv(place / "data.csv", index=False)
    results = run(place, "data.csv", "--unit", "unit")
    assert results["scales"]["A"]["icc"]["reml"]["singular"]
    assert ("no_unit_variance" in {one["note"] for one in results["notes"]}) == is_said
