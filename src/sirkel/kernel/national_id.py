"""Guard free text against national person numbers and other details that could point at a patient or colleague.

The browser runs the numeric part of the same rules before anything is sent (`web/static/js/national_id.js`); the
server runs all of them before anything is stored. Both are held to `tests/reference/national_id_vectors.json`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from sirkel.kernel.id_hints import hints
from sirkel.kernel.id_numbers import TEN_DIGITS, numbers
from sirkel.kernel.id_text import plain

__all__ = ["TEN_DIGITS", "Finding", "Kind", "Severity", "find", "mask"]


class Kind(StrEnum):
    """Say what sort of detail was found; all but `NATIONAL_ID` only hint."""

    NATIONAL_ID = "national_id"
    PHONE = "phone"
    EMAIL = "email"
    ROOM = "room"
    NAME = "name"
    CIRCUMSTANCE = "circumstance"


class Severity(StrEnum):
    """Say what to do: HIGH stops the text, MEDIUM asks the author, LOW gives a hint."""

    HIGH = "HIGH"
    MEDIUM = "MEDIUM"
    LOW = "LOW"


@dataclass(frozen=True, slots=True)
class Finding:
    """Say where a detail stands, never what it says, so that it is safe in logs and error pages.

    `start` and `end` are code point offsets into the text that was searched. `country` is "NO", "DK", "SE",
    "FI", or `TEN_DIGITS` where countries cannot be told apart; None for hints.
    """

    start: int
    end: int
    kind: Kind
    severity: Severity
    country: str | None = None


def find(text: str) -> list[Finding]:
    """Find person numbers and softer personal details, in the order in which they stand.

    Findings never overlap: the more severe wins, then the longer, then the earlier. Runs in time proportional
    to the length of the text. Empty list: nothing was found, which does not prove that nothing is there.
    """
    folded = plain(text)
    found = [
        Finding(
            number.start,
            number.end,
            Kind.NATIONAL_ID,
            _severity(is_certain=number.is_certain),
            number.country,
        )
        for number in numbers(folded.text)
    ]
    found += [Finding(hint.start, hint.end, Kind(hint.kind), Severity.LOW) for hint in hints(folded.text)]
    return [
        Finding(folded.origins[f.start], folded.origins[f.end - 1] + 1, f.kind, f.severity, f.country)
        for f in _without_overlaps(found, len(folded.text))
    ]


def mask(text: str, findings: Iterable[Finding]) -> str:
    """Replace every letter and digit of the given findings in `text` by a bullet; separators stay."""
    characters = list(text)
    for finding in findings:
        for index in range(finding.start, finding.end):
            if characters[index].isalnum():
                characters[index] = "•"
    return "".join(characters)


def _severity(*, is_certain: bool) -> Severity:
    return Severity.HIGH if is_certain else Severity.MEDIUM


def _without_overlaps(found: list[Finding], length: int) -> list[Finding]:
    """Keep the weightiest of findings that share a character, sorted by place."""
    weight = {Severity.HIGH: 0, Severity.MEDIUM: 1, Severity.LOW: 2}
    taken = bytearray(length)
    kept = []
    for finding in sorted(found, key=lambda f: (weight[f.severity], f.start - f.end, f.start)):
        if not any(taken[finding.start : finding.end]):
            taken[finding.start : finding.end] = b"\1" * (finding.end - finding.start)
            kept.append(finding)
    return sorted(kept, key=lambda f: f.start)
