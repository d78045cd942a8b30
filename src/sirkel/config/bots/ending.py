"""How a circle ends: its closing in a few steps, and the looks back three and six months after."""

import re
from typing import Any

from sirkel.config.bots.between import words_of_trial
from sirkel.config.bots.browser import Browser
from sirkel.config.bots.cast import Cast


def _name_after(browser: Browser, words: str, prefix: str) -> str:
    """Return the id in the name of the first field of a kind that stands after these words."""
    # nosemgrep: no-words-as-a-pattern -- the players' own code names it
    found = re.search(rf'name="{prefix}-([0-9a-f-]{{36}})"', browser.after(words))
    if not found:
        raise browser.broke(f"“{words}” is not asked about")
    return found[1]


def close(cast: Cast, told: dict[str, Any]) -> None:
    """Go through the closing with the group: expectations, what stays, how it goes on; then stand by it."""
    browser = cast.at_home()
    browser.follow(r"/closing/$")
    browser.follow(r"/closing/expectations/$")
    fields = {}
    for one in told["looked_back"]:
        expectation = _name_after(browser, one["text"], "outcome")
        fields[f"outcome-{expectation}"] = one["outcome"]
        fields[f"words-{expectation}"] = one.get("words", "")
    browser.press(**fields)
    for line in told["lines"]:
        _place(cast, browser, dict(line))
    browser.follow(r"/closing/on/$")
    browser.press(**told["goes_on"])
    browser.press()


def _place(cast: Cast, browser: Browser, line: dict[str, Any]) -> None:
    trial = line.pop("trial", "")
    if trial:
        browser.follow(r"/closing/lines/new/\?trial=", beside=words_of_trial(cast, trial))
    else:
        browser.follow(r"/closing/lines/new/$")
    if "look_again_on" in line:
        line["look_again_on"] = cast.day(line["look_again_on"]).isoformat()
    browser.press(**line)


def end_early(cast: Cast, told: dict[str, Any]) -> None:
    """End the circle before its time."""
    browser = cast.at_home()
    browser.follow(r"/end/$")
    browser.press(reason=told["reason"])


def look_back(cast: Cast, told: dict[str, Any]) -> None:
    """Answer the three questions of a look back."""
    browser = cast.at_home()
    browser.follow(r"/follow-up/$")
    browser.follow(rf"/follow-up/{told['months']}/$")
    fields = {f"anchor-{_name_after(browser, one['text'], 'anchor')}": one["says"] for one in told["in_use"]}
    browser.press(**fields, words=told.get("words", ""), still_meets=told["still_meets"])


def shut(cast: Cast, told: dict[str, Any]) -> None:
    """Close the circle when everything is looked back at."""
    del told
    browser = cast.at_home()
    browser.follow(r"/follow-up/$")
    browser.press(r"/phase/$", phase="closed")


VERBS = {each.__name__: each for each in (close, end_early, look_back, shut)}
