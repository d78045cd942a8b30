"""What is sealed opens here and nowhere else, and not at all once its secret is gone."""

import pytest
from hypothesis import given
from hypothesis import settings as trying
from hypothesis import strategies as st

from sirkel.kernel.sealing import OVERHEAD_BYTES, blind, new_secret, seal, unseal


@trying(deadline=None)
@given(st.binary(max_size=64))
def test_it_opens_with_the_secret_and_for_the_purpose_alone(plain):
    secret = new_secret()
    sealed = seal(plain, secret=secret, purpose="one")
    assert unseal(sealed, secret=secret, purpose="one") == plain
    assert unseal(sealed, secret=secret, purpose="two") is None
    assert unseal(sealed, secret=new_secret(), purpose="one") is None
    assert len(sealed) == len(plain) + OVERHEAD_BYTES


@trying(deadline=None)
@given(st.binary(max_size=80))
def test_anything_else_opens_to_nothing(noise):
    assert unseal(noise, secret=new_secret(), purpose="one") is None


def test_the_same_sealed_twice_looks_different_and_one_bit_breaks_it():
    secret = new_secret()
    first, second = (seal(b"\x01", secret=secret, purpose="one") for _time in range(2))
    assert first != second
    broken = first[:-1] + bytes([first[-1] ^ 1])
    assert unseal(broken, secret=secret, purpose="one") is None


def test_the_database_alone_opens_nothing(settings):
    """Secret and sealed bytes are both in a dump; the key of the installation is not."""
    secret = new_secret()
    sealed, name = seal(b"\x01", secret=secret, purpose="one"), blind(b"note", secret=secret, purpose="one")
    kept = settings.SECRET_KEY
    settings.SECRET_KEY = "another installation, with a key of its own"
    assert unseal(sealed, secret=secret, purpose="one") is None
    assert blind(b"note", secret=secret, purpose="one") != name
    settings.SECRET_KEY_FALLBACKS = [kept]
    assert unseal(sealed, secret=secret, purpose="one") == b"\x01"


@pytest.mark.parametrize("data", [b"", b"note"])
def test_a_blind_name_is_the_same_for_the_same_and_no_other(data):
    secret = new_secret()
    assert blind(data, secret=secret, purpose="one") == blind(data, secret=secret, purpose="one")
    assert blind(data, secret=secret, purpose="one") != blind(data + b"x", secret=secret, purpose="one")
