"""The shape that every benchmark's result has."""

import json
import subprocess

import pytest
from bench.common import ROOT, commit, machine, ratio, table, write_result


def test_a_result_names_machine_commit_figures_and_the_other_side(tmp_path):
    target = tmp_path / "new" / "result.json"
    write_result("fan_out", target, {"seconds": 0.1 + 0.2}, peer={"name": "bare", "version": "1"})
    head = subprocess.run(
        ["git", "rev-parse", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.strip()
    result = json.loads(target.read_text())
    assert list(result) == ["bench", "commit", "machine", "figures", "peer"]
    assert result["figures"] == {"seconds": 0.1 + 0.2}
    assert result["commit"].rstrip("+") == head
    assert commit() == result["commit"]
    assert result["machine"] == machine()


def test_a_figure_that_is_not_a_number_is_refused(tmp_path):
    with pytest.raises(ValueError, match="not JSON compliant"):
        write_result("x", tmp_path / "x.json", {"seconds": float("nan")})


@pytest.mark.parametrize(
    ("ours", "peer", "is_time", "expected"),
    [
        (2.0, 4.0, True, 2.0),
        (200.0, 100.0, False, 2.0),
        (None, 4.0, True, None),
        (2.0, None, False, None),
        (0.0, 4.0, True, None),
    ],
)
def test_above_one_is_ahead_for_seconds_and_for_throughput(ours, peer, is_time, expected):
    assert ratio(ours, peer, is_time=is_time) == expected


def test_the_table_says_when_there_is_no_figure(capsys):
    table(["side", "seconds"], [["ours", 0.123456], ["peer", None]])
    assert capsys.readouterr().out.splitlines() == ["side  seconds", "ours   0.1235", "peer        –"]
