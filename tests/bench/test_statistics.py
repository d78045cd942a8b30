"""The benchmarks of the statistics: both sides give the same numbers, and a side that is not there is null."""

import json

import pytest

from bench import _r, mixed_model, reliability
from sirkel.config.cli.bench import names
from sirkel.config.cli.place import Place

SIDES = [(reliability, "psych", "psych_seconds"), (mixed_model, "lme4", "lmer_seconds")]


@pytest.fixture
def run(monkeypatch, tmp_path, capsys):
    def run(module):
        target = tmp_path / "result.json"
        monkeypatch.setattr("sys.argv", ["bench", "--json", str(target), "--size", "small"])
        module.main()
        return json.loads(target.read_text()), capsys.readouterr().out

    return run


@pytest.mark.parametrize(("module", "package", "theirs"), SIDES)
def test_without_r_its_figures_are_null_and_it_is_said(module, package, theirs, run, monkeypatch):
    monkeypatch.setenv("PATH", "")
    result, said = run(module)
    assert (result["figures"][theirs], result["figures"]["ratio"], result["peer"]) == (None, None, None)
    assert result["figures"]["seconds"] > 0
    assert f"SKIPPED: R with {package} is not installed" in said


@pytest.mark.r
@pytest.mark.parametrize(("module", "package", "theirs"), SIDES)
def test_both_sides_computed_the_same(module, package, theirs, run):
    assert _r.has(package)
    result, _said = run(module)
    figures = result["figures"]
    assert figures["ratio"] == figures[theirs] / figures["seconds"]
    assert figures["largest_difference"] < 1e-8
    assert result["peer"]["name"] == package


def test_a_file_s_underscore_is_a_name_s_hyphen():
    assert {"mixed-model", "reliability"} <= set(names(Place.find()))
