"""What a phone sends during a meeting. The words themselves are judged by the domain, not here."""

import uuid
from typing import Any

from django import forms
from django.conf import settings
from django.http import QueryDict
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from sirkel.circles.domain.notes import Draft
from sirkel.circles.rules.tokens import plain_receipt
from sirkel.kernel.errors import Refused
from sirkel.people.rules.pins import is_guessed_first, plain_pin

RECEIPT_SIGNS = 16
_LANGUAGES = {code for code, _name in settings.LANGUAGES}


def _refused() -> Refused:
    return Refused("form.invalid", _("This did not arrive as it should."), _("Load the page and send again."))


class NoteForm(forms.Form):
    """A note on its way: the id and receipt the phone made, the words, and what goes with them."""

    client_id = forms.UUIDField()
    receipt = forms.CharField(max_length=40)
    text = forms.CharField(required=False, strip=False)
    lang = forms.CharField(required=False, max_length=10)
    sign = forms.BooleanField(required=False)
    signed_name = forms.CharField(required=False, max_length=200)
    is_parked = forms.BooleanField(required=False)
    is_sure = forms.BooleanField(required=False)

    def clean_receipt(self) -> str:
        """Accept a receipt of 80 bits as sixteen signs, however it is spaced."""
        receipt = plain_receipt(self.cleaned_data["receipt"])
        if len(receipt) != RECEIPT_SIGNS:
            raise forms.ValidationError("receipt")
        return receipt


def language_in(data: QueryDict) -> str:
    """Return the language a text was written in: what the page says, else the page's own."""
    lang = data.get("lang", "")
    return lang if lang in _LANGUAGES else (get_language() or settings.LANGUAGE_CODE)


def pin_in(data: QueryDict) -> str:
    """Return the PIN that somebody chose for the place on a shared phone; empty when none was asked for.

    Raises:
        Refused: ``seats.pin_form`` for anything but four digits, ``seats.pin_easy`` for what everybody tries first.

    """
    if "pin" not in data:
        return ""
    pin = plain_pin(data.get("pin", ""))
    if not pin:
        raise Refused("seats.pin_form", _("A PIN is four digits."), _("Choose four that you remember."))
    if is_guessed_first(pin):
        raise Refused("seats.pin_easy", _("Everybody tries this PIN first."), _("Choose four other digits."))
    return pin


def draft_in(data: QueryDict) -> tuple[Draft, bool]:
    """Return the note that was sent, and whether its writer insists on it.

    Raises:
        Refused: ``form.invalid`` when id or receipt are not what a phone makes.

    """
    form = NoteForm(data)
    if not form.is_valid():
        raise _refused()
    sent = form.cleaned_data
    draft = Draft(
        client_id=sent["client_id"],
        text=sent["text"],
        lang=language_in(data),
        receipt=sent["receipt"],
        signed_name=sent["signed_name"] if sent["sign"] else "",
        is_parked=sent["is_parked"],
    )
    return draft, sent["is_sure"]


def version_in(data: QueryDict, if_match: str) -> int:
    """Return the version of a note that its changer has seen: from the form, or from If-Match.

    Raises:
        Refused: ``form.invalid`` when there is none.

    """
    given = data.get("version") or if_match.strip('"')
    if not given.isascii() or not given.isdigit() or len(given) > 9:  # noqa: PLR2004 -- fits an integer column
        raise _refused()
    return int(given)


def picks_in(data: QueryDict) -> dict[str, Any]:
    """Return what is chosen: every ``dots-<option>`` and ``stance-<option>``, one more or less by the button pressed.

    Raises:
        Refused: ``form.invalid`` for what is neither a number nor an option's id.

    """
    picks: dict[str, Any] = {}
    for name, value in data.items():
        kind, _dash, option = name.partition("-")
        if kind == "dots":
            picks[_id(option)] = _number(str(value))
        elif kind == "stance" and value:
            picks[_id(option)] = value
    for button, change in (("plus", 1), ("minus", -1)):
        if pressed := data.get(button):
            picks[_id(pressed)] = max(0, int(picks.get(_id(pressed), 0)) + change)
    return picks


def objections_in(data: QueryDict) -> set[uuid.UUID]:
    """Return which proposals shall stay in the room: those said before, and the button pressed.

    Raises:
        Refused: ``form.invalid`` for what is not an id.

    """
    items = {_id(item) for item in data.getlist("item")}
    if item := data.get("keep"):
        items.add(_id(item))
    if item := data.get("release"):
        items.discard(_id(item))
    return {uuid.UUID(item) for item in items}


def answer_in(data: QueryDict, name: str) -> int | None:
    """Return one tap of the check-out, or None when it was left out.

    Raises:
        Refused: ``form.invalid`` for what is no number.

    """
    return _number(str(data[name])) if data.get(name) else None


def turn_in(data: QueryDict) -> int:
    """Return the turn that the asking screen shows.

    Raises:
        Refused: ``form.invalid`` when there is none.

    """
    return _number(data.get("turn", ""))


def _id(value: str) -> str:
    try:
        return str(uuid.UUID(value))
    except ValueError as error:
        raise _refused() from error


def _number(value: str) -> int:
    if not value.isascii() or not value.isdigit() or len(value) > 4:  # noqa: PLR2004 -- no count here is larger
        raise _refused()
    return int(value)
