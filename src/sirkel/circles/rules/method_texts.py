"""In which languages a method can be read."""

from collections.abc import Mapping

from sirkel.circles.rules.method_data import LANGUAGES, Method


def texts_of(sheet: Method) -> list[Mapping[str, str]]:
    """Return the texts of a method that are there in any language."""
    own = [sheet.title, sheet.about]
    own += [words for step in sheet.steps for words in (step.title, step.prompt, step.hint, step.say)]
    return [words for words in own if any(words.values())]


def languages_of(sheet: Method) -> tuple[str, ...]:
    """Return the languages in which no text of a method is missing, in their usual order."""
    texts = texts_of(sheet)
    return tuple(code for code in LANGUAGES if all(words.get(code) for words in texts))
