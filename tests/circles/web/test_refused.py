"""What people meet when something cannot be: one plain answer in their language, for pages and for our script."""

import pytest
from django.test import Client

from sirkel.circles.enums import MeetingState
from sirkel.kernel.ids import CODE_ALPHABET
from tests.circles.web.hands import JSON, Phone, written
from tests.factories.meetings import make_meeting

pytestmark = pytest.mark.django_db
TEN_MEGABYTES = 10 * 1024 * 1024


@pytest.fixture
def live():
    return make_meeting(step="write")


@pytest.fixture
def phone(live):
    return Phone(live)


class TestTooLarge:
    @pytest.mark.parametrize(
        "kind", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/plain"]
    )
    def test_a_huge_body_gets_a_plain_page_and_our_script_its_shape(self, live, phone, kind):
        url = f"{phone.at()}notes/"
        body = b"text=" + b"a" * TEN_MEGABYTES
        page = phone.client.post(url, body, content_type=kind)
        assert page.status_code == 413
        assert "That was too large to send" in page.content.decode()
        assert "Nothing was saved" in page.content.decode()
        answer = phone.client.post(url, body, content_type=kind, headers=JSON)
        assert (answer.status_code, answer.json()["code"]) == (413, "form.too_large")
        assert answer.json()["message"]
        assert answer.json()["hint"]
        assert written(live) == []

    def test_hundreds_of_fields_cannot_be_read_and_say_so(self, phone):
        fields = {f"field{number}": "1" for number in range(300)}
        for headers in ({}, JSON):
            answer = phone.client.post(f"{phone.at()}notes/", fields, headers=headers)
            assert answer.status_code == 400
            assert "We could not read what was sent" in answer.content.decode()

    def test_a_host_that_is_not_ours_gets_no_page(self):
        assert Client().get("/", headers={"host": "elsewhere.example"}).status_code == 400


class TestPlainAnswers:
    """Every refusal a phone can meet, as the page of a plain form: words first, and something to do next."""

    @pytest.mark.parametrize(
        ("fields", "said", "todo"),
        [
            ({"text": ""}, "There is nothing to send yet.", "Write a few words first."),
            ({"text": "a" * 203}, "The text is 3 characters too long.", "Your words are still here."),
            (
                {"text": "Hun med 01010750160"},
                "This looks like a personal identity number.",
                "Nothing was stored.",
            ),
            (
                {"text": "Ordre 0101075016"},
                "Is this a personal identity number?",
                "If not, send it as it is.",
            ),
            (
                {"text": "Noe", "receipt": "kort"},
                "This did not arrive as it should.",
                "Load the page and send again.",
            ),
        ],
    )
    def test_a_note_that_cannot_be_taken_in(self, live, phone, fields, said, todo):
        page = phone.note(**{"text": "", **fields}, json=False).content.decode()
        assert said in page
        assert todo in page
        body = phone.note(**{"text": "", **fields}).json()
        assert (body["message"], body["hint"].endswith(todo)) == (said, True)
        assert written(live) == []

    def test_a_closed_meeting_says_so_at_the_door_on_the_phone_and_at_the_code(self, live, phone):
        code = live.meeting.join_code
        live.close()
        assert "No open meeting has this code." in Client().post("/b", {"code": code}).content.decode()
        assert "Thank you for today" in phone.page()
        answer = phone.post("/next-person/")
        assert (answer.status_code, answer.json()["code"]) == (410, "join.over")
        assert answer.json()["hint"] == "Ask your facilitator for the recap."

    def test_a_meeting_that_is_not_open_yet_says_so(self):
        live = make_meeting(state=MeetingState.PLANNED)
        answer = Client().get(f"/m/{live.meeting.id}/")
        assert answer.status_code == 403
        assert "You are not in this meeting." in answer.content.decode()
        assert "Join with the code on the screen." in answer.content.decode()

    def test_a_wrong_code_says_where_to_look(self):
        page = Client().post("/b", {"code": CODE_ALPHABET[:6]}).content.decode()
        assert "No open meeting has this code." in page
        assert "Look at the screen in the room once more." in page

    def test_who_must_wait_is_shown_the_other_way_in(self, live):
        for _miss in range(5):
            Client().post("/b", {"code": CODE_ALPHABET[:6]})
        page = Client().post("/b", {"code": live.meeting.join_code})
        assert page.status_code == 429
        assert "Scan the square on the screen in the room instead" in page.content.decode()
