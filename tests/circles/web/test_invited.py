"""The open invitation as the invited and the facilitator meet it: a yes is easy, and a no leaves nothing behind."""

import re
from datetime import timedelta

import pytest
from django.apps import apps
from django.core import mail
from django.test import Client

from sirkel.circles.models import Membership, OpenInvitation, Participant
from sirkel.kernel import clock
from sirkel.kernel.ids import new_id
from sirkel.kernel.logs import without_persons
from sirkel.people.domain import outbox
from sirkel.people.enums import Role
from sirkel.people.models import Mail, Person
from tests.factories.anchoring import commit, make_leader
from tests.factories.places import START, make_circle, make_person

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"
NOW = START - timedelta(days=28, hours=3)


@pytest.fixture(autouse=True)
def _four_weeks_before():
    with clock.frozen(NOW):
        yield


@pytest.fixture
def place():
    circle, marit = make_circle(meetings=3)
    Mail.objects.all().delete()
    return circle, marit


def browser(person=None, language="en"):
    client = Client(headers={"accept-language": language})
    if person:
        client.force_login(person, backend=BACKEND)
    return client


def words(answer):
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def of(circle, rest=""):
    return f"/circles/{circle.id}/invitation/{rest}"


def link(circle, marit):
    """Open the invitation and return the path on the poster."""
    page = browser(marit)
    page.post(of(circle, "open/"))
    return re.search(r'href="[^"]*(/i/[\w-]+/)"', page.get(of(circle)).content.decode())[1]


def everything():
    """Every row of every table but sign-ins, so that a trace anywhere is seen."""
    return {
        model._meta.label: sorted(model._base_manager.using("default").values(), key=str)
        for model in apps.get_models()
        if not model._meta.proxy and model._meta.app_label not in {"research", "contenttypes", "sessions"}
    }


def say_yes(client, path, **more):
    return client.post(f"{path}yes/", {"client_id": new_id(), "first_name": "Aino", **more})


def delivered():
    before = len(mail.outbox)
    outbox.deliver()
    return mail.outbox[before:]


def path_in(message):
    return re.search(r"https?://[^/\s]+(/link/join/\S+)", message.body)[1]


class TestReading:
    def test_it_says_what_it_is_in_the_readers_language(self, place):
        circle, marit = place
        path = link(circle, marit)
        page = words(browser().get(path))
        for said in (
            "Yes. Nobody asks why",
            "3 meetings of 90 minutes",
            "never who said what",
            "Marit",
            circle.purpose,
        ):
            assert said in page
        assert "The leader has not signed it yet" in page
        commit(circle, marit, make_leader(circle))
        assert "has signed that it is paid time" in words(browser().get(path))
        pages = {tag: browser(language=tag).get(path) for tag in ("nb", "nn", "da", "sv", "fi", "en")}
        assert len({words(page) for page in pages.values()}) == 6
        for tag, page in pages.items():
            assert f'<html lang="{tag}"' in page.content.decode()

    def test_no_is_as_near_as_yes(self, place):
        html = browser().get(link(*place)).content.decode()
        links = re.findall(r'<a[^>]*class="([^"]*)"[^>]*href="/i/[\w-]+/(yes|no|more)/"', html) or re.findall(
            r'href="/i/[\w-]+/(yes|no|more)/"[^>]*class="([^"]*)"', html
        )
        assert len(links) == 3
        assert len({next(part for part in pair if part not in {"yes", "no", "more"}) for pair in links}) == 1

    def test_a_wrong_old_or_closed_link_has_one_plain_answer(self, place):
        circle, marit = place
        old, page = link(circle, marit), browser(marit)
        assert browser().get(old).status_code == 200
        page.post(of(circle, "renew/"))
        new = link(circle, marit)
        assert new != old
        answers = [
            browser().get(path) for path in (old, "/i/nothing/", f"/i/{'A' * 44}/", f"{old}yes/", f"{old}no/")
        ]
        page.post(of(circle, "close/"))
        answers.append(browser().get(new))
        page.post(of(circle, "open/"))
        answers.append(browser().get(new))
        assert {answer.status_code for answer in answers} == {404}
        headings = {re.search(r"<h1.*?</h1>", answer.content.decode(), re.DOTALL)[0] for answer in answers}
        assert len(headings) == 1
        assert say_yes(browser(), old).status_code == 404
        assert say_yes(browser(), link(circle, marit)).status_code == 303

    def test_the_secret_is_in_no_log(self, place):
        path = link(*place)
        assert path.split("/")[2] not in without_persons(f"GET {path}yes/ 500")
        assert "abc" not in without_persons("GET /link/join/abc/ 500")


