"""A sign-in service for the tests of this folder: started once, and without faults at the beginning of each."""

import pytest
from django.core.cache import cache

from sirkel.people.enums import Role
from tests.factories.thread import make_reader
from tests.oidc.running import bad_service, configure
from tests.oidc.town import TOWN, spoil


@pytest.fixture(scope="session")
def service():
    with bad_service() as address:
        yield address


@pytest.fixture
def town(service, settings, tmp_path):
    """Let the settings name the service, whose levels "substantial" and "high" are taken."""
    cache.clear()
    settings.SECOND_FACTOR = "required"
    (tmp_path / "secret").write_text("a secret that both sides know")
    configure(settings, tmp_path, TOWN.format(service=service))
    spoil(service)
    return service


@pytest.fixture
def researcher():
    return make_reader(Role.RESEARCHER)
