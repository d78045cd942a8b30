"""The service behind the shipped nginx, started once for all tests that only ask it things."""

import pytest

from tests.deploy.through import served


@pytest.fixture(scope="session")
def service(tmp_path_factory):
    with served(tmp_path_factory.mktemp("nginx")) as running:
        yield running
