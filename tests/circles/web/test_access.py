"""Equality of access on the pages: a tap on the phone, words for the representative, nothing for the leader."""

import re
from datetime import UTC, datetime

import pytest
from django.test import Client

from sirkel.circles.domain.access import tell_access
from sirkel.circles.models import AccessPicture
from sirkel.circles.views.hand import ASKED_COOKIE
from sirkel.kernel import clock
from tests.circles.web.hands import Phone
from tests.factories.access import ALL_SIZES, answer, say, speak_of_access
from tests.factories.anchoring import make_leader, make_representative
from tests.factories.meetings import make_circle, make_meeting, sign_in

pytestmark = pytest.mark.django_db
SPRING, SUMMER = datetime(2026, 3, 2, 12, tzinfo=UTC), datetime(2026, 7, 1, 12, tzinfo=UTC)
FORM = {f"{kind}_{group}": size for kind, groups in ALL_SIZES.items() for group, size in groups.items()}


def words(html):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def client_of(person):
    client = Client(headers={"accept-language": "en"})
    sign_in(client, person)
    return client


def page(client, path):
    found = client.get(path)
    assert found.status_code == 200, path
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", found.content.decode())


class TestPhone:
    def test_it_is_asked_once_and_may_be_skipped(self):
        live = speak_of_access()
        phone, other = Phone(live), Phone(live)
        assert "Which shift do you mostly work?" in phone.page()
        sent = phone.post("access/", {"shift": "night", "contract": "part_time"}, json=False)
        assert sent.status_code == 303
        cookie = sent.cookies[ASKED_COOKIE]
        assert re.fullmatch(r"20\d\d-[12]", cookie.value)
        assert (cookie["path"], cookie["httponly"]) == ("/m/", True)
        assert "Which shift" not in phone.page()
        assert other.post("access/", {"do": "skip", "shift": "night"}, json=False).status_code == 303
        assert "Which shift" not in other.page()
        assert "Did you feel heard today?" in other.page()

    def test_it_is_asked_neither_on_a_shared_phone_nor_where_the_leader_said_nothing(self):
        live = speak_of_access()
        assert "Which shift" not in Phone(live, is_shared=True).page()
        assert "Which shift" not in Phone(make_meeting(step="check-out")).page()

    def test_an_answer_that_is_none_is_refused_and_the_question_stays(self):
        phone = Phone(speak_of_access())
        assert phone.post("access/", {"shift": "noon"}, json=False).status_code == 400
        assert "Which shift" in phone.page()


class TestLeader:
    def test_a_leader_says_how_many_and_reads_nothing_back_but_that(self):
        circle, _facilitator = make_circle()
        client = client_of(make_leader(circle))
        here = f"/leader/workplaces/{circle.workplace_id}/"
        assert here in page(client, "/leader/")
        assert client.post(here, {**FORM, "shift_night": ""}).status_code == 422
        assert client.post(here, FORM).status_code == 302
        assert client.get(f"/representative/workplaces/{circle.workplace_id}/").status_code == 404
        assert '<option value="10-14" selected>' in page(client, here)

    @pytest.mark.requirement("PD-04", "PD-23")
    @pytest.mark.threat(row="T1")
    def test_nothing_a_leader_can_open_moves_when_people_answer_or_it_is_told(self):
        with clock.frozen(SPRING):
            live = speak_of_access()
        leader = client_of(make_leader(live.circle))
        paths = ("/leader/", "/circles/", f"/leader/workplaces/{live.circle.workplace_id}/")
        before = [page(leader, path) for path in paths]
        with clock.frozen(SPRING):
            for group in ("day", "night"):
                for _one in range(6):
                    answer(live, live.join().device, shift=group)
        assert [page(leader, path) for path in paths] == before
        assert tell_access(at=SUMMER) == 1
        assert [page(leader, path) for path in paths] == before


class TestRepresentative:
    @pytest.fixture
    def guarded(self):
        """A workplace that asks, and all that its representative can open."""
        with clock.frozen(SPRING):
            live = speak_of_access()
        client = client_of(make_representative(live.circle))
        there = f"/representative/workplaces/{live.circle.workplace_id}/"
        paths = ("/representative/", f"/representative/{live.circle.id}/", there)
        return live, there, lambda: {path: page(client, path) for path in paths}

    def test_one_persons_act_moves_no_byte_before_it_is_told_nor_after(self, guarded):
        live, there, look = guarded
        before = look()
        with clock.frozen(SPRING):
            for number in range(12):
                answer(live, live.join().device, shift="day" if number % 2 else "night")
                assert look() == before
        tell_access(at=SUMMER)
        told = look()
        assert {path for path in told if told[path] != before[path]} == {there}
        with clock.frozen(SPRING):
            answer(live, live.join().device, shift="night")
        tell_access(at=SUMMER)
        assert look() == told

    @pytest.mark.parametrize("one_more", ["day", "evening", "night", None])
    def test_two_half_years_that_differ_by_one_person_read_the_same(self, guarded, one_more):
        live, there, look = guarded
        for at, more in ((SPRING, None), (datetime(2026, 9, 1, tzinfo=UTC), one_more)):
            with clock.frozen(at):
                for group in [*["day"] * 5, *["night"] * 5, *([more] if more else [])]:
                    answer(live, live.join().device, shift=group)
        tell_access(at=datetime(2027, 1, 2, tzinfo=UTC))
        first, second = AccessPicture.objects.order_by("period")
        assert (first.rows, first.least, first.most) == (second.rows, second.least, second.most)
        tables = re.findall(r"<tbody>(.*?)</tbody>", look()[there], re.DOTALL)
        assert len(tables) == 2
        assert tables[0] == tables[1]

    def test_it_is_told_in_words_with_a_band_of_answers_and_says_what_cannot_be(self, guarded):
        live, there, look = guarded
        assert "The first half year is told when it is over" in words(look()[there])
        with clock.frozen(SPRING):
            for group in [*["day"] * 14, *["evening"] * 5, *["night"] * 5]:
                answer(live, live.join().device, shift=group, contract="full_time")
        tell_access(at=SUMMER)
        told = words(look()[there])
        for part in (
            "Shift, January to June 2026",
            "Day About as many as their share, or more",
            "Evening + Changing shifts Fewer than their share",
            "Night About as many as their share, or more",
            "20 to 29 people answered.",
            "Contract, January to June 2026 Cannot be shown",
        ):
            assert part in told, part

    def test_another_workplaces_numbers_are_not_there(self, guarded):
        live, _there, _look = guarded
        other, _facilitator = make_circle()
        say(other, make_leader(other))
        client = client_of(make_representative(live.circle))
        assert client.get(f"/representative/workplaces/{other.workplace_id}/").status_code == 404
