"""Notice, record and annex are written from the register and follow it (PD-01)."""

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import Client
from django.utils.translation import override

from sirkel.config.register import documents
from sirkel.config.register.documents import as_file, chapters
from sirkel.config.register.gather import register
from sirkel.config.register.risks import RISKS
from sirkel.config.register.words import CONTROLLERS, PURPOSES, RECIPIENTS, TIES
from sirkel.kernel.register import Controller, Purpose, Recipient, Retention, Tie
from sirkel.people.enums import Role
from tests.factories.thread import make_reader

ROOT = Path(__file__).resolve().parents[2]
HALF_A_YEAR = timedelta(days=183)
LANGUAGES = [code for code, _name in settings.LANGUAGES]


def changed(code, **new):
    """The register with one class changed, as a test's own."""
    return tuple(replace(one, **new) if one.code == code else one for one in register())


@pytest.mark.parametrize("name", sorted(documents.DOCUMENTS))
def test_another_retention_is_another_text(name):
    other = Retention("Deleted after %(time)s.", length=f"{__name__}.HALF_A_YEAR")
    before, after = as_file(name), as_file(name, changed("notes", retention=other))
    assert "Deleted after 183 days." not in before
    assert "Deleted after 183 days." in after


def test_the_year_of_the_code_that_deletes_is_the_year_of_the_notice(settings):
    settings.CIRCLE_RETENTION_DAYS = 90
    assert "90 days after the circle ended." in as_file("notice")
    settings.CIRCLE_RETENTION_DAYS = 365
    assert "365 days after the circle ended." in as_file("notice")


@pytest.mark.requirement("PD-01")
@pytest.mark.parametrize("name", ["record", "annex"])
def test_record_and_annex_tell_of_every_class(name):
    page = as_file(name)
    assert [one.code for one in register() if str(one.name).replace("'", "&#x27;") not in page] == []


def test_a_class_that_goes_is_gone_from_the_record_and_a_recipient_that_comes_is_there():
    without = tuple(one for one in register() if one.code != "private_log")
    assert "PrivateLogEntry" in as_file("record")
    assert "PrivateLogEntry" not in as_file("record", without)
    assert "those who write recommendations" not in as_file(
        "record", changed("decisions", recipients=(Recipient.SELF,))
    )


def test_the_notice_tells_what_can_name_somebody_and_leaves_the_machinery_out():
    told = {
        one.data_class.code for chapter in chapters(register(), only_people=True) for one in chapter.entries
    }
    assert told == {one.code for one in register() if one.tie is not Tie.NOBODY}
    assert "machinery" not in told


def test_every_mark_of_the_register_has_words():
    assert (set(PURPOSES), set(CONTROLLERS), set(RECIPIENTS), set(TIES)) == (
        set(Purpose),
        set(Controller),
        set(Recipient),
        set(Tie),
    )


def test_the_tests_that_the_annex_names_exist():
    assert [risk.tests for risk in RISKS if not (ROOT / risk.tests).is_file()] == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", sorted(documents.DOCUMENTS))
def test_documents_are_whole_in_every_language(name, language):
    with override(language):
        page = as_file(name)
    assert f'<html lang="{language}">' in page
    assert "%(" not in page
    if language != "en":
        assert "Until you delete your account" not in page
    assert len(re.findall("<h1", page)) == 1
    ids = re.findall(r' id="([^"]+)"', page)
    assert len(ids) == len(set(ids))


def test_the_command_writes_a_file_and_says_what_is_not_filled_in(tmp_path, capsys, settings):
    settings.CONTROLLER = settings.PRIVACY_CONTACT = ""
    call_command("personal_data", "record", "--language", "fi", "--to", str(tmp_path / "r.html"))
    assert "SIRKEL_CONTROLLER" in capsys.readouterr().err
    settings.CONTROLLER, settings.PRIVACY_CONTACT = "Fjellvik kommune", "personvern@example.org"
    call_command("personal_data", "record", "--language", "fi", "--to", str(tmp_path / "r.html"))
    assert capsys.readouterr().err == ""
    page = (tmp_path / "r.html").read_text()
    assert "Fjellvik kommune" in page
    assert "Rekisterinpitäjä" in page


@pytest.mark.django_db
class TestPages:
    @pytest.mark.parametrize("language", LANGUAGES)
    def test_anybody_reads_the_notice_in_their_language(self, language):
        answer = Client(headers={"accept-language": language}).get("/privacy/")
        assert answer.status_code == 200
        with override(language):
            assert str(register()[0].name) in answer.content.decode()

    def test_the_foot_of_a_page_leads_there(self):
        assert 'href="/privacy/"' in Client().get("/recommendations/").content.decode()

    def test_the_record_is_for_those_who_answer_for_it(self):
        for role, status in ((Role.LEADER, 200), (Role.UNION, 200), (Role.POLICY, 404)):
            client = Client()
            client.force_login(make_reader(role))
            assert [client.get(f"/privacy/{name}/").status_code for name in ("record", "annex")] == [
                status
            ] * 2
        assert client.get("/privacy/notice/").status_code == 404
