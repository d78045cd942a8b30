"""Disclosure control: which numbers may be seen so that nobody's answer can be worked out from all of them."""

from sirkel.evidence.disclosure.protect import protect
from sirkel.evidence.disclosure.release import Ledger, Release, ReleaseError
from sirkel.evidence.disclosure.request import BadRequestError, Request, read_request
from sirkel.evidence.disclosure.sight import Facts, Reader, Sight, Thing, may_see
from sirkel.evidence.disclosure.thresholds import LoosenedError, Scale, Thresholds

__all__ = [
    "BadRequestError",
    "Facts",
    "Ledger",
    "LoosenedError",
    "Reader",
    "Release",
    "ReleaseError",
    "Request",
    "Scale",
    "Sight",
    "Thing",
    "Thresholds",
    "may_see",
    "protect",
    "read_request",
]
