"""A bot reads forms as a browser does: what would be sent untouched, what may be chosen, what is not there."""

import pytest

from sirkel.config.bots.reader import NotThere, forms_in, links_in, words_of

PAGE = """
<a href="/circles/1/?a=1&amp;b=2"><svg><title>no</title></svg>My <b>circle</b></a>
<form method="post" action="/go/">
  <input type="hidden" name="base" value="3"><input name="name" value="Rolig &quot;kveld&quot;">
  <textarea name="words">
Én linje
</textarea>
  <select name="second"><option value="">Nobody</option><option value="7" selected>Tor Prøve</option></select>
  <select name="weeks"><option value="2">Two</option><option value="3">Three</option></select>
  <input type="radio" name="reason" value="staffing" id="r1"><label for="r1">Too few</label>
  <input type="checkbox" name="others" value="fi" id="o1" checked><label for="o1">Suomi</label>
  <input type="checkbox" name="others" value="sv" id="o2"><label for="o2">Svenska</label>
  <input type="checkbox" name="care" value="yes"><input name="gone" value="x" disabled>
  <button name="do" value="on">On</button><button name="do" value="back">Back</button>
</form>
<form id="far" action="/far/" method="post"></form><input type="radio" form="far" name="note" value="n1">
<button form="far" name="with" value="alone:">x</button>
"""


@pytest.fixture
def form():
    return next(forms_in(PAGE, "/go/$"))


def test_what_is_sent_untouched(form):
    assert form.filled() == [
        ("base", "3"),
        ("name", 'Rolig "kveld"'),
        ("words", "Én linje\n"),
        ("second", "7"),
        ("weeks", "2"),
        ("others", "fi"),
    ]


def test_a_choice_is_named_by_its_value_or_its_words_and_a_box_is_ticked(form):
    sent = form.filled(second="Nobody", reason="Too few", others=["fi", "Svenska"], care=True, do="on")
    assert sent[3:] == [
        ("weeks", "2"),
        ("second", ""),
        ("reason", "staffing"),
        ("others", "fi"),
        ("others", "sv"),
        ("care", "yes"),
        ("do", "on"),
    ]


@pytest.mark.parametrize(
    "wanted", [{"nothing": "x"}, {"reason": "illness"}, {"do": "drop"}, {"second": "Marit"}, {"gone": "y"}]
)
def test_what_a_page_does_not_offer_cannot_be_sent(form, wanted):
    with pytest.raises(NotThere):
        form.filled(**wanted)


def test_fields_elsewhere_on_the_page_belong_to_the_form_they_name():
    far = next(forms_in(PAGE, "/far/$"))
    assert far.filled(note="n1", **{"with": "alone:"}) == [("note", "n1"), ("with", "alone:")]


def test_links_and_words_are_read_without_what_is_not_seen():
    assert list(links_in(PAGE)) == [("/circles/1/?a=1&b=2", "My circle")]
    assert "no" not in words_of(PAGE).split()
