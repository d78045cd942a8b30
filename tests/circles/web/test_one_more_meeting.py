"""Planning one more meeting begins with the run sheet that fits its place."""

import pytest

from sirkel.config.bots.reader import forms_in
from tests.factories.meetings import sign_in
from tests.factories.places import make_circle

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("is_first", "sheet"), [(True, "meeting-90-first"), (False, "meeting-90-middle")])
def test_the_sheet_fits_the_place(client, is_first, sheet):
    circle, facilitator = make_circle()
    if is_first:
        circle.meetings.all().delete()
    else:
        assert circle.meetings.exists()
    sign_in(client, facilitator)
    page = client.get(f"/circles/{circle.id}/meetings/new/").content.decode()
    form = next(form for form in forms_in(page, "") if "method" in form.offers)
    assert dict(form.preset)["method"] == sheet
