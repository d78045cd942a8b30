"""Disclosure control: which numbers may be seen so that nobody's answer can be worked out from all of them."""

from sirkel.evidence.disclosure.protect import protect
from sirkel.evidence.disclosure.request import BadRequestError, Request, read_request

__all__ = ["BadRequestError", "Request", "protect", "read_request"]
