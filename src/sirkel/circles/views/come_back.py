"""The three come-back words, on the phone until their owner has seen them."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language

from sirkel.circles.models import Meeting
from sirkel.circles.rules import methods

WORDS_COOKIE = "words"
_SECONDS = 15 * 60
_PARTS = 3


def _path(meeting: Meeting) -> str:
    return f"/m/{meeting.id}/"


def show_words(response: HttpResponse, *, meeting: Meeting, word_ids: tuple[str, str, str]) -> None:
    """Send the words to the phone that just joined; only this meeting's pages get to read them."""
    response.set_cookie(
        WORDS_COOKIE,
        ".".join(word_ids),
        max_age=_SECONDS,
        httponly=True,
        secure=settings.SITE_IS_SECURE,
        samesite="Lax",
        path=_path(meeting),
    )


def words_to_show(request: HttpRequest) -> tuple[str, str, str] | None:
    """Return the words in the reader's language while they have not been put away; else None."""
    ids = request.COOKIES.get(WORDS_COOKIE, "").split(".")
    if len(ids) != _PARTS:
        return None
    try:
        return methods.words_in((ids[0], ids[1], ids[2]), get_language() or "en")
    except KeyError:
        return None


def put_away(response: HttpResponse, *, meeting: Meeting) -> None:
    """Take the words off the phone."""
    response.delete_cookie(WORDS_COOKIE, path=_path(meeting), samesite="Lax")
