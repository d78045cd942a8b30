"""The rules that tell a Nordic person number from other digits.

A validator must accept only what is true; this is the opposite, a leak detector: it accepts every form an
authority has issued or announced, synthetic and temporary numbers included, and leaves centuries aside.

Sources: Skatteetaten (fødselsnummer, D-number, the rule from 2032, Tenor's synthetic numbers), the Norwegian
health sector's H and FH numbers, UDI (DUF), CPR-kontoret (person numbers without modulus 11), Skatteverket
(personnummer and samordningsnummer), Digi- ja väestötietovirasto (hetu with the signs of decree 690/2022).
"""

import datetime as dt

FINNISH_CHECKS = "0123456789ABCDEFHJKLMNPRSTUVWXY"
_FINNISH_LOWEST = 2
_ELEVEN, _TWELVE = 11, 12
_DOUBLED = (0, 2, 4, 6, 8, 1, 3, 5, 7, 9)
_ANY_LEAP_YEAR = 2000
_DAYS = [dt.date(_ANY_LEAP_YEAR, 1, 1) + dt.timedelta(days=count) for count in range(366)]
_CENTURIES = frozenset({"18", "19", "20"})

DAY_MONTH = frozenset(f"{day:%d%m}" for day in _DAYS)
RAISED_DAY_MONTH = frozenset(f"{day.day + 60}{day:%m}" for day in _DAYS)
MONTH_DAY = frozenset(f"{day:%m%d}" for day in _DAYS)
RAISED_MONTH_DAY = frozenset(f"{day:%m}{day.day + 60}" for day in _DAYS)
NORWEGIAN_DAY_MONTH = frozenset(
    f"{day.day + day_raise:02}{day.month + month_raise:02}"
    for day in _DAYS
    for day_raise in (0, 40)
    for month_raise in (0, 40, 65, 80)
)
"""Day and month of fødselsnummer and D-number (day + 40), with H or synthetic months (+ 40, + 65, + 80)."""
_TEN_DIGIT_DAY_MONTH = DAY_MONTH | RAISED_DAY_MONTH
_TEN_DIGIT_MONTH_DAY = MONTH_DAY | RAISED_MONTH_DAY
_NORWEGIAN_FIRST_REMAINDERS_FROM_2032 = 3


def may_be_dated(digits: str) -> bool:
    """Tell whether 10, 11 or 12 digits could begin as any rule demands; cheap, to save the sums for few."""
    if len(digits) == _ELEVEN:
        return digits[:4] in NORWEGIAN_DAY_MONTH or digits[0] in "89"
    if len(digits) == _TWELVE:
        return digits[:2] in _CENTURIES
    return digits[:4] in _TEN_DIGIT_DAY_MONTH or digits[2:6] in _TEN_DIGIT_MONTH_DAY


def is_norwegian(digits: str) -> bool:
    """Tell whether 11 digits are a fødselsnummer, D-number, H, FH or synthetic number.

    Both check digits must fit; the first may leave 0 to 3 (the rule for numbers issued from 2032). An FH number
    begins with 8 or 9, holds no date, and keeps the old rule.
    """
    is_dated = digits[:4] in NORWEGIAN_DAY_MONTH
    if not is_dated and digits[0] not in "89":
        return False
    a, b, c, d, e, f, g, h, i, first, second = map(int, digits)
    if (5 * a + 4 * b + 3 * c + 2 * d + 7 * e + 6 * f + 5 * g + 4 * h + 3 * i + 2 * first + second) % 11:
        return False
    remainder = (3 * a + 7 * b + 6 * c + d + 8 * e + 9 * f + 4 * g + 5 * h + 2 * i + first) % 11
    return remainder <= (_NORWEGIAN_FIRST_REMAINDERS_FROM_2032 if is_dated else 0)


def is_norwegian_immigration_number(digits: str) -> bool:
    """Tell whether 12 digits are probably a DUF number: year, serial number, modulus 11 in two digits."""
    if digits[:2] not in {"19", "20"}:
        return False
    total = sum(
        int(digit) * weight for digit, weight in zip(digits, (4, 6, 3, 2, 4, 6, 3, 2, 7, 5), strict=False)
    )
    return total % 11 == int(digits[10:])


def is_danish_date(digits: str) -> bool:
    """Tell whether 10 digits begin with a date as in a CPR number.

    The seventh digit names a century in every case, so any of them will do. A replacement number has its day
    raised by 60. Where such a number without modulus 11 could as well begin with a plain Swedish date it is
    left to the Swedish rule, which has a check digit.
    """
    return digits[:4] in _TEN_DIGIT_DAY_MONTH


def is_danish_checked(digits: str) -> bool:
    """Tell whether 10 digits are a dated CPR number that also fits modulus 11 (no longer required of new ones)."""
    a, b, c, d, e, f, g, h, i, j = map(int, digits)
    fits = (4 * a + 3 * b + 2 * c + 7 * d + 6 * e + 5 * f + 4 * g + 3 * h + 2 * i + j) % 11 == 0
    return fits and is_danish_date(digits)


def is_swedish(digits: str) -> bool:
    """Tell whether 10 or 12 digits are a personnummer, or a samordningsnummer (day + 60), with its Luhn digit."""
    if len(digits) == _TWELVE:
        if digits[:2] not in _CENTURIES:
            return False
        digits = digits[2:]
    if digits[2:6] not in _TEN_DIGIT_MONTH_DAY:
        return False
    a, b, c, d, e, f, g, h, i, j = map(int, digits)
    doubled = _DOUBLED[a] + _DOUBLED[c] + _DOUBLED[e] + _DOUBLED[g] + _DOUBLED[i]
    return (doubled + b + d + f + h + j) % 10 == 0


def is_finnish(nine_digits: str, check: str) -> bool:
    """Tell whether DDMMYYNNN and a check character are a Finnish or Åland hetu; 900-999 are temporary or test."""
    return (
        nine_digits[:4] in DAY_MONTH
        and int(nine_digits[6:]) >= _FINNISH_LOWEST
        and FINNISH_CHECKS[int(nine_digits) % 31] == check.upper()
    )
