"""Find national person numbers in folded text: digit groups, windows over them, and what explains them away.

Digit groups joined by one separator make a chain. Every run of whole groups that holds 10, 11 or 12 digits is a
window and is judged by `id_rules`. At most three windows begin at a group, each is judged in constant time, so
the work grows in proportion to the text.

A leak detector meets dates, times and telephone numbers far more often than person numbers. A window whose
every group belongs to such a token is passed over: "12.03.25 14.30" has the digits of a person number, but
nobody writes one like that.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import accumulate
from operator import add, sub
from typing import NamedTuple

from sirkel.kernel import id_rules

TEN_DIGITS = "10-digit person number"
"""Stands for a country where Danish, Swedish and all-digit Finnish numbers look alike."""

_CHAIN = re.compile(r"[0-9]+(?:(?:[ .+-]| - | {0,4}-? {0,4}\n {0,4})[0-9]+)*")
_DIGITS, _NOT_DIGITS = re.compile(r"[0-9]+"), re.compile(r"[^0-9]+")
_WITHOUT_SEPARATORS = str.maketrans("", "", " .+-\n")
_MARGIN = 12
_TEN, _ELEVEN, _TWELVE = 10, 11, 12
_LABELS = frozenset({"fnr", "dnr", "pnr", "cpr", "hetu", "nr", "personnr", "persnr"})
_LONGEST_LABEL = max(map(len, _LABELS))
_LONG_LIST = 16
_DATE_DIGITS, _SERIAL_DIGITS = 6, 4
_FOREIGN_PREFIX = re.compile(r"4\d|29[89]|3[578]\d")

_DAY = r"(?:0?[1-9]|[12]\d|3[01])"
_MONTH = r"(?:0?[1-9]|1[0-2])"
_YEAR = r"(?:(?:19|20)\d\d|\d\d)"
_UNIT = r"(?:ml|mg|μg|mcg|kg|kcal|dl|cl|mmol|km|cm|mm|kr|%|°)"
_EXPLAINED = re.compile(
    r"(^|[^0-9.]|[^0-9]\.)(?:"
    rf"{_DAY}\.{_MONTH}(?:\.{_YEAR})?(?!\d|\.\d)"  # 12.03.25
    r"|(?:[01]?\d|2[0-4])\.[0-5]\d(?!\d|\.\d)"  # 14.30
    r"|\d{4}\.\d\d\.\d{5}(?!\d)"  # a Norwegian bank account
    r"|\d{1,4}[,:/]\d{1,4}(?!\d)"  # 14:30, 7,2, 120/80
    rf"|\d{{1,5}}(?:\.\d\d?)? ?{_UNIT}(?![a-z])"  # 1200 ml
    r"|(?:\+|00)(?:4[57](?: ?\d){8}|46(?:[ -]?\d){7,9}|358(?:[ -]?\d){6,9})(?!\d)"  # +47 912 34 567
    r"|0\d[- ]\d{3} \d{2,3} \d\d(?!-?\d)|0\d{3}[- ](?:\d{6}|\d\d \d\d \d\d|\d{3} \d{3})(?!-?\d)"
    r"|0\d\d[- ](?:\d{7}|\d{3} \d{4}|\d{3} \d\d \d\d|\d{4} \d{3}|\d\d \d\d \d{2,3})(?!-?\d)"
    r"|((?:[2-9]\d(?: \d\d){3}|[2-9]\d\d \d\d \d{3})(?!\d)))"  # 20 12 34 56, 912 34 567
    rf"|(^|[^0-9-])(?:(?:19|20)\d\d-\d\d-\d\d|{_DAY}-{_MONTH}-{_YEAR})(?!\d|-\d)",  # 2025-03-12
    re.IGNORECASE | re.ASCII,
)
_LIKELY, _CERTAINLY = 1, 2
_STRAY_DIGITS = 3

_S = r"(?:[ .-]| - | {0,4}-? {0,4}\n {0,4})?"
_SIX, _THREE = rf"\d(?:{_S}\d){{5}}", rf"(?:{_S}\d){{3}}"
# nosemgrep: no-words-as-a-pattern -- made of constants
_FINNISH = re.compile(
    rf"(?:^|[^0-9])(?=({_SIX}(?:"
    rf"(?:{_S}[YXWVUABCDEF]|[yxwvuabcdef]){_THREE}(?:{_S}[0-9A-FHJ-NPR-Y]|[a-fhj-npr-y])"
    rf"|{_S}[-+]?{_THREE}(?:{_S}[A-FHJ-NPR-Y]|[a-fhj-npr-y]))))",
    re.ASCII,
)
_REPLACEMENT = re.compile(
    r"(?:^|[^0-9])(?=((\d\d)?(\d{6})-(?=[0-9]{0,2}[A-Z])(?=[A-Z]{0,3}[0-9])[0-9A-Z]{4}))", re.ASCII
)
_LETTER = re.compile(r"[A-Za-z]")


class Number(NamedTuple):
    """Say where in the folded text a person number stands; `is_certain` tells "stop" from "ask"."""

    start: int
    end: int
    is_certain: bool
    country: str


class Chain(NamedTuple):
    """Digit groups parted by one separator each.

    `starts[i]` says where group i stands in the text, `offsets[i]` how many digits come before it (one more
    entry at the end), `gaps[i]` what parts it from group i + 1.
    """

    starts: Sequence[int]
    offsets: Sequence[int]
    gaps: Sequence[str]
    digits: str


def chains(text: str) -> Iterator[Chain]:
    """Yield the chains in folded text that hold enough digits for a person number, from left to right."""
    for match in _CHAIN.finditer(text):
        chain = match[0]
        if len(chain) < _TEN:
            continue
        digits = chain.translate(_WITHOUT_SEPARATORS)
        if len(digits) < _TEN:
            continue
        lengths = list(map(len, _NOT_DIGITS.split(chain)))
        if len(lengths) >= _LONG_LIST and lengths[0] < _TEN and len(set(lengths)) == 1:
            continue  # nothing but a column of figures
        gaps = _DIGITS.split(chain)[1:-1]
        starts = list(accumulate(map(add, lengths, map(len, gaps)), initial=match.start()))
        yield Chain(starts, list(accumulate(lengths, initial=0)), gaps, digits)


def windows(chain: Chain) -> Iterator[tuple[int, int, str]]:
    """Yield first group, last group and digits of every run of whole groups that holds 10, 11 or 12 digits."""
    offsets, digits = chain.offsets, chain.digits
    last_at = {offset: index - 1 for index, offset in enumerate(offsets)}
    for first, offset in enumerate(offsets):
        for end in (offset + _TWELVE, offset + _ELEVEN, offset + _TEN):
            if end in last_at:
                yield first, last_at[end], digits[offset:end]


def numbers(text: str) -> Iterator[Number]:
    """Yield every person number in folded text; those that overlap are all given.

    `text` must come from `id_text.plain`. A number next to a letter or a digit is none, but a label such as
    "fnr" may be glued to its front.
    """
    for chain in chains(text):
        explained: bytearray | None = None
        for first, last, digits in windows(chain):
            if not id_rules.may_be_dated(digits):
                continue
            verdict = _verdict(chain, first, last, digits)
            start, end = chain.starts[first], _end(chain, last)
            if verdict is None or not _stands_alone(text, start, end):
                continue
            if explained is None:
                explained = _explained(text, chain)
            if not _is_explained(chain, explained, first, last):
                yield Number(start, end, *verdict)
    if _LETTER.search(text):
        yield from _numbers_with_letters(text)


def _end(chain: Chain, group: int) -> int:
    """Say where a group of the chain ends in the text; -1 is the last group."""
    group %= len(chain.starts)
    return chain.starts[group] + chain.offsets[group + 1] - chain.offsets[group]


def _verdict(chain: Chain, first: int, last: int, digits: str) -> tuple[bool, str] | None:
    """Judge the digits of one window: (is certain, country), or None when they are no person number."""
    gaps = chain.gaps[first:last]
    if "+" in gaps:
        return _over_a_hundred(digits, gaps, chain.offsets[last + 1] - chain.offsets[last])
    if gaps and (_is_part_of_list(chain, first, last) or "".join(gaps).count("\n") > 1):
        return None
    country = _certain_country(digits)
    if country is not None:
        return bool(gaps) or len(digits) != _TEN, country
    if len(digits) == _TEN and _is_danish_shape(chain, first, last, digits):
        return False, TEN_DIGITS
    return None


def _certain_country(digits: str) -> str | None:
    """Name the country whose check digits fit."""
    if len(digits) == _ELEVEN:
        return "NO" if id_rules.is_norwegian(digits) else None
    if id_rules.is_swedish(digits):
        return TEN_DIGITS if len(digits) == _TEN else "SE"
    if len(digits) == _TEN:
        return (
            TEN_DIGITS
            if id_rules.is_danish_checked(digits) or id_rules.is_finnish(digits[:9], digits[9])
            else None
        )
    return "NO" if id_rules.is_norwegian_immigration_number(digits) else None


def _over_a_hundred(digits: str, gaps: Sequence[str], last_group_length: int) -> tuple[bool, str] | None:
    """Judge digits with a plus among their separators: it may only stand before the last four, as a hundred sign."""
    if gaps.count("+") != 1 or gaps[-1] != "+" or last_group_length != _SERIAL_DIGITS:
        return None
    if len(digits) != _ELEVEN and id_rules.is_swedish(digits):
        return True, "SE"
    if len(digits) == _TEN and id_rules.is_finnish(digits[:9], digits[9]):
        return True, "FI"
    return None


def _is_danish_shape(chain: Chain, first: int, last: int, digits: str) -> bool:
    """Tell whether ten unchecked digits look like a CPR number: a date in front, parted after the date if at all."""
    if not id_rules.is_danish_date(digits):
        return False
    if first == last:
        return True
    if chain.offsets[first] + _DATE_DIGITS not in chain.offsets[first : last + 1]:
        return False
    return digits[:4] in id_rules.DAY_MONTH or digits[2:6] not in id_rules.MONTH_DAY


def _is_part_of_list(chain: Chain, first: int, last: int) -> bool:
    """Tell whether a window is cut out of a longer row of equally long groups, such as a column of figures.

    For ten digits one more such group beside it makes a list; longer numbers fit by chance so rarely that it
    takes a long row.
    """
    lengths = list(map(sub, chain.offsets[first + 1 : last + 2], chain.offsets[first : last + 1]))
    if len(set(lengths)) != 1:
        return False
    count = len(lengths)
    enough = count + 1 if sum(lengths) == _TEN else _LONG_LIST
    offsets, length, row = chain.offsets, lengths[0], count
    before, after = first - 1, last + 1
    while row < enough and before >= 0 and offsets[before + 1] - offsets[before] == length:
        row, before = row + 1, before - 1
    while row < enough and after < len(chain.starts) and offsets[after + 1] - offsets[after] == length:
        row, after = row + 1, after + 1
    return row >= enough


def _stands_alone(text: str, start: int, end: int) -> bool:
    """Tell whether a span touches no letter (a label in front is allowed) and follows no foreign "+" prefix."""
    if end < len(text) and text[end].isalnum():
        return False
    before = text[start - 1] if start else ""
    if before == "+":
        return not _FOREIGN_PREFIX.match(text, start)
    if not before.isalnum():
        return True
    word = start
    while word and start - word <= _LONGEST_LABEL and text[word - 1].isalnum():
        word -= 1
    return text[word:start].lower() in _LABELS


def _explained(text: str, chain: Chain) -> bytearray:
    """Say for each group of the chain whether it belongs to a date, time, amount or telephone number.

    0 is no, `_LIKELY` is a telephone number of pairs or triplets (a person number can begin like one),
    `_CERTAINLY` is any other.
    """
    start, end = chain.starts[0], _end(chain, -1)
    marks = bytearray(end - start)
    for match in _EXPLAINED.finditer(text, max(0, start - _MARGIN), end + _MARGIN):
        first = max(match.start() + len(match[1] or match[3] or ""), start) - start
        last = min(match.end(), end) - start
        if first < last:
            marks[first:last] = bytes([_LIKELY if match[2] else _CERTAINLY]) * (last - first)
    return bytearray(marks[group - start] for group in chain.starts)


def _is_explained(chain: Chain, explained: bytearray, first: int, last: int) -> bool:
    """Tell whether all groups of a window are explained, or all but a stray small number beside dates and times."""
    marks = explained[first : last + 1]
    if all(marks):
        return True
    digits = map(sub, chain.offsets[first + 1 : last + 2], chain.offsets[first : last + 1])
    return (
        sum(count for count, mark in zip(digits, marks, strict=True) if mark != _CERTAINLY) <= _STRAY_DIGITS
    )


def _numbers_with_letters(text: str) -> Iterator[Number]:
    """Yield hetu, and CPR, personnummer or reserve numbers that hold letters."""
    for match in _FINNISH.finditer(text):
        start, end = match.span(1)
        kept = "".join(filter(str.isalnum, match[1]))
        if id_rules.is_finnish(kept[:6] + kept[-4:-1], kept[-1]) and _stands_alone(text, start, end):
            yield Number(start, end, is_certain=True, country="FI")
    for match in _REPLACEMENT.finditer(text):
        start, end = match.span(1)
        century, date = match[2], match[3]
        is_dated = date[2:] in id_rules.MONTH_DAY or (not century and date[:4] in id_rules.DAY_MONTH)
        if is_dated and _stands_alone(text, start, end):
            yield Number(start, end, is_certain=False, country="SE" if century else TEN_DIGITS)
