"""Telling stories: what happens on which day, in the order of the days, with the clock standing where the story is.

A story is a file of data. Its days count from the circle's first meeting, which itself counts from the day on which
the story is told; several stories are told at once, as they would have happened.
"""

import urllib.request
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml

from sirkel.config.bots import around, between, ending, forming
from sirkel.config.bots.browser import Browser
from sirkel.config.bots.cast import Cast, Letters, SignIn, by_demo_link, in_folder
from sirkel.config.bots.meeting import Played
from sirkel.kernel import clock

Act = Callable[[Cast, dict[str, Any]], None]
USUAL_CLOCK = "10:00"
STORIES = Path(__file__).resolve().parent.parent / "demo" / "stories"


def meet(cast: Cast, told: dict[str, Any]) -> None:
    """Hold a meeting from the first button to the last, or leave it open where the story leaves it."""
    played = Played(cast=cast, script=told, at=clock.now())
    if told.get("is_left_open"):
        played.open()
    else:
        played.play(until=told.get("until", ""))


VERBS: dict[str, Act] = {
    **forming.VERBS,
    **around.VERBS,
    **between.VERBS,
    **ending.VERBS,
    "meet": meet,
}


@dataclass(frozen=True, order=True)
class Beat:
    """One thing that happens: when, in which place among others, and what."""

    at: datetime
    place: int
    act: Act = field(compare=False)
    cast: Cast = field(compare=False)
    told: dict[str, Any] = field(compare=False)

    def play(self) -> None:
        """Do it, with the clock at its moment."""
        with clock.frozen(self.at):
            self.act(self.cast, dict(self.told))


def load(name: str) -> dict[str, Any]:
    """Return a story as its file tells it."""
    story: dict[str, Any] = yaml.safe_load((STORIES / f"{name}.yaml").read_text(encoding="utf-8"))
    return story


def beats_of(cast: Cast) -> Iterator[Beat]:
    """Yield what happens in a story, day by day; what lies after the day of telling is yet to come."""
    place = 0
    for day, acts in sorted(cast.story["days"].items()):
        for told in acts:
            ((verb, words),) = told.items()
            words = dict(words or {})
            hour = words.pop("at", cast.story["clock"] if verb == "meet" else USUAL_CLOCK)
            at = cast.today if hour == "now" else cast.moment(day, hour)
            if at <= cast.today:
                place += 1
                yield Beat(at, place, VERBS[verb], cast, words)


def tell(
    stories: Sequence[dict[str, Any]],
    *,
    site: str,
    wire: Sequence[urllib.request.BaseHandler],
    today: datetime,
    sign_in: SignIn = by_demo_link,
    letters: Letters = in_folder,
    after_day: Callable[[], None] = lambda: None,
    progress: Callable[[int, int], None] = lambda _done, _all: None,
) -> list[Cast]:
    """Tell several stories at once, in the order in which things happen; return who played in them.

    Args:
        stories: as their files tell them.
        site: where the server answers, without a slash at the end.
        wire: urllib's handlers that reach it.
        today: the moment at which they are told.
        sign_in: how people with an account come in.
        letters: how somebody reads the mails they got.
        after_day: called with the clock in the evening of each day on which something happened.
        progress: told how many things have happened, of how many.

    """
    browsers: dict[str, Browser] = {}
    casts = [
        Cast(
            site=site,
            wire=wire,
            story=story,
            today=today,
            sign_in=sign_in,
            letters=letters,
            browsers=browsers,
        )
        for story in stories
    ]
    beats = sorted(beat for cast in casts for beat in beats_of(cast))
    for number, beat in enumerate(beats, start=1):
        beat.play()
        following = beats[number].at if number < len(beats) else None
        if following is None or following.date() > beat.at.date():
            with clock.frozen(max(beat.at, min(beat.at.replace(hour=19, minute=0), today))):
                after_day()
        progress(number, len(beats))
    return casts
