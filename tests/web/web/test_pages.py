import pytest
from django.template import loader
from django.template.loader import render_to_string
from django.test import Client, RequestFactory

from sirkel.kernel.errors import Refused
from sirkel.web.middleware import refusal


@pytest.mark.requirement("SEC-25")
@pytest.mark.parametrize("status", [403, 404, 429, 500, 503])
def test_an_error_page_says_what_happened_and_what_now_even_with_nothing_around_it(status):
    html = loader.get_template(f"{status}.html").render()

    assert html.count("<h1>") == 1
    assert 'class="lede"' in html
    assert f"{status}" not in html.split("<main")[1].split("</main>")[0]


def test_a_refusal_is_one_plain_page():
    request = RequestFactory().get("/", SERVER_NAME="localhost")
    answer = refusal(
        request, Refused("notes.too_long", "The note is too long", "Write up to 200 characters.")
    )

    text = answer.content.decode()
    assert answer.status_code == 400
    assert "<h1>The note is too long</h1>" in text
    assert "Write up to 200 characters." in text


def test_a_refusal_shows_words_as_words():
    request = RequestFactory().get("/", SERVER_NAME="localhost")
    text = refusal(request, Refused("x.y", "<b>No</b>", "<i>now</i>")).content.decode()

    assert "<b>No</b>" not in text
    assert "<i>now</i>" not in text


def test_pages_load_scripts_only_as_files_and_htmx_without_eval():
    text = Client(SERVER_NAME="localhost").get("/patterns/hand/").content.decode()

    assert '"allowEval":false' in text
    assert '"includeIndicatorStyles":false' in text
    assert text.count("<script") == text.count(" src=")


def test_the_phone_has_no_menu():
    text = Client(SERVER_NAME="localhost").get("/patterns/hand/").content.decode()

    assert "<nav" not in text
    assert "page.css" not in text


def test_a_button_sees_only_what_it_is_given():
    html = render_to_string("web/patterns/lead.html", {"icon": "trash", "tone": "warm", "class": "leak"})

    assert "leak" not in html
    assert 'data-color="warm"' not in html
