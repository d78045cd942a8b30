"""The API's own description, held against what it does: requests that fit it and requests that do not, by schemathesis."""

import pytest
import schemathesis
from django.core.cache import cache
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import positive_data_acceptance

from sirkel.api.urls import api
from sirkel.circles.enums import Audience
from sirkel.people.enums import Role
from tests.api.programs import new_key
from tests.factories.handovers import make_line
from tests.factories.thread import RoomOfOwn, make_reader, make_recommendation

pytestmark = [pytest.mark.django_db(databases=["default", "research", "vault"]), pytest.mark.pure]

PATHS = api.get_openapi_schema()["paths"]
OPERATIONS = [(path, method) for path, item in PATHS.items() for method in item]
ASKS = [(path, method, GenerationMode.POSITIVE) for path, method in OPERATIONS] + [
    (path, method, GenerationMode.NEGATIVE)
    for path, method in OPERATIONS
    if PATHS[path][method]["parameters"]  # else nothing can be sent that does not fit
]
HEADERS = {"Accept-Language": "en", "Accept-Encoding": "identity"}


@pytest.fixture
def asked():
    """A small world to ask about: a leader's key that may answer, and what it can reach, by the names of the addresses."""
    room = RoomOfOwn()
    theme = room.theme("Kvelden")
    card = room.card("Å sitte ned først er også arbeid", theme=theme)
    inside = room.card("Vi setter oss ned klokka fem", Audience.ORGANISATION, theme=theme)
    made = make_recommendation(make_reader(Role.POLICY), [card])
    leader = make_reader(Role.LEADER, organisation=room.organisation, workplace=room.workplace)
    line = make_line(room.circle, room.facilitator, state="sent", leader=leader)
    _key, secret = new_key(leader, may_answer=True)
    there = {"circle_id": room.circle.id, "card_id": inside.id, "number": made.number, "line_id": line.id}
    return f"Bearer {secret}", {name: str(value) for name, value in there.items()} | {"part": "leader"}


@pytest.fixture
def app():
    """The real application; its requests leave the test's own connections open, as Django's test client does."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield get_wsgi_application()
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def test_every_operation_is_described():
    assert len(OPERATIONS) >= 13
    assert ("/api/v1/lines/{line_id}/answer", "post") in OPERATIONS


@pytest.mark.slow
@pytest.mark.parametrize(("path", "method", "kind"), ASKS)
def test_what_it_does_is_what_it_says(asked, app, path, method, kind):
    """No request is answered by a fault, by a status or by a shape that the description does not name.

    Which values of an answer belong together is a rule that no description can say, so not each of its requests is taken.
    """
    key, there = asked
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app)
    statuses = set()

    @settings(
        max_examples=20,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=schema[path][method].as_strategy(generation_mode=kind), is_here=...)
    def ask(case, is_here: bool):
        cache.clear()
        if is_here and kind == GenerationMode.POSITIVE:
            case.path_parameters = {name: there[name] for name in case.path_parameters}
        unsaid = [positive_data_acceptance] if method == "post" else []
        answer = case.call_and_validate(headers={"Authorization": key, **HEADERS}, excluded_checks=unsaid)
        statuses.add(answer.status_code)

    ask()
    assert statuses
    if kind == GenerationMode.POSITIVE and "circle" not in path:
        assert statuses & {200, 422, 409}, statuses
