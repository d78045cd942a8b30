import pytest

from sirkel.policy.rules.strength import Strength, is_experience_based, next_letter, strength

WHOLE, GONE, THIN = (False, False), (True, False), (False, True)


@pytest.mark.parametrize(
    ("legs", "left"),
    [
        ([], Strength.UNSUPPORTED),
        ([WHOLE], Strength.STANDS),
        ([WHOLE, WHOLE], Strength.STANDS),
        ([WHOLE, GONE], Strength.WEAKENED),
        ([THIN], Strength.WEAKENED),
        ([THIN, GONE], Strength.WEAKENED),
        ([GONE, GONE], Strength.UNSUPPORTED),
        ([(True, True)], Strength.UNSUPPORTED),
    ],
)
def test_what_is_left_beneath_a_clause(legs, left):
    assert strength(iter(legs)) == left


def test_one_circle_is_experience_and_two_are_more():
    assert [is_experience_based(circles) for circles in (0, 1, 2, 5)] == [True, True, False, False]


def test_letters_go_on_after_the_last_and_end_at_z():
    assert [next_letter(taken) for taken in ("", "a", "ac", "z")] == ["a", "b", "d", ""]
