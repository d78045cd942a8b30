"""What an instrument says of itself: words, answers, rights. Checked when it is read, so that exports can rely on it."""

from collections.abc import Iterable, Mapping
from typing import Any

# Parts of which each is one sentence or name, or one in each language.
WORDED = ("title", "source", "rights_holder", "licence", "permission", "note")
FLAGS = ("ship", "validated")
NOT_VALIDATED = "This instrument is not yet validated: nobody has shown what its questions measure."


def faults(about: Mapping[str, Any], items: Iterable[str]) -> Iterable[str]:
    """Give what is wrong with an instrument's words about itself, each as one line that begins with where."""
    for part in WORDED:
        if part in about and not _is_worded(about[part]):
            yield f"{part}: is neither a text nor a text per language"
    for part in FLAGS:
        if part in about and not isinstance(about[part], bool):
            yield f"{part}: {about[part]!r} is neither yes nor no"
    sets = about.get("response_sets", {})
    if not isinstance(sets, Mapping):
        yield "response_sets: is no mapping"
        return
    for name, answers in sets.items():
        if not isinstance(answers, Mapping) or not answers:
            yield f"response_sets.{name}: is no mapping from number to label"
            continue
        for value, label in answers.items():
            if not isinstance(value, int | float) or isinstance(value, bool):
                yield f"response_sets.{name}: {value!r} is not a number"
            elif not _is_worded(label):
                yield f"response_sets.{name}.{value}: has no label"
    yield from _faults_of_items(about.get("items", {}), set(items), sets)


def _faults_of_items(told: Any, known: set[str], sets: Mapping[Any, Any]) -> Iterable[str]:
    if not isinstance(told, Mapping):
        yield "items: is no mapping from item to its text"
        return
    for item, one in told.items():
        if str(item) not in known:
            yield f"items.{item}: is in no scale"
        if isinstance(one, Mapping) and ("text" in one or "responses" in one):
            if "text" in one and not _is_worded(one["text"]):
                yield f"items.{item}.text: is neither a text nor a text per language"
            if "responses" in one and one["responses"] not in sets:
                yield f"items.{item}.responses: there is no response set {one['responses']}"
        elif not _is_worded(one):
            yield f"items.{item}: is neither a text nor a text per language"


def _is_worded(value: Any) -> bool:
    if isinstance(value, Mapping):
        return bool(value) and all(
            isinstance(language, str) and isinstance(text, str) and text for language, text in value.items()
        )
    return isinstance(value, str) and bool(value)


def languages_of(about: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the languages an instrument has words in, as it lists them; its one language; or none."""
    listed = about.get("languages") or ([about["language"]] if about.get("language") else [])
    return tuple(str(one) for one in (listed if isinstance(listed, list) else [listed]))


def texts_of(about: Mapping[str, Any], item: str) -> dict[str, str]:
    """Return an item's text by language ("" where none is named); empty where the instrument ships none."""
    one = about.get("items", {}).get(item)
    return worded(one["text"] if isinstance(one, Mapping) and "text" in one else one)


def answers_of(about: Mapping[str, Any], item: str) -> dict[float, dict[str, str]]:
    """Return the labels of an item's answers, by value and language; empty where there are none."""
    one = about.get("items", {}).get(item)
    name = one.get("responses") if isinstance(one, Mapping) else None
    answers = about.get("response_sets", {}).get(name, {})
    return {float(value): worded(label) for value, label in answers.items()}


def worded(value: Any) -> dict[str, str]:
    """Return a text, or a text per language, by language."""
    if isinstance(value, Mapping):
        return {str(language): str(text) for language, text in value.items() if isinstance(text, str)}
    return {"": value} if isinstance(value, str) and value else {}
