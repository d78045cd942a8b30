"""A member list: looked through row by row in plain words, kept whole or not at all, and nothing more read than needed."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sirkel.circles.domain import open_invitation
from sirkel.circles.domain.list_import import take_in
from sirkel.circles.models import Participant
from sirkel.circles.rules.member_rows import MOST_BYTES, MOST_ROWS, read_rows, text_of
from sirkel.kernel import clock
from sirkel.kernel.errors import NotFound, Refused
from sirkel.kernel.models import AuditEvent
from sirkel.people.models import Mail, Person
from tests.factories.anchoring import make_leader
from tests.factories.places import make_circle, make_person

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"
GOOD = "Fornavn;Språk;E-post;Rolle\nLiv;;;\nKari;sv;Kari@Example.org;\nMika;suomi;;ansatt"
NUMBER = "10838512343"


@pytest.fixture
def place():
    circle, marit = make_circle(meetings=1)
    Mail.objects.all().delete()
    return circle, marit


def stored():
    return (
        Participant.objects.count(),
        Person.objects.count(),
        Mail.objects.count(),
        AuditEvent.objects.count(),
    )


def run(place, text, *, is_dry=False):
    return take_in(acting=place[1], circle_id=place[0].id, text=text, is_dry=is_dry, at=clock.now())


def faults(report):
    return {row.line: str(row.fault) for row in report.rows if row.fault}


class TestKeeping:
    def test_a_good_list_is_kept_whole(self, place):
        report = run(place, GOOD)
        assert report.is_kept
        kept = {
            one.first_name: (one.lang, one.state, one.person and one.person.email)
            for one in Participant.objects.all()
        }
        assert kept == {
            "Liv": ("nb", "joined", None), "Kari": ("sv", "asked", "kari@example.org"), "Mika": ("fi", "joined", None),
        }  # fmt: skip
        assert Mail.objects.count() == 1

    def test_looking_keeps_nothing_and_says_the_same(self, place):
        before = stored()
        report = run(place, GOOD, is_dry=True)
        assert not report.is_kept
        assert stored() == before
        assert report.rows == run(place, GOOD).rows

    @pytest.mark.parametrize(
        ("row", "says"),
        [
            (";sv;;", "first name is missing"),
            ("Siv;klingon;;", "language is not known"),
            ("Siv;sv;siv(at)example;", "no e-mail address"),
            ("Siv;sv;;boss", "role is not known"),
            ("Siv;sv;;;extra", "more cells than columns"),
            ("=1+1;sv;;", "like a formula"),
            ("+47 999;sv;;", "like a formula"),
            ("@Siv;sv;;", "like a formula"),
            ("Si\x07v;sv;;", "cannot be seen"),
            (f"{NUMBER};sv;;", "personal identity number"),
            (f"Siv;sv;;{NUMBER}", "personal identity number"),
            ("Siv;sv;KARI@example.org;", "same address stands in line 3"),
            ("liv;sv;;", "same name stands in line 2"),
            ("x" * 41 + ";sv;;", "too long"),
        ],
    )
    def test_one_wrong_row_keeps_the_others_out_too(self, place, row, says):
        before = stored()
        report = run(place, f"{GOOD}\n{row}")
        assert not report.is_kept
        assert stored() == before
        assert list(faults(report)) == [5]
        assert says in faults(report)[5]
        assert run(place, f"{GOOD}\nSiv;sv;;").is_kept

    def test_a_number_is_not_said_again(self, place):
        (row,) = run(place, f"Siv {NUMBER};sv").rows
        assert NUMBER not in str(row)

    def test_who_is_in_already_is_named(self, place):
        run(place, GOOD)
        before = stored()
        report = run(place, f"Anna\nKari;sv;kari@example.org\nMarit;nb;{place[1].email}")
        assert set(faults(report)) == {2, 3}
        assert stored() == before

    def test_a_known_leader_is_named_and_keeps_all_out(self, place):
        leader = make_leader(place[0])
        report = run(place, f"Anna\nBerit;nb;{leader.email}\nCelia;nb;;leder")
        assert set(faults(report)) == {2, 3}
        assert not report.is_kept

    def test_only_a_facilitator(self, place):
        for other in (make_leader(place[0]), make_person()):
            with pytest.raises(NotFound):
                take_in(acting=other, circle_id=place[0].id, text=GOOD, is_dry=True, at=clock.now())


class TestReading:
    @pytest.mark.parametrize(
        ("text", "code"),
        [
            ("", "lists.empty"),
            (" \n;;\n", "lists.empty"),
            ("Fornavn;Språk", "lists.empty"),
            ("Fornavn;Fødselsdato\nLiv;1", "lists.columns"),
            ("Fornavn;Navn\nLiv;Liv", "lists.columns"),
            ("Språk;E-post\nnb;a@example.org", "lists.columns"),
            ("a;b;c;d;e", "lists.columns"),
            ('Liv;"nb', "lists.quotes"),
            ("\n".join(f"Navn {n}" for n in range(10_000)), "lists.rows"),
            ("x" * (MOST_BYTES + 1), "lists.large"),
        ],
    )
    def test_what_is_no_list_is_refused_whole(self, place, text, code):
        before = stored()
        with pytest.raises(Refused) as no:
            run(place, text)
        assert no.value.code == code
        assert stored() == before

    @pytest.mark.parametrize("mark", [";", ",", "\t"])
    @pytest.mark.parametrize(
        "names",
        [
            ("First name", "Language", "E-mail"),
            ("Förnamn", "Språk", "E-post"),
            ("ETUNIMI", "Kieli", "Sähköposti"),
        ],
    )
    def test_columns_are_known_in_every_language_and_order(self, mark, names):
        name, lang, email = names
        text = mark.join((email, name, lang)) + "\n" + mark.join(("a@example.org", "Åse Ö", "dansk"))
        (row,) = read_rows(text, usual_language="nb")
        assert (row.first_name, row.lang, row.email, row.fault) == ("Åse Ö", "da", "a@example.org", "")

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
    def test_what_an_office_program_saves_is_read(self, encoding):
        assert "Språk" in text_of(GOOD.encode(encoding))

    @pytest.mark.parametrize("encoding", ["latin-1", "cp865"])
    def test_other_letters_are_refused_before_they_become_wrong_names(self, encoding):
        with pytest.raises(Refused) as no:
            text_of("Fornavn\nÅse Bjørg".encode(encoding))
        assert no.value.code == "lists.encoding"

    def test_the_list_holds_so_many_and_no_more(self, place):
        names = [f"Navn {chr(65 + n // 26)}{chr(65 + n % 26)}" for n in range(MOST_ROWS + 1)]
        with pytest.raises(Refused):
            run(place, "\n".join(names))
        assert run(place, "\n".join(names[:-1])).is_kept
        with pytest.raises(Refused) as no:
            run(place, "Liv")
        assert no.value.code == "members.too_many"

    @settings(max_examples=150, suppress_health_check=list(HealthCheck), deadline=None)
    @given(st.text(max_size=200))
    def test_no_text_breaks_it(self, text):
        try:
            rows = read_rows(text, usual_language="nb")
        except Refused as no:
            rows, code = [], no.code
        else:
            code = "lists."
        assert code.startswith("lists.")
        assert all(row.fault or row.first_name for row in rows)


class TestPage:
    def page(self, place, sent=None):
        client = Client(headers={"accept-language": "en"})
        client.force_login(place[1], backend=BACKEND)
        path = f"/circles/{place[0].id}/invitation/import/"
        answer = client.post(path, sent) if sent else client.get(path)
        return client, answer, " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())

    def test_a_file_is_looked_through_then_kept_from_the_report(self, place):
        file = SimpleUploadedFile("liste.csv", GOOD.encode("utf-8-sig"), content_type="text/csv")
        client, answer, words = self.page(place, {"file": file, "do": "look"})
        assert answer.status_code == 200
        assert "3 rows, and nothing is wrong with them" in words
        assert "Is asked by mail in" in words
        assert not Participant.objects.exists()
        rows = re.search(
            r'<textarea name="text" hidden>\n(.*?)</textarea>', answer.content.decode(), re.DOTALL
        )[1]
        assert client.post(answer.request["PATH_INFO"], {"text": rows, "do": "keep"}).status_code == 302
        assert Participant.objects.count() == 3

    def test_a_wrong_row_is_shown_and_nothing_can_be_kept(self, place):
        _client, answer, words = self.page(place, {"text": f"{GOOD}\n{NUMBER}", "do": "keep"})
        assert answer.status_code == 422
        assert "1 row must be put right. Nothing is kept." in words
        assert 'value="keep"' not in answer.content.decode()
        assert not Participant.objects.exists()

    def test_the_wrong_letters_are_said_beside_the_file(self, place):
        file = SimpleUploadedFile("liste.csv", "Åse".encode("latin-1"))
        _client, answer, words = self.page(place, {"file": file, "do": "look"})
        assert answer.status_code == 422
        assert "cannot be read" in words
        assert "CSV UTF-8" in words

    def test_whoever_is_on_it_can_say_yes_like_everybody(self, place):
        run(place, GOOD)
        open_invitation.open_invitation(acting=place[1], circle_id=place[0].id, at=clock.now())
        _client, _answer, _words = self.page(place)
        assert Participant.objects.get(first_name="Kari").state == "asked"
