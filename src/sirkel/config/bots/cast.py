"""Who plays in a story, each with a browser: facilitators, leaders, representatives with an account, and phones without."""

import random
import re
import urllib.request
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sirkel.config.bots.browser import Browser
from sirkel.config.bots.phone import Phone

SignIn = Callable[[Browser, str], None]
# Given an address, the texts of the mails it got, the newest first.
Letters = Callable[[str], Iterable[str]]


def by_demo_link(browser: Browser, name: str) -> None:
    """Go in as an invented person by the link on the page for signing in."""
    browser.open("/accounts/login/")
    browser.follow(r"/demo/sign-in/", words=name)
    browser.press()


def in_folder(address: str) -> Iterable[str]:
    """Read the mails that lie in the data folder, as the demo writes them."""
    from sirkel.people.queries.demo import mails_to  # noqa: PLC0415 -- bots over the network need no database

    return (mail.text for mail in mails_to(address))


@dataclass
class Cast:
    """Everybody of one story, and what they have come to know of it.

    Attributes:
        site: where the server answers, without a slash at the end.
        wire: urllib's handlers that reach it.
        story: the story as its file tells it.
        today: the day on which the story is told; its days are counted from there.
        sign_in: how somebody with an account comes in.
        letters: how somebody reads the mails they got.
        home: the path of the circle's page, once it is begun.
        browsers: of everybody who is signed in, by name; people may play in several stories.
        papers: what hangs on the wall: the address for saying how a trial goes, by trial.

    """

    site: str
    wire: Sequence[urllib.request.BaseHandler]
    story: dict[str, Any]
    today: datetime
    sign_in: SignIn = by_demo_link
    letters: Letters = in_folder
    home: str = ""
    browsers: dict[str, Browser] = field(default_factory=dict, repr=False)
    papers: dict[str, str] = field(default_factory=dict, repr=False)

    @property
    def language(self) -> str:
        """The circle's own language."""
        return str(self.story["language"])

    @property
    def zone(self) -> ZoneInfo:
        """The time zone of the workplace."""
        return ZoneInfo(self.story["time_zone"])

    def person(self, who: str) -> Browser:
        """Return the browser of somebody in this story, signed in. ``who`` is a part in it, such as leader."""
        name = self.story["cast"].get(who, who)
        if name not in self.browsers:
            self.browsers[name] = Browser(site=self.site, wire=self.wire, language=self.language)
            self.sign_in(self.browsers[name], name)
        return self.browsers[name]

    @property
    def facilitator(self) -> Browser:
        """The browser of whoever began the circle."""
        return self.person("facilitator")

    def at_home(self, who: str = "facilitator") -> Browser:
        """Return somebody's browser with the circle's page open."""
        browser = self.person(who)
        browser.open(self.home)
        return browser

    def link_in_mail(self, address: str, pattern: str) -> str:
        """Return the newest link of a kind in the mails that an address got.

        Raises:
            LookupError: there is none.

        """
        for text in self.letters(address):
            # nosemgrep: no-words-as-a-pattern -- the players' own code names it
            found = re.search(rf"https?://[^/\s]+{pattern}", text)
            if found:
                return found[0]
        raise LookupError(f"no mail to {address} has a link {pattern}")

    def phone(self, language: str = "") -> Phone:
        """Return a phone that nobody has used yet."""
        return Phone(
            site=self.site,
            wire=self.wire,
            language=language or self.language,
            dice=random.Random(0),  # noqa: S311 -- what a phone says, no secret
        )

    @property
    def first_day(self) -> date:
        """The day of the first meeting, on a weekday unless the story says that it is told to the day."""
        day = (self.today + timedelta(days=self.story["first"])).astimezone(self.zone).date()
        is_weekend = day.weekday() > 4  # noqa: PLR2004 -- Friday
        return (
            day + timedelta(days=7 - day.weekday())
            if is_weekend and not self.story.get("to_the_day")
            else day
        )

    def day(self, number: int) -> date:
        """Return the day that is so many days after the first meeting."""
        return self.first_day + timedelta(days=number)

    def moment(self, number: int, clock: str) -> datetime:
        """Return a moment of a day of the story, as the clock at the workplace shows it."""
        hour, minute = map(int, clock.split(":"))
        day = self.day(number)
        return datetime(day.year, day.month, day.day, hour, minute, tzinfo=self.zone)
