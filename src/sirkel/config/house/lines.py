"""One line of the page on how the server is: what is looked at, how it is, and what to do."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class State(TextChoices):
    """How something is, the best first."""

    GOOD = "good", _("Well")
    LOOK = "look", _("Look at this")
    BAD = "bad", _("Does not work")


@dataclass(frozen=True)
class Line:
    """One thing that was looked at. ``says`` are sentences; ``to_do`` is empty where nothing is to be done."""

    key: str
    name: Any
    state: State
    says: tuple[Any, ...]
    to_do: Any = ""

    @property
    def tone(self) -> str:
        """The colour of the state, which the words say too."""
        return "" if self.state == State.GOOD else "warm"

    @property
    def icon(self) -> str:
        """The sign of the state, which the words say too."""
        return {State.GOOD: "success", State.LOOK: "warning", State.BAD: "error"}[self.state]


def not_in_a_demo() -> tuple[Any, ...]:
    """Return the sentence that says why something may be missing; none on a server that people use."""
    return (_("A demo needs none."),) if settings.DEMO else ()


def worst(states: list[State]) -> State:
    """Return the worst of some states; well when there are none."""
    order = list(State)
    return max(states, key=order.index, default=State.GOOD)
