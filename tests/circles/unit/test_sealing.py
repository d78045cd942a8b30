import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sirkel.circles.rules.sealing import CannotOpen, seal, unseal

KEY, OTHER = "k" * 40, "o" * 40
OWNER, ENTRY = uuid.UUID(int=1), uuid.UUID(int=2)


def opened(sealed, *, keys=(KEY,), owner=OWNER, entry=ENTRY):
    return unseal(sealed, keys=keys, owner=owner, entry=entry)


@given(st.binary(max_size=2000))
def test_what_was_sealed_comes_back_and_says_nothing_of_its_length_within_a_block(data):
    sealed = seal(data, key=KEY, owner=OWNER, entry=ENTRY)
    assert opened(sealed).rstrip(b" ") == data.rstrip(b" ")
    assert (len(sealed) - 29) % 512 == 0


@given(st.integers(0, 540), st.integers(1, 255))
def test_one_changed_byte_closes_it(place, change):
    sealed = bytearray(seal(b"Bord 2", key=KEY, owner=OWNER, entry=ENTRY))
    assert opened(bytes(sealed))
    sealed[place] ^= change
    with pytest.raises(CannotOpen):
        opened(bytes(sealed))


@pytest.mark.parametrize("other", [{"keys": (OTHER,)}, {"keys": ()}, {"owner": ENTRY}, {"entry": OWNER}])
def test_another_key_owner_or_entry_does_not_open_it(other):
    sealed = seal(b"Bord 2", key=KEY, owner=OWNER, entry=ENTRY)
    assert opened(sealed).rstrip() == b"Bord 2"
    with pytest.raises(CannotOpen):
        opened(sealed, **other)


def test_an_earlier_key_still_opens():
    sealed = seal(b"Bord 2", key=OTHER, owner=OWNER, entry=ENTRY)
    assert opened(sealed, keys=(KEY, OTHER)).rstrip() == b"Bord 2"


@pytest.mark.parametrize("rest", [b"", b"\x01", b"\x02" + b"x" * 60])
def test_what_is_no_seal_is_not_opened(rest):
    with pytest.raises(CannotOpen):
        opened(rest)


def test_the_same_words_are_never_sealed_the_same():
    assert len({seal(b"Bord 2", key=KEY, owner=OWNER, entry=ENTRY) for _one in range(20)}) == 20
