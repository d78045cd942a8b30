"""Two sittings of one meeting number: how they count, and how they are named in an address. Pure."""

from collections.abc import Collection, Iterable

MOST_SITTINGS = 2
# What a meeting number is when its sittings stand differently: the first of these that one of them is.
_FIRST = ("held", "running", "planned", "draft", "cancelled")


class MeetingNumber(int):
    """A meeting's number as an address names it: ``3``, or ``3-2`` for the second sitting of the third meeting."""

    sitting: int = 1

    @classmethod
    def of(cls, number: int, sitting: int = 1) -> "MeetingNumber":
        """Return a number with its sitting."""
        made = cls(number)
        made.sitting = sitting
        return made

    def __str__(self) -> str:
        """Write it as an address does."""
        return f"{int(self)}-{self.sitting}" if self.sitting > 1 else f"{int(self)}"


class MeetingConverter:
    """The ``<meeting:number>`` of an address."""

    regex = "[0-9]+(?:-[2-9])?"

    def to_python(self, value: str) -> MeetingNumber:
        """Read ``3`` or ``3-2``."""
        number, _dash, sitting = value.partition("-")
        return MeetingNumber.of(int(number), int(sitting or 1))

    def to_url(self, value: object) -> str:
        """Write a number, a ``MeetingNumber`` or what is written already."""
        return str(value)


def one_state(states: Collection[str]) -> str:
    """Return the state of a meeting number from the states of its sittings: held as soon as one of them is."""
    return next(state for state in _FIRST if state in states)


def counts(rows: Iterable[tuple[int, str]], *, besides: Collection[str] = ("cancelled",)) -> tuple[int, int]:
    """Count meeting numbers: how many were held, and how many there are in all.

    Args:
        rows: number and state of every sitting of one circle.
        besides: a number of which every sitting is one of these does not count.

    """
    numbers: dict[int, set[str]] = {}
    for number, state in rows:
        numbers.setdefault(number, set()).add(str(state))
    held = sum(one_state(states) == "held" for states in numbers.values())
    return held, sum(bool(states - set(besides)) for states in numbers.values())
