"""Every refusal in the code says something to a person, and in every language where a phone may show it."""

import ast
import re
from dataclasses import dataclass
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

SOURCE = Path(__file__).resolve().parents[2] / "src" / "sirkel"
GETTEXT = {"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy"}
# What a participant can meet on a phone: the door, the acts in a meeting, and what stands around them.
ON_A_PHONE = [
    *[
        f"circles/domain/{name}.py"
        for name in ("notes", "choosing", "pulse", "talking", "joining", "guessing")
    ],
    *[f"circles/domain/{name}.py" for name in ("participation", "wording")],
    *["circles/forms/hand.py", "circles/views/hand.py", "circles/queries/rounds.py"],
    *["web/middleware.py", "web/views.py", "people/domain/seats.py"],
]


@dataclass(frozen=True)
class Found:
    """One place where a refusal is made."""

    file: str
    line: int
    name: str
    code: ast.expr
    message: ast.expr
    hint: ast.expr | None

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


def trees():
    return {
        str(path.relative_to(SOURCE)): ast.parse(path.read_text()) for path in sorted(SOURCE.rglob("*.py"))
    }


def name_of(node):
    return node.id if isinstance(node, ast.Name) else getattr(node, "attr", "")


def kinds(parsed):
    """The names of Refused and of everything that is one."""
    found, known = {"Refused"}, set()
    while found != known:
        known = set(found)
        for tree in parsed.values():
            classes = [node for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
            found |= {each.name for each in classes if {name_of(base) for base in each.bases} & found}
    return found


def refusals():
    parsed = trees()
    names = kinds(parsed)
    for file, tree in parsed.items():
        for node in ast.walk(tree):
            if (
                not (isinstance(node, ast.Call) and name_of(node.func) in names)
                or not node.args + node.keywords
            ):
                continue
            given = dict(zip(("code", "message", "hint"), node.args, strict=False))
            given |= {each.arg: each.value for each in node.keywords}
            yield Found(
                file, node.lineno, name_of(node.func), given["code"], given["message"], given.get("hint")
            )


FOUND = list(refusals())


def words(node):
    """The texts that a message is made of; None when it is handed on from elsewhere."""
    if isinstance(node, ast.Constant):
        return [node.value]
    called = [each for each in ast.walk(node) if isinstance(each, ast.Call) and name_of(each.func) in GETTEXT]
    if called:
        forms = [each.args[:2] if "ngettext" in name_of(each.func) else each.args[:1] for each in called]
        return [text.value for form in forms for text in form if isinstance(text, ast.Constant)]
    return None


def is_translated(node):
    return words(node) is None or not isinstance(node, ast.Constant | ast.JoinedStr)


def test_the_walk_finds_them():
    assert len(FOUND) > 120
    assert {found.name for found in FOUND} >= {
        "Refused",
        "Gone",
        "NotFound",
        "TooMany",
        "Conflict",
        "NotAllowed",
    }
    assert {found.file for found in FOUND} >= set(ON_A_PHONE) - {"circles/views/hand.py"}


@pytest.mark.parametrize("found", FOUND, ids=str)
def test_it_has_a_code_and_words_of_ours(found):
    if isinstance(found.code, ast.Constant):
        assert re.fullmatch(r"[a-z_]+\.[a-z_]+", found.code.value)
    assert is_translated(found.message)
    texts = words(found.message)
    assert texts is None or texts
    for text in texts or []:
        assert len(text.split()) >= 2
        assert text[0].isupper() or text.startswith("%("), (
            "a capital, or somebody's name, which brings its own"
        )
    if found.hint is not None:
        hints = words(found.hint)
        assert is_translated(found.hint)
        assert hints is None or all(len(text.split()) >= 2 for text in hints)


@pytest.mark.parametrize("found", [each for each in FOUND if each.file in ON_A_PHONE], ids=str)
def test_on_a_phone_it_says_what_to_do_now(found):
    is_a_question = words(found.message) in (
        ["Choose one of the three answers."],
        ["The check-out comes later."],
        ["Dots are whole numbers."],
        ["It is somebody else's turn."],
        ["There is no such note."],
        ["There is no such theme."],
        ["This card was typed in with other words."],
        ["The note was shown before this change arrived."],
        ["This note cannot be changed any more."],
    )
    assert found.hint is not None or is_a_question


@pytest.mark.parametrize("language", ["nb", "nn", "da", "sv", "fi"])
def test_on_a_phone_it_is_said_in_every_language(language):
    with (SOURCE / "locale" / language / "LC_MESSAGES" / "django.po").open("rb") as file:
        catalogue = read_po(file)
    asked = {
        text
        for found in FOUND
        if found.file in ON_A_PHONE
        for node in (found.message, found.hint)
        for text in (words(node) or [] if node is not None else [])
    }
    plural = {entry.id[1]: entry for entry in catalogue if isinstance(entry.id, tuple)}
    missing = [
        text for text in asked if text not in plural and not (text in catalogue and catalogue[text].string)
    ]
    assert len(asked) > 40
    assert missing == []
