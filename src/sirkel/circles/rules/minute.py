"""Reading time: what fits into a minute, by the number of words."""

from collections.abc import Sequence

MOST_WORDS = 150
# A single line is never longer than this; all of it stands in the recap below.
MOST_IN_LINE = 24
_MOST_SIGNS = 200


def shortened(text: str, most: int = MOST_IN_LINE) -> str:
    """Return the first words of a text, with three dots where something was left out."""
    words = text.split()
    short = " ".join(words[:most])
    if len(short) > _MOST_SIGNS:
        short = short[:_MOST_SIGNS].rstrip()
    elif len(words) <= most:
        return short
    return f"{short} …"


def count_words(text: str) -> int:
    """Return how many words a text has, as a reader counts them: what stands between blanks."""
    return len(text.split())


def that_fit(parts: Sequence[Sequence[str]], *, reserved: int) -> list[int]:
    """Return how many lines of each part fit into a minute beside ``reserved`` words.

    The first line of every part comes before the second of any, so that no part pushes another out.
    """
    left = MOST_WORDS - reserved
    taken = [0] * len(parts)
    for row in range(max((len(part) for part in parts), default=0)):
        for place, part in enumerate(parts):
            if row >= len(part) or taken[place] < row:
                continue
            words = count_words(part[row])
            if words <= left:
                left -= words
                taken[place] += 1
    return taken
