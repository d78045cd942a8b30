"""Words on their way into a circle: tidied, bounded, and stopped when they hold a personal number."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from sirkel.circles.rules.texts import tidy
from sirkel.kernel import national_id
from sirkel.kernel.errors import Refused


def words_for_circle(text: str, *, most: int, is_sure: bool = False, may_be_empty: bool = False) -> str:
    """Return the words as they are kept.

    Args:
        text: what somebody typed.
        most: how many characters may be kept.
        is_sure: the writer was asked about a possible personal number and says it is none.
        may_be_empty: an empty text is an answer.

    Raises:
        Refused: ``notes.empty``; ``notes.too_long`` (facts: most, length); ``notes.national_id`` for a
            certain number; ``notes.maybe_id`` for a possible one unless ``is_sure``. The words are
            neither kept nor logged.

    """
    kept = tidy(text)
    if not kept and not may_be_empty:
        raise Refused("notes.empty", _("There is nothing to send yet."), _("Write a few words first."))
    if len(kept) > most:
        raise Refused(
            "notes.too_long",
            ngettext_lazy("The text is %d character too long.", "The text is %d characters too long.")
            % (len(kept) - most),
            _("Shorten it a little. Your words are still here."),
            facts={"most": most, "length": len(kept)},
        )
    severities = {found.severity for found in national_id.find(kept)}
    if national_id.Severity.HIGH in severities:
        raise Refused(
            "notes.national_id",
            _("This looks like a personal identity number."),
            _("Take it out and send again. Nothing was stored."),
        )
    if national_id.Severity.MEDIUM in severities and not is_sure:
        raise Refused(
            "notes.maybe_id",
            _("Is this a personal identity number?"),
            _("If it is, take it out. If not, send it as it is."),
            facts={"may_insist": True},
        )
    return kept
