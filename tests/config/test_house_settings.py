"""Every setting is explained with its value, no secret is told, and what is weak is named."""

import pytest

from sirkel.config.known import SETTINGS, Kind
from sirkel.people.enums import Role
from tests.factories.meetings import sign_in
from tests.factories.thread import make_reader
from tests.people.unit.test_roles import House

pytestmark = pytest.mark.django_db
PAGE = "/administration/server/settings/"


@pytest.fixture
def keeper(client):
    sign_in(client, House().administrator)
    return client


def part(page, variable):
    """What stands of one setting."""
    return page.partition(f'<li id="{variable}">')[2].partition("</li>")[0]


def test_every_setting_is_there_once_and_no_secret_value(keeper, monkeypatch):
    """SEC-21: a page that whoever looks over a shoulder may read."""
    for one in SETTINGS:
        monkeypatch.setenv(one.variable, f"value-of-{one.name.lower()}")
    page = keeper.get(PAGE).content.decode()
    for one in SETTINGS:
        assert page.count(f'<li id="{one.variable}">') == 1
        assert str(one.what) in part(page, one.variable).replace("&#x27;", "'")
        if one.kind == Kind.SECRET:
            assert f"value-of-{one.name.lower()}" not in page
            assert "<b>Now:</b> set" in part(page, one.variable)
    assert "value-of-smtp_host" in part(page, "SIRKEL_SMTP_HOST")


@pytest.mark.pure
def test_whatever_holds_a_key_or_a_password_is_a_secret():
    telling = ("KEY", "PASSWORD", "DATABASE_URL", "USER")
    open_ones = {one.name for one in SETTINGS if one.kind != Kind.SECRET}
    assert not [name for name in open_ones if any(part in name for part in telling)]


def test_what_is_as_delivered_and_what_is_changed_can_be_told_apart(keeper, monkeypatch):
    monkeypatch.delenv("SIRKEL_PAGE_THREADS", raising=False)
    page = keeper.get(PAGE).content.decode()
    assert "As delivered" in part(page, "SIRKEL_PAGE_THREADS")
    assert "<b>Now:</b> 8" in part(page, "SIRKEL_PAGE_THREADS")
    assert "<b>Now:</b> not set" in part(page, "SIRKEL_PRIVATE_LOG_KEY")
    monkeypatch.setenv("SIRKEL_PAGE_THREADS", "12")
    changed = part(keeper.get(PAGE).content.decode(), "SIRKEL_PAGE_THREADS")
    assert "Changed" in changed
    assert "<b>Now:</b> 12" in changed


def test_what_a_public_service_would_not_start_with_is_named_first(keeper, settings):
    settings.SITE_URL, settings.SITE_IS_SECURE = "http://127.0.0.1:8000", False
    settings.PRIVATE_LOG_KEYS, settings.ALLOWED_HOSTS = ["kort"], ["localhost"]
    page = keeper.get(PAGE, headers={"host": "localhost"}).content.decode()
    assert "Good enough for this machine alone" in page
    assert '<a href="#SIRKEL_SITE_URL">' in page
    assert '<a href="#SIRKEL_PRIVATE_LOG_KEY">' in page
    assert "Too weak" in part(page, "SIRKEL_PRIVATE_LOG_KEY")
    assert "kort" not in page
    settings.ALLOWED_HOSTS = ["*"]
    assert "Too weak for others to come in" in keeper.get(PAGE).content.decode()


def test_the_settings_are_for_whoever_keeps_the_installation(keeper):
    assert keeper.get(PAGE).status_code == 200
    House()
    assert keeper.get(PAGE).status_code == 404
    sign_in(keeper, make_reader(Role.ADMINISTRATOR))
    assert keeper.get(PAGE).status_code == 200
