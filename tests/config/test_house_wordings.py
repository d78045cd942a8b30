"""Languages and methods as an administrator sees them: counted from what is there, and of no circle by name."""

import pytest

from sirkel.circles.models import Circle
from sirkel.circles.rules.methods import methods
from sirkel.config.house.languages import languages
from sirkel.config.translations import LANGUAGES, PACKAGE
from tests.factories.meetings import make_meeting, sign_in
from tests.people.unit.test_roles import House

LANGUAGES_PAGE, METHODS_PAGE = "/administration/server/languages/", "/administration/server/methods/"


@pytest.mark.pure
def test_every_language_is_counted_from_its_own_catalogue():
    found = {one.code: one for one in languages()}
    assert set(found) == {*LANGUAGES, "en"}
    assert all(one.is_complete for one in found.values()), "a release has all texts in all languages"
    written = (PACKAGE / "locale/fi/LC_MESSAGES/django.po").read_text().count("\nmsgid ")
    assert found["fi"].texts in {written, written - 1}
    assert found["fi"].of_method_texts > 10 * len(methods())


@pytest.mark.django_db
def test_methods_are_counted_where_one_administers_and_nowhere_else(client):
    house = House()
    meeting = make_meeting(step="write", people=1).meeting
    sign_in(client, house.administrator)
    page = client.get(METHODS_PAGE).content.decode()
    for sheet in methods().values():
        assert sheet.title["en"] in page
    assert "1 meeting where" not in page, "another organisation's"
    Circle.objects.filter(id=meeting.circle_id).update(
        workplace=house.workplace, organisation=house.organisation
    )
    page = client.get(METHODS_PAGE).content.decode()
    assert page.count("1 meeting where") == 1
    assert meeting.circle.name not in page


@pytest.mark.django_db
def test_both_pages_speak_the_readers_language(client):
    sign_in(client, House().administrator)
    finnish = {"headers": {"accept-language": "fi"}}
    assert methods()["meeting-90-middle"].title["fi"] in client.get(METHODS_PAGE, **finnish).content.decode()
    assert "Kielet" in client.get(LANGUAGES_PAGE, **finnish).content.decode()
