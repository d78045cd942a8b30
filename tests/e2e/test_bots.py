"""The bots of the demo reach a real server over the network with the same code as in their own process."""

import pytest

from sirkel.circles.models import Circle
from sirkel.config.bots.stories import load, tell
from sirkel.config.bots.wires import over_network
from sirkel.config.demo.seed import make_places
from sirkel.kernel import clock
from tests.e2e.site import running_site

pytestmark = [
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True, databases=["default", "research", "vault"]),
]


def test_a_circle_is_begun_over_the_network(settings):
    settings.STATIC_COLLECTED, settings.DEMO = False, True
    today = clock.now()
    make_places(at=today)
    with running_site() as site:
        settings.SITE_URL = site
        (cast,) = tell([load("se1-new")], site=site, wire=over_network(), today=today)
        circle = Circle.objects.get()
        assert cast.home == f"/circles/{circle.id}/"
        assert circle.state == "forming"
        assert circle.meetings.count() == cast.story["count"]
        assert circle.commitments.get().cover == "En timme till i schemat för den som går av natten."
        assert list(circle.participants.values_list("first_name", flat=True)) == ["Ove"]
