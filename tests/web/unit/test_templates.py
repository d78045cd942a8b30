"""A lint over every template: nothing inline, nothing unescaped, no attribute let through raw."""

import json
import re
from pathlib import Path

import pytest

import sirkel

SOURCE = Path(sirkel.__file__).parent
TEMPLATES = sorted(SOURCE.rglob("templates/**/*.html"))
COMPONENTS = sorted((SOURCE / "web" / "templates" / "cotton").glob("*.html"))
ICONS = Path(__file__).parents[3] / "tools" / "icons.json"

FORBIDDEN = {
    "an inline style": re.compile(r"<[^>]*\sstyle\s*=", re.IGNORECASE),
    "a style element": re.compile(r"<style\b", re.IGNORECASE),
    "an inline script": re.compile(r"<script\b(?![^>]*\bsrc=)", re.IGNORECASE),
    "an inline handler": re.compile(r"<[^>]*\son[a-z]+\s*=", re.IGNORECASE),
    "an htmx handler": re.compile(r"\bhx-on\b|\bhx-vals\s*=\s*['\"]js:", re.IGNORECASE),
    "a script address": re.compile(r"(href|src|action)\s*=\s*['\"]\s*javascript:", re.IGNORECASE),
    "text let through unescaped": re.compile(r"\|\s*safe\b|\{%\s*autoescape\s+off|safeseq"),
    "a foreign address": re.compile(r"(src|href)\s*=\s*['\"](https?:)?//(?!www\.w3\.org)", re.IGNORECASE),
}
COMMENT = re.compile(r"\{#.*?#\}|\{% comment.*?endcomment %\}", re.DOTALL)
USE = re.compile(r"<c-([a-z-]+)((?:[^>\"']|\"[^\"]*\"|'[^']*')*)>")
RAW_ATTRIBUTE = re.compile(r"\s:([\w-]+)\s*=")
DECLARED = re.compile(r"<c-vars\s([^>]*?)/>", re.DOTALL)


def name_of(path):
    return str(path.relative_to(SOURCE))


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_a_template_holds_nothing_the_content_security_policy_would_stop(path):
    text = COMMENT.sub("", path.read_text(encoding="utf-8"))
    if path.name.endswith(
        "_file.html"
    ):  # taken home and opened from a disk, where no policy stands beside it
        text = re.sub(r"<style>.*?</style>", "", text, flags=re.DOTALL)
    found = {what: match.group(0)[:80] for what, shape in FORBIDDEN.items() if (match := shape.search(text))}
    assert found == {}


def declared_by_component():
    declared = {}
    for component in COMPONENTS:
        match = DECLARED.search(component.read_text(encoding="utf-8"))
        names = re.findall(r":?([\w-]+)\s*=", match.group(1)) if match else []
        declared[component.stem.replace("_", "-")] = set(names)
    return declared


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_no_value_reaches_a_component_s_tag_unescaped(path):
    """A ``:name="value"`` that the component does not declare is written into its tag as it is."""
    declared = declared_by_component()
    raw = [
        (component, attribute)
        for component, attributes in USE.findall(path.read_text(encoding="utf-8"))
        if component not in {"vars", "slot"}
        for attribute in RAW_ATTRIBUTE.findall(attributes)
        if attribute not in declared.get(component, set())
    ]
    assert raw == []


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_every_icon_named_in_a_template_is_in_the_list(path):
    known = set(json.loads(ICONS.read_text(encoding="utf-8"))["icons"])
    text = path.read_text(encoding="utf-8")
    named = set(re.findall(r"<c-icon\s[^>]*?name=\"([\w-]+)\"", text))
    named |= set(re.findall(r"<c-[a-z-]+\s[^>]*?\bicon(?:-end)?=\"([\w-]+)\"", text))
    assert named <= known


def test_the_lint_would_notice():
    assert FORBIDDEN["an inline style"].search('<p class="x" style="color:red">')
    assert FORBIDDEN["an inline script"].search("<script>go()</script>")
    assert not FORBIDDEN["an inline script"].search('<script type="module" src="/static/js/menu.js">')
    assert FORBIDDEN["an inline handler"].search('<button type="button" onclick="go()">')
    assert RAW_ATTRIBUTE.findall(USE.findall('<c-tag :title="note.text" tone="warm">')[0][1]) == ["title"]
