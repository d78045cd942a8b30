"""The rules of this house that semgrep holds the code to: each finds what it is there for."""

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
import yaml

RULES = Path(__file__).parent / "semgrep.yaml"
BAD = {
    "no-way-round-the-form-guard": "@csrf_exempt\ndef view(request):\n    return None\n",
    "no-raw-html": "shown = mark_safe(words)\n",
    "no-words-in-a-log": 'logger.info("%s wrote", person.name)\nlog.warning("sent", to=mail.address)\n',
    "no-unsafe-cookie": 'response.set_cookie("device", secret, samesite="Lax")\n',
    "no-open-redirect": 'def view(request):\n    return redirect(request.GET.get("next"))\n',
    "no-sql-from-outside": 'Note.objects.raw(f"SELECT {name}")\n',
    "no-words-as-a-pattern": (
        "import re\n\nfound = re.compile(words)\n"
        'again = re.search(rf"\\b{request.GET["q"]}\\b", text)\n'
        'third = re.sub("(" + person.name + ")", "", text)\n'
        "fourth = re.fullmatch(pattern=form.cleaned_data['q'], string=text)\n"
    ),
    "no-words-as-a-format": (
        "said = note.text % {'name': 1}\n"
        "said = circle.name.format(meeting=meeting)\n"
        "said = request.POST.get('text').format(settings)\n"
        "said = form.cleaned_data['line'].format(person=person)\n"
        'said = _("Hello %(name)s" % {"name": person.name})\n'
        'said = gettext(f"Hello {person.name}")\n'
    ),
    "no-command-of-words": (
        "import os, subprocess\n\nos.system(words)\n"
        "subprocess.run(words, check=True, shell=True)\n"
        'subprocess.run(f"convert {name}")\n'
        'subprocess.Popen("convert " + name)\n'
        "subprocess.check_output(command.split())\n"
    ),
    "no-unsafe-xml-or-pickle": "import pickle\n\npickle.loads(given)\n",
    "no-key-from-outside-on-an-object": (
        "fields[pressed.name] = pressed.value;\n"
        "kept[parts[0]][parts[1]] = words;\n"
        "Object.assign(settings, JSON.parse(text));\n"
        "for (const name in sent) { copy(name); }\n"
        "given.__proto__.isAdmin = true;\n"
        'given["__proto__"].isAdmin = true;\n'
        "Object.setPrototypeOf(given, sent);\n"
    ),
}
SCRIPTS = {"no-key-from-outside-on-an-object"}
# How often a rule finds something in its case, where that is more than once: each way of writing it is found.
TIMES = {
    "no-words-as-a-pattern": 4,
    "no-words-as-a-format": 6,
    "no-command-of-words": 5,
    "no-key-from-outside-on-an-object": 7,
}
GOOD = """
import re, subprocess
_WORD = re.compile(r"[a-z]+")
found = re.search("(" + re.escape(words) + ")", text)
found = re.fullmatch(_WORD, text)
said = _("Hello %(name)s") % {"name": person.name}
said = "{} of {}".format(person.name, circle.name)
subprocess.run(["convert", name], check=True)
logger.info("%s", person.id)
response.set_cookie("device", secret, httponly=True, secure=True, samesite="Lax")
Note.objects.raw("SELECT id FROM note WHERE id = %s", [name])
"""
GOOD_SCRIPT = """
const fields = Object.fromEntries([...new FormData(form)]);
const again = { ...fields, client_id: id };
seen.set(name, words);
row[0] = 1;
row["state"] = "sent";
part.dataset.state = "sent";
for (const name of names) { say(fields[name]); }
"""


@pytest.mark.requirement("SEC-13")
def test_each_rule_finds_what_it_is_there_for_and_nothing_else(tmp_path):
    assert {rule["id"] for rule in yaml.safe_load(RULES.read_text())["rules"]} == set(BAD)
    for rule, code in BAD.items():
        (tmp_path / f"{rule}.{'js' if rule in SCRIPTS else 'py'}").write_text(code)
    (tmp_path / "good.py").write_text(GOOD)
    (tmp_path / "good_script.js").write_text(GOOD_SCRIPT)
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
    lines = {(Path(one["path"]).stem, one["start"]["line"]) for one in answer["results"]}
    counted = Counter(rule for rule, _line in lines)
    assert {rule: counted[rule] for rule in TIMES} == TIMES
