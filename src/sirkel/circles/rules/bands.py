"""Counts that must not be exact: bands for pulses and coarse counts of hidden notes."""

FEWEST_ANSWERS = 5
FEWEST_NOTES_TO_COUNT = 4


def share_band(count: int, total: int) -> str:
    """Return none, few, some, most or nearly_all for ``count`` of ``total``.

    Bands hide the exact split and unanimity: nine tenths and all are the same word.
    """
    if not count:
        return "none"
    share = count / total
    if share < 0.25:  # noqa: PLR2004 -- the band's own bound
        return "few"
    if share <= 0.5:  # noqa: PLR2004 -- the band's own bound
        return "some"
    return "most" if share < 0.9 else "nearly_all"  # noqa: PLR2004 -- the band's own bound


def coarse_count(count: int) -> int | None:
    """Return a number of hidden notes that may be shown, or None below four ("some notes")."""
    return count if count >= FEWEST_NOTES_TO_COUNT else None