class TestNo:
    def test_it_writes_nothing_anywhere_and_sets_no_cookie(self, place):
        path = link(*place)
        client, before = browser(), everything()
        for step in ("", "more/", "no/", ""):
            assert client.get(f"{path}{step}").status_code == 200
        assert everything() == before
        assert not {name for name in client.cookies if name != "csrf"}
        assert "Nothing was sent and nothing is kept" in words(client.get(f"{path}no/"))

    def test_the_facilitator_cannot_tell_it_from_silence(self, place):
        circle, marit = place
        page = browser(marit)
        for name in ("Aino", "Berit"):
            page.post(
                of(circle, "ask/"),
                {"first_name": name, "email": f"{name}@example.org", "lang": "en", "perspective": "employee"},
            )
        letters = delivered()
        page.get(of(circle))
        before, shown = everything(), words(page.get(of(circle)))
        said = browser().post(path_in(letters[0]), {"answer": "no"})
        assert "No answer is kept" in words(said)
        assert everything() == before
        assert words(page.get(of(circle))) == shown
        assert not delivered()
        assert "No answer is kept" not in words(browser().get(path_in(letters[0])))

    def test_closing_forgets_both_alike(self, place):
        circle, marit = place
        link(circle, marit)
        page = browser(marit)
        for name in ("Aino", "Berit", "Celine"):
            page.post(
                of(circle, "ask/"),
                {"first_name": name, "email": f"{name}@example.org", "lang": "en", "perspective": "employee"},
            )
        letters = {letter.to[0]: path_in(letter) for letter in delivered()}
        browser().post(letters["aino@example.org"], {"answer": "no"})
        browser().post(letters["celine@example.org"], {"answer": "yes"})
        page.post(of(circle, "close/"))
        assert [one.first_name for one in Participant.objects.all()] == ["Celine"]
        assert not Person.objects.filter(email__in=["aino@example.org", "berit@example.org"]).exists()
        assert browser().get(letters["berit@example.org"]).status_code == 404


class TestYes:
    def test_a_first_name_is_enough(self, place):
        circle, marit = place
        client, path = browser(), link(circle, marit)
        done = client.get(say_yes(client, path)["Location"])
        assert "The first meeting is on" in words(done)
        listed = words(browser(marit).get(of(circle)))
        assert "Aino" in listed
        row = Participant.objects.get()
        assert (row.first_name, row.person, row.membership, row.state) == ("Aino", None, None, "joined")

    def test_it_can_be_taken_back_by_the_same_browser_alone(self, place):
        path, client = link(*place), browser()
        sent = say_yes(client, path)
        client_id = re.search(
            r'name="client_id" value="([\w-]+)"', client.get(sent["Location"]).content.decode()
        )[1]
        browser().post(f"{path}take-back/", {"client_id": client_id})
        assert Participant.objects.count() == 1
        client.post(f"{path}take-back/", {"client_id": client_id})
        assert Participant.objects.count() == 0

    def test_pressed_twice_it_is_one(self, place):
        path, client = link(*place), browser()
        same = {"client_id": new_id(), "first_name": "Aino"}
        for _again in range(2):
            assert client.post(f"{path}yes/", same).status_code == 303
        assert Participant.objects.count() == 1

    @pytest.mark.parametrize("name", ["", "  ", "x" * 41, "10838512343"])
    def test_what_is_no_first_name_is_refused_beside_the_field(self, place, name):
        client, path = browser(), link(*place)
        answer = say_yes(client, path, first_name=name)
        assert answer.status_code == 422
        assert 'aria-invalid="true"' in answer.content.decode()
        assert not Participant.objects.exists()
        assert say_yes(client, path).status_code == 303

    def test_an_address_is_asked_once_before_it_counts(self, place):
        circle, marit = place
        client, path = browser(language="fi"), link(circle, marit)
        say_yes(client, path, email="Aino@Example.org")
        (letter,) = delivered()
        assert letter.to == ["aino@example.org"]
        assert "Onko" in letter.subject
        assert not Membership.objects.filter(role="participant").exists()
        asked = path_in(letter)
        before = everything()
        for _scanner in range(2):
            assert browser().get(asked).status_code == 200
            assert browser().head(asked).status_code == 200
        assert everything() == before
        assert browser().post(asked, {"answer": "yes"}).status_code == 200
        browser().post(asked, {"answer": "yes"})
        member = Membership.objects.get(role="participant")
        assert (member.person.email, member.person.language, member.circle) == (
            "aino@example.org",
            "fi",
            circle,
        )
        assert Participant.objects.get().membership == member

    def test_somebody_elses_address_gets_one_mail_and_then_peace(self, place):
        path = link(*place)
        for _try in range(3):
            say_yes(browser(), path, email="berit@example.org")
        (letter,) = delivered()
        browser().post(path_in(letter), {"answer": "no"})
        assert not Participant.objects.exists()
        assert not Person.objects.filter(email="berit@example.org").exists()

    def test_the_page_does_not_tell_which_addresses_are_known(self, place):
        circle, marit = place
        path, known = link(circle, marit), make_person(name="Kari")
        pages = []
        for address in (known.email, marit.email, "new@example.org"):
            client = browser()
            sent = say_yes(client, path, email=address)
            page = client.get(sent["Location"])
            pages.append((sent.status_code, re.sub(r'value="[^"]*"', "", page.content.decode())))
        assert len(set(pages)) == 1

    def test_whoever_is_signed_in_is_a_member_at_once(self, place):
        circle, marit = place
        path, kari = link(circle, marit), make_person(name="Kari")
        assert say_yes(browser(kari), path).status_code == 303
        assert Membership.objects.get(person=kari).circle == circle
        assert say_yes(browser(kari), path).status_code == 409
        assert say_yes(browser(marit), path).status_code == 409


