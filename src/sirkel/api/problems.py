"""Everything that cannot be answered, in the one shape that the pages' scripts get, too."""

from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Any

from django.forms import Form
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from ninja import NinjaAPI, Schema
from ninja.errors import AuthenticationError, HttpError, ValidationError
from pydantic import Field

from sirkel.kernel.errors import NotAllowed, NotFound, Refused, TooMany


class FieldProblem(Schema):
    """What is wrong with one value that was sent. ``field`` is empty when it is about none or about all."""

    field: str
    message: str


class Problem(Schema):
    """Why there is no answer: ``code`` for programs, ``message`` and ``hint`` for people, in the asked language."""

    code: str = Field(examples=["keys.unknown"])
    message: str
    hint: str = ""
    fields: list[FieldProblem] = []


# What any operation may answer instead.
REFUSED = {frozenset({400, 401, 403, 404, 409, 410, 422, 429}): Problem}


def misfit(fields: Iterable[FieldProblem]) -> Refused:
    """Return the refusal of what does not fit; ``fields`` say where."""
    return Refused(
        "api.invalid",
        _("This cannot be taken in as it is."),
        _("See what is wrong with each value."),
        status=HTTPStatus.UNPROCESSABLE_ENTITY,
        facts={"fields": list(fields)},
    )


def invalid(form: Form) -> Refused:
    """Return what a form says about what was sent: the same form as on the page, with the same words."""
    return misfit(
        FieldProblem(field="" if name == "__all__" else name, message=str(message))
        for name, messages in form.errors.items()
        for message in messages
    )


def problem(refused: Refused) -> HttpResponse:
    """Return the answer for a refusal: of its facts only which values do not fit."""
    body = Problem(
        code=refused.code,
        message=str(refused.message),
        hint=str(refused.hint),
        fields=refused.facts.get("fields", []),
    )
    answer = JsonResponse(body.model_dump(), status=refused.status)
    if refused.status == HTTPStatus.UNAUTHORIZED:
        answer["WWW-Authenticate"] = 'Bearer realm="Sirkel"'
    return answer


@csrf_exempt  # nosemgrep: no-way-round-the-form-guard -- nothing is done there, whoever asks
def no_such_address(_request: HttpRequest) -> HttpResponse:
    """Answer an address of the API that does not exist."""
    return problem(
        NotFound("api.none", _("There is no such address."), _("They are listed at /api/v1/openapi.json."))
    )


def no_such_key() -> NotAllowed:
    """Return the one answer to a key that is missing, unknown, over or of a closed account."""
    return NotAllowed(
        "keys.unknown",
        _("This key opens nothing."),
        _("Make a new one under “How I sign in”, and send it as “Authorization: Bearer …”."),
        status=401,
    )


def too_many() -> TooMany:
    """Return the answer to a program that asks too often."""
    return TooMany("api.too_many", _("That was too much at a time."), _("Wait a minute, then go on slower."))


def teach(api: NinjaAPI) -> None:
    """Let an API say everything that goes wrong in this shape."""
    for kind, answer in _ANSWERS.items():
        api.add_exception_handler(kind, answer)


def _refused(_request: HttpRequest, error: Any) -> HttpResponse:
    return problem(error)


def _unknown(_request: HttpRequest, _error: Any) -> HttpResponse:
    return problem(no_such_key())


def _unreadable(_request: HttpRequest, error: Any) -> HttpResponse:
    return problem(Refused("api.unreadable", _("This could not be read."), status=error.status_code))


def _unfit(_request: HttpRequest, error: Any) -> HttpResponse:
    return problem(misfit(_field(one) for one in error.errors))


_ANSWERS: dict[type[Exception], Callable[[HttpRequest, Any], HttpResponse]] = {
    Refused: _refused,
    AuthenticationError: _unknown,
    HttpError: _unreadable,
    ValidationError: _unfit,
}


def _field(error: dict[str, Any]) -> FieldProblem:
    """Return where a value does not fit; never the value itself."""
    place = [str(part) for part in error["loc"]]
    return FieldProblem(field=place[-1] if len(place) > 1 else "", message=str(error["msg"]))
