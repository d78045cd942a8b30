"""What every test of the API begins with."""

import pytest
from django.core.cache import cache


@pytest.fixture(autouse=True)
def _nobody_has_asked_yet():
    cache.clear()
    yield
    cache.clear()
