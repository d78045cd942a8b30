"""The benchmark of the reminders fills in what the rules allow, and its questions do not grow with the circles."""

import pytest
from bench._reminders import MEMBERS, fill, measure

pytestmark = pytest.mark.django_db

# Written in one batch.
DRAFT_QUERIES = 3


@pytest.mark.parametrize("circles", [10, 40])
def test_as_many_questions_are_asked_for_forty_circles_as_for_ten(circles):
    fill(circles)
    seen = measure(circles)
    assert seen["rows"] == circles * MEMBERS
    assert seen["draft_queries_per_batch"] == DRAFT_QUERIES
