"""Counting misses: who missed too often waits, nobody else does, and nothing that is kept names anybody."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from hypothesis import given
from hypothesis import strategies as st

from sirkel.kernel import clock
from sirkel.kernel.limits import Limit, asker_of_address

LIMIT = Limit("test", most=3, within_seconds=60, wait_seconds=120)


def test_the_miss_too_many_starts_the_wait_and_the_wait_ends():
    assert [LIMIT.miss("a") for _try in range(3)] == [False, False, True]
    assert LIMIT.must_wait("a")
    assert not LIMIT.must_wait("b")
    with clock.moved(timedelta(seconds=119)):
        assert LIMIT.must_wait("a")
    with clock.moved(timedelta(seconds=121)):
        assert not LIMIT.must_wait("a")
        assert LIMIT.miss("a") is False


def test_misses_further_apart_than_the_time_are_not_added_up():
    for minute in range(6):
        with clock.moved(timedelta(minutes=minute, seconds=minute)):
            assert LIMIT.miss("a") is False
    assert not LIMIT.must_wait("a")


def test_two_limits_do_not_share_their_counts():
    other = Limit("other", most=3, within_seconds=60, wait_seconds=120)
    for _try in range(3):
        LIMIT.miss("a")
    assert not other.must_wait("a")


def test_no_name_of_a_counter_holds_who_missed():
    LIMIT.miss("198.51.100.7")
    assert not any("198.51" in name for name in cache._cache)


@pytest.mark.parametrize(
    ("address", "asker"),
    [
        ("198.51.100.7", "198.51.100.7"),
        ("::ffff:198.51.100.7", "198.51.100.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::", "2001:db8:1:2::/64"),
        ("", ""),
        ("unknown", ""),
    ],
)
def test_an_address_counts_as_one_asker(address, asker):
    assert asker_of_address(address) == asker


@given(st.text())
def test_whatever_stands_for_an_address_never_breaks_the_door(address):
    assert isinstance(asker_of_address(address), str)
