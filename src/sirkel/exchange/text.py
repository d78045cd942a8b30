"""What people wrote, made safe to set in a file format without changing what it says."""

import re

_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
# What XML 1.0 forbids, the control characters that no document needs, signs that turn the reading
# direction of everything after them, and signs that nobody sees.
_UNFIT = re.compile(
    "[\x00-\x08\x0e-\x1b\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufeff\ufdd0-\ufdef\ufffe\uffff"
    "\u202a-\u202e\u2066-\u2069\U000e0000-\U000e007f"
    "\U0001fffe\U0001ffff\U0002fffe\U0002ffff\U0003fffe\U0003ffff\U0004fffe\U0004ffff"
    "\U0005fffe\U0005ffff\U0006fffe\U0006ffff\U0007fffe\U0007ffff\U0008fffe\U0008ffff"
    "\U0009fffe\U0009ffff\U000afffe\U000affff\U000bfffe\U000bffff\U000cfffe\U000cffff"
    "\U000dfffe\U000dffff\U000efffe\U000effff\U000ffffe\U000fffff\U0010fffe\U0010ffff]"
)
_MANY_BLANK_LINES = re.compile("\n{3,}")
_SPACES = re.compile(r"\s+")


def clean_text(text: str) -> str:
    """Return the text with one kind of line end and without characters that documents cannot hold.

    Removes control characters, lone surrogates, Unicode noncharacters, direction overrides and invisible
    tags; a tab becomes a space. Nothing is escaped: escaping belongs to each format. Letters are left as
    they were typed, not normalised. Empty text stays empty.
    """
    one_kind = _LINE_ENDS.sub("\n", text).replace("\t", " ")
    return _MANY_BLANK_LINES.sub("\n\n", _UNFIT.sub("", one_kind)).strip()


def clean_line(text: str) -> str:
    """Return the text as `clean_text` does, on one line with single spaces."""
    return _SPACES.sub(" ", clean_text(text))
