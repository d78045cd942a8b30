"""Voice balance on the pages: one question on the phone, a switch and a picture for the circle, nothing outside."""

import re

import pytest
from django.test import Client

from sirkel.circles.models import VoicePicture, VoiceTag
from sirkel.circles.views.participant import MARK_COOKIE
from tests.circles.web.hands import Phone
from tests.factories.anchoring import make_leader, make_representative
from tests.factories.meetings import make_circle, make_meeting, sign_in
from tests.factories.voices import speak, switch_on

pytestmark = pytest.mark.django_db


def words(html):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


@pytest.fixture
def asking():
    """A meeting in its write step, of a circle that counts."""
    return speak().live


class TestQuestion:
    def test_nobody_is_asked_in_a_circle_that_does_not_count(self):
        phone = Phone(make_meeting(step="write"))
        assert "From where do you speak" not in phone.page()
        answer = phone.client.get(f"{phone.home}perspective/")
        assert (answer.status_code, answer.headers["Location"]) == (302, phone.home)

    def test_it_is_asked_once_and_leads_to_the_step_that_runs(self, asking):
        phone = Phone(asking)
        first = phone.client.get(phone.home, follow=True, headers={"accept-language": "en"})
        html = first.content.decode()
        assert first.redirect_chain == [(f"{phone.home}perspective/", 302)]
        for part in ("Employee", "Leader", "I would rather not say", "Nobody sees your answer."):
            assert part in words(html)
        assert phone.post("/perspective/", {"perspective": "leader"}, json=False).status_code == 302
        assert "From where do you speak" not in phone.page()
        assert phone.note("Samtidig kl. 15.30").status_code == 200
        assert VoiceTag.objects.count() == 1

    @pytest.mark.parametrize("said", ["employee", "leader", "unsaid", "", "boss"])
    def test_every_answer_is_answered_alike_and_written_nowhere(
        self, asking, said, django_assert_max_num_queries
    ):
        phone = Phone(asking)
        with django_assert_max_num_queries(4) as asked:
            answer = phone.post("/perspective/", {"perspective": said}, json=False)
        assert not [query for query in asked.captured_queries if not query["sql"].startswith("SELECT")]
        mark = answer.cookies[MARK_COOKIE]
        assert (answer.status_code, answer.content, len(mark.value)) == (302, b"", 39)
        assert (mark["path"], mark["httponly"], mark["samesite"]) == (phone.home, True, "Lax")

    def test_a_shared_phone_asks_the_next_person_anew(self, asking):
        phone = Phone(asking, is_shared=True)
        answer = phone.post("/perspective/", {"perspective": "leader"}, json=False)
        assert answer.cookies[MARK_COOKIE]["max-age"] == ""
        handed_on = phone.post("/next-person/", {}, json=False)
        assert handed_on.cookies[MARK_COOKIE].value == ""
        asked = phone.client.get(phone.home)
        assert (asked.status_code, asked.headers["Location"]) == (302, f"{phone.home}perspective/")

    def test_a_phone_without_a_seat_is_not_asked(self, asking):
        assert Client().get(f"/m/{asking.meeting.id}/perspective/").status_code == 403


class TestPage:
    def test_the_circle_switches_it_on_with_a_number_and_off_without_one(self, client):
        circle, facilitator = make_circle()
        sign_in(client, facilitator)
        here = f"/circles/{circle.id}/voices/"

        def page():
            return words(client.get(here, headers={"accept-language": "en"}).content.decode())

        assert "How many agreed?" in page()
        wrong = client.post(f"{here}on/", {"count": "0"})
        assert wrong.status_code == 422
        assert client.post(f"{here}on/", {"count": "7"}).status_code == 302
        assert "decided by 7 of us" in page()
        assert "The next picture comes after 3 meetings." in page()
        assert client.post(f"{here}off/").status_code == 302
        assert "How many agreed?" in page()

    def test_a_picture_stands_in_thirds_with_a_table_and_no_number(self, client):
        circle, facilitator = make_circle()
        switch_on(circle, facilitator)
        VoicePicture.objects.create(
            circle=circle, first_meeting=1, last_meeting=3, notes="less", ideas="even"
        )
        VoicePicture.objects.create(circle=circle, first_meeting=4, last_meeting=6)
        sign_in(client, facilitator)
        html = client.get(f"/circles/{circle.id}/voices/", headers={"accept-language": "en"}).content.decode()
        rows = re.findall(r"<tr\b[^>]*>(.*?)</tr>", html, re.DOTALL)
        assert [words(row).strip() for row in rows][1:] == [
            "Notes More than two thirds Less than a third",
            "Ideas that went on Between one and two thirds Between one and two thirds",
        ]
        assert "Cannot be shown" in words(html)

    def test_nobody_around_the_circle_gets_it_nor_learns_that_it_is_on(self):
        circle, facilitator = make_circle()
        people = [make_leader(circle), make_representative(circle)]
        paths = ("/leader/", "/representative/", f"/representative/{circle.id}/", "/circles/")

        def read():
            found = []
            for person in people:
                client = Client(headers={"accept-language": "en"})
                sign_in(client, person)
                assert client.get(f"/circles/{circle.id}/voices/").status_code == 404
                for path in paths:
                    html = client.get(path).content.decode()
                    found.append(re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", html))
            return found

        before = read()
        switch_on(circle, facilitator)
        VoicePicture.objects.create(circle=circle, first_meeting=1, last_meeting=3, notes="less")
        assert read() == before
