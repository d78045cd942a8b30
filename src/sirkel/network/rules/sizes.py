"""How large a circle is, said in a band."""

FEWEST_MIDDLE = 6
FEWEST_LARGE = 10


def size_band(people: int) -> str:
    """Return small, middle or large for a number of people; empty when nobody knows the number."""
    if people <= 0:
        return ""
    if people < FEWEST_MIDDLE:
        return "small"
    return "middle" if people < FEWEST_LARGE else "large"