class TestAsking:
    def ask(self, client, circle, **more):
        sent = {"first_name": "Aino", "email": "aino@example.org", "lang": "fi", "perspective": "employee"}
        return client.post(of(circle, "ask/"), sent | more)

    def test_a_known_person_is_asked_in_their_own_language(self, place):
        circle, marit = place
        mika = make_person(name="Mika", language="sv")
        assert self.ask(browser(marit), circle, email=mika.email).status_code == 302
        (letter,) = delivered()
        assert letter.to == [mika.email]
        assert letter.extra_headers["Content-Language"] == "sv"
        assert "Mika" in letter.subject
        page = browser(language="fi").get(path_in(letter))
        assert '<html lang="sv"' in page.content.decode()
        browser().post(path_in(letter), {"answer": "yes"})
        assert Membership.objects.get(person=mika).role == "participant"

    def test_nobody_is_asked_twice(self, place):
        circle, marit = place
        page = browser(marit)
        self.ask(page, circle)
        assert self.ask(page, circle).status_code == 422
        row = Participant.objects.get()
        page.post(of(circle, "off/"), {"participant": row.id})
        delivered()
        mail.outbox.clear()
        self.ask(page, circle)
        self.ask(page, circle, email=marit.email)
        assert len(delivered()) <= 1

    def test_the_leader_and_outsiders_see_no_list(self, place):
        circle, marit = place
        path = link(circle, marit)
        say_yes(browser(), path)
        leader = make_leader(circle)
        assert browser(leader).get(of(circle)).status_code == 404
        for page in ("/leader/", path):
            assert "Aino" not in words(browser(leader).get(page))
        member = make_person(name="Kari")
        say_yes(browser(member), path)
        assert browser(member).get(of(circle)).status_code == 404
        union = make_person(role=Role.UNION, workplace=circle.workplace)
        assert "Aino" not in words(browser(union).get(f"/representative/{circle.id}/"))


class TestPaper:
    @pytest.mark.parametrize("kind", ["poster", "cards"])
    def test_it_comes_in_six_languages_and_opens_the_invitation(self, place, kind):
        circle, marit = place
        page = browser(marit)
        assert page.get(of(circle, f"{kind}/")).status_code == 409
        path = link(circle, marit)
        seen = set()
        for tag in ("nb", "nn", "da", "sv", "fi", "en"):
            html = page.get(of(circle, f"{kind}/"), {"lang": tag}).content.decode()
            assert f'<html lang="{tag}"' in html
            seen.add(re.search(r"<title>.*?</title>", html, re.DOTALL)[0])
            if kind == "poster":
                assert path in html
        assert len(seen) >= 5
        file = page.get(of(circle, f"{kind}.pdf"), {"lang": "fi"})
        assert file["Content-Type"] == "application/pdf"
        assert file.content.startswith(b"%PDF")
        assert OpenInvitation.objects.get().is_open
