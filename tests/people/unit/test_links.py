"""A signed link opens what it was made for and nothing else."""

import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sirkel.people.rules.links import For, read, sign

ONE, TWO = uuid.UUID(int=1), uuid.uuid4()


@given(ids=st.lists(st.uuids(), min_size=1, max_size=2), word=st.sampled_from(["", "dates", "reminder"]))
def test_what_was_signed_is_read(ids, word):
    assert read(For.ANSWER, sign(For.ANSWER, *ids, word=word), ids=len(ids)) == (ids, word)


def test_another_page_s_link_opens_nothing():
    assert read(For.LEAVE, sign(For.ANSWER, ONE), ids=1) is None
    assert read(For.MAIL_OFF, sign(For.LEAVE, ONE), ids=1) is None


def test_every_changed_sign_shuts_it():
    token = sign(For.LEAVE, TWO)
    for place, letter in enumerate(token[:-1]):  # the very last sign of base 64 carries spare bits
        forged = token[:place] + ("A" if letter != "A" else "B") + token[place + 1 :]
        assert read(For.LEAVE, forged, ids=1) is None


@pytest.mark.parametrize("token", ["", "~", "x~y", "é~ø", "A" * 4000])
def test_rubbish_opens_nothing(token):
    assert read(For.LEAVE, token, ids=1) is None


def test_a_link_that_names_nobody_opens_nothing():
    assert read(For.LEAVE, sign(For.LEAVE), ids=1) is None


def test_a_key_that_was_changed_still_opens_while_it_stands_among_the_old_ones(settings):
    settings.SECRET_KEY = "old" * 20
    token = sign(For.LEAVE, ONE)
    settings.SECRET_KEY = "new" * 20
    assert read(For.LEAVE, token, ids=1) is None
    settings.SECRET_KEY_FALLBACKS = ["old" * 20]
    assert read(For.LEAVE, token, ids=1) == ([ONE], "")
