"""The words and the length of a step as a facilitator may write them."""

from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from sirkel.circles.domain.wording import words_for_circle
from sirkel.kernel.errors import Refused

SHORTEST, LONGEST = 1, 120
TITLE_LENGTH, PROMPT_LENGTH, HINT_LENGTH, SAY_LENGTH = 60, 200, 160, 400
_LANGUAGES = {code for code, _name in settings.LANGUAGES}


@dataclass(frozen=True)
class StepWords:
    """The words of a step in one language. ``hint`` and ``say`` may be empty."""

    title: str
    prompt: str
    hint: str = ""
    say: str = ""


def check_minutes(minutes: int) -> None:
    """Refuse a length of a step that is not from 1 to 120 minutes (``sheet.minutes``)."""
    if not SHORTEST <= minutes <= LONGEST:
        raise Refused("sheet.minutes", _("A step takes from 1 to 120 minutes."), facts={"field": "minutes"})


def check_language(language: str) -> None:
    """Refuse a language that Sirkel does not have (``sheet.language``)."""
    if language not in _LANGUAGES:
        raise Refused("sheet.language", _("There is no such language here."))


def kept_words(words: StepWords) -> dict[str, str]:
    """Return the words as they are kept, by field; refuse as for notes, with the field in the facts (``sheet.<field>``)."""
    most = {"title": TITLE_LENGTH, "prompt": PROMPT_LENGTH, "hint": HINT_LENGTH, "say": SAY_LENGTH}
    kept = {}
    for name, length in most.items():
        try:
            kept[name] = words_for_circle(
                getattr(words, name), most=length, is_sure=True, may_be_empty=name in {"hint", "say"}
            )
        except Refused as refused:
            raise Refused(f"sheet.{name}", refused.message, refused.hint, facts={"field": name}) from refused
    return kept
