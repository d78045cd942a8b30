"""Sámi letters and emoji come back as they were written, on every surface and in every shape of the recap."""

import re

import pytest
from django.test import Client

from sirkel.circles.domain.joining import room_address
from tests.circles.web.hands import Phone
from tests.circles.web.test_recap import text_of_page, text_of_pdf, text_of_word
from tests.factories.meetings import make_meeting, sign_in

pytestmark = pytest.mark.django_db

SAMI = "Čáppa eahket ŋuoskkis: đoaŋga, šlápma, žiertna, ŧ Č Đ Ŋ Š Ŧ Ž"
EMOJI = "Godt jobbet 👩🏽‍⚕️ ❤️ 🙂 i kveld"


def test_letters_of_every_kind_stand_everywhere():
    live = make_meeting(step="write")
    phones = [Phone(live) for _phone in range(2)]
    for phone, text in zip(phones, (SAMI, EMOJI), strict=True):
        assert phone.note(text).status_code == 200
        assert text in phone.page()
    live.reveal()
    facilitator = Client()
    sign_in(facilitator, live.facilitator)
    meeting = live.meeting.id
    room = Client().get(f"/room/{room_address(live.meeting)}/").content.decode()
    lead = facilitator.get(f"/meetings/{meeting}/lead/").content.decode()
    for page in (phones[0].page(), lead, room):
        assert SAMI in page
        assert EMOJI in page
    live.close()
    for asker in (phones[0].client, facilitator):
        page = text_of_page(asker.get(f"/meetings/{meeting}/recap/"))
        word = text_of_word(asker.get(f"/meetings/{meeting}/recap.docx"))
        pdf = text_of_pdf(asker.get(f"/meetings/{meeting}/recap.pdf"))
        for shape in (page, word):
            assert SAMI in shape
            assert EMOJI in shape
        assert SAMI in pdf
        # Emoji are drawn where the machine has letters for them; the words around them stay whole either way.
        assert re.search(r"Godt jobbet .*i kveld", pdf)
