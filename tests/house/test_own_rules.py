"""The rules of this house that semgrep holds the code to: each finds what it is there for."""

import json
import subprocess
import sys
from pathlib import Path

import yaml

RULES = Path(__file__).parent / "semgrep.yaml"
BAD = {
    "no-way-round-the-form-guard": "@csrf_exempt\ndef view(request):\n    return None\n",
    "no-raw-html": "shown = mark_safe(words)\n",
    "no-words-in-a-log": 'logger.info("%s wrote", person.name)\nlog.warning("sent", to=mail.address)\n',
    "no-unsafe-cookie": 'response.set_cookie("device", secret, samesite="Lax")\n',
    "no-open-redirect": 'def view(request):\n    return redirect(request.GET.get("next"))\n',
    "no-sql-from-outside": 'Note.objects.raw(f"SELECT {name}")\n',
    "no-unsafe-xml-or-pickle": "import pickle\n\npickle.loads(given)\n",
}
GOOD = """
logger.info("%s", person.id)
response.set_cookie("device", secret, httponly=True, secure=True, samesite="Lax")
Note.objects.raw("SELECT id FROM note WHERE id = %s", [name])
"""


def test_each_rule_finds_what_it_is_there_for_and_nothing_else(tmp_path):
    assert {rule["id"] for rule in yaml.safe_load(RULES.read_text())["rules"]} == set(BAD)
    for rule, code in BAD.items():
        (tmp_path / f"{rule}.py").write_text(code)
    (tmp_path / "good.py").write_text(GOOD)
    command = [Path(sys.executable).parent / "semgrep", "scan", "--config", RULES, "--json", "--quiet"]
    done = subprocess.run(
        [*command, "--metrics", "off", "--disable-version-check", "--no-git-ignore", tmp_path],
        check=False,
        capture_output=True,
        text=True,
    )
    answer = json.loads(done.stdout)
    assert answer["errors"] == []
    found = {(Path(one["path"]).stem, one["check_id"].rpartition(".")[2]) for one in answer["results"]}
    assert found == {(rule, rule) for rule in BAD}
