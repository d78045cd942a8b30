"""A paper in its three formats: the page to print, the PDF and the Word file, in the language asked for."""

import functools
import uuid
from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils import translation
from django.views.decorators.http import require_safe

from sirkel.circles.models import Circle
from sirkel.circles.rules.texts import NEIGHBOURS
from sirkel.exchange.paper import Paper
from sirkel.exchange.paper_data import paper_data
from sirkel.exchange.paper_docx import paper_docx
from sirkel.exchange.paper_pdf import paper_pdf
from sirkel.kernel import clock

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PDF = "application/pdf"
LANGUAGES = tuple(tag for tag, _name in settings.LANGUAGES)


@dataclass(frozen=True, kw_only=True)
class Ready:
    """A paper that somebody may see, with the way back from it. ``file`` is its name without an ending."""

    paper: Paper
    circle: Circle
    file: str
    back: str


def paper_language(request: HttpRequest, circle: Circle) -> str:
    """Return the language of a paper: the one asked for, else the circle's first that Sirkel speaks, else its neighbour."""
    asked = request.GET.get("lang", "")
    if asked in LANGUAGES:
        return asked
    wanted = [*circle.languages, *NEIGHBOURS.get(circle.language, ())]
    return next((tag for tag in wanted if tag in LANGUAGES), "en")


def send_file(content: bytes, kind: str, name: str) -> HttpResponse:
    """Send a file under its name: a PDF to look at, anything else to keep."""
    how = "inline" if kind == PDF else "attachment"
    return HttpResponse(
        content, content_type=kind, headers={"Content-Disposition": f'{how}; filename="{name}"'}
    )


Make = Callable[..., Ready]


def paper_paths(where: str, make: Make, *, name: str) -> list[URLPattern]:
    """Return the addresses of a paper: ``where/`` the page, ``where.pdf`` and ``where.docx`` the files.

    ``make`` takes the request and the parts of the address; it looks who asks and refuses by itself. The names are
    ``name``, ``name-pdf`` and ``name-word``.
    """
    return [
        path(f"{where}/", _view(make, name, _page), name=name),
        path(f"{where}.pdf", _view(make, name, _pdf), name=f"{name}-pdf"),
        path(f"{where}.docx", _view(make, name, _word), name=f"{name}-word"),
    ]


def _view(
    make: Make, name: str, show: Callable[[HttpRequest, Ready, dict[str, str]], HttpResponse]
) -> Callable[..., HttpResponse]:
    @require_safe
    @login_required
    @functools.wraps(make)
    def answer(request: HttpRequest, **ids: uuid.UUID) -> HttpResponse:
        ready = make(request, **ids)
        names = {"page": name, "pdf": f"{name}-pdf", "word": f"{name}-word"}
        ways = {form: reverse(f"circles:{one}", kwargs=ids) for form, one in names.items()}
        return show(request, ready, ways)

    return answer


def _page(request: HttpRequest, ready: Ready, ways: dict[str, str]) -> HttpResponse:
    language = ready.paper.language
    with translation.override(language):
        context = {
            "circle": ready.circle,
            "paper": paper_data(ready.paper),
            "back": ready.back,
            "ways": ways,
            "language": language,
            "languages": LANGUAGES,
        }
        return render(request, "circles/paper.html", context)


def _pdf(_request: HttpRequest, ready: Ready, _ways: dict[str, str]) -> HttpResponse:
    return send_file(paper_pdf(ready.paper, at=clock.now()), PDF, f"{ready.file}.pdf")


def _word(_request: HttpRequest, ready: Ready, _ways: dict[str, str]) -> HttpResponse:
    return send_file(paper_docx(ready.paper, at=clock.now()), WORD, f"{ready.file}.docx")
