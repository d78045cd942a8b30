"""What happens between meetings: trials with their logs and posters, lines to the leader, challenges."""

from typing import Any

from sirkel.config.bots.browser import Browser
from sirkel.config.bots.cast import Cast

DAY_FIELDS = ("ends_on",)


def trial_fields(cast: Cast, told: dict[str, Any]) -> dict[str, Any]:
    """Return a trial's plan as its form takes it: days become dates."""
    return {
        name: cast.day(value).isoformat() if name in DAY_FIELDS else value
        for name, value in told.items()
        if value not in (False, None)
    }


def words_of_trial(cast: Cast, key: str) -> str:
    """Return what a trial of the story is called on the pages."""
    return str(cast.story["trials"][key]["what"])


def _at_trial(cast: Cast, key: str) -> Browser:
    browser = cast.at_home()
    browser.follow(r"/trials/[0-9a-f-]{36}/$", words=words_of_trial(cast, key))
    return browser


def idea(cast: Cast, told: dict[str, Any]) -> None:
    """Keep an idea for a trial."""
    browser = cast.at_home()
    browser.follow(r"/trials/idea/$")
    trial = cast.story["trials"][told["trial"]]
    browser.press(what=trial["what"], prediction=trial["prediction"])


def plan_idea(cast: Cast, told: dict[str, Any]) -> None:
    """Make a plan of an idea, or change a plan."""
    browser = _at_trial(cast, told["trial"])
    browser.follow(r"/change/$")
    browser.press(**trial_fields(cast, cast.story["trials"][told["trial"]]))


def start(cast: Cast, told: dict[str, Any]) -> None:
    """Begin a trial."""
    _press_move(_at_trial(cast, told["trial"]), "running")


def stop(cast: Cast, told: dict[str, Any]) -> None:
    """Stop a trial because its stop rule is met."""
    _press_move(_at_trial(cast, told["trial"]), "stopped")


def enough(cast: Cast, told: dict[str, Any]) -> None:
    """Say that enough was tried."""
    _press_move(_at_trial(cast, told["trial"]), "learning")


def _press_move(browser: Browser, to: str) -> None:
    browser.send(browser.form(r"/move/$", to=to))


def mandate(cast: Cast, told: dict[str, Any]) -> None:
    """Write down that the leader said yes to a trial that touches care."""
    browser = _at_trial(cast, told["trial"])
    browser.send(browser.form(r"/mandate/$", given="yes"))


def decide(cast: Cast, told: dict[str, Any]) -> None:
    """Decide about a trial outside a meeting."""
    browser = _at_trial(cast, told.pop("trial"))
    browser.follow(r"/decide/$")
    browser.press(**trial_fields(cast, told))


def next_cycle(cast: Cast, told: dict[str, Any]) -> None:
    """Plan a next cycle of a trial: what changes, and how much larger. The story tells the new one among its trials."""
    browser = _at_trial(cast, told["after"])
    browser.follow(r"/next/$")
    browser.press(
        change=told["change"], scale=told["scale"], **trial_fields(cast, cast.story["trials"][told["trial"]])
    )


def log(cast: Cast, told: dict[str, Any]) -> None:
    """Say how a trial goes, from the code on paper: phones of people without an account press one button each."""
    if told["trial"] not in cast.papers:
        browser = _at_trial(cast, told["trial"])
        browser.follow(r"/link/$")
        cast.papers[told["trial"]] = browser.link(r"/t/")
    for said in told["said"]:
        phone = cast.phone(said.get("lang", ""))
        phone.open(cast.papers[told["trial"]])
        fields = {name: value for name, value in said.items() if name in {"kind", "count", "text"}}
        phone.press(r"/t/", **{"kind": "did", **fields})


def show(cast: Cast, told: dict[str, Any]) -> None:
    """Show a trial's plan to colleagues, and let some of them react to the poster."""
    browser = _at_trial(cast, told["trial"])
    browser.send(browser.form(r"/show/$", shown="yes"))
    browser.follow(r"/poster/$")
    address = browser.link(r"/r/")
    for said in told.get("said", []):
        phone = cast.phone(said.get("lang", ""))
        phone.open(address)
        phone.press(r"/r/", kind=said["kind"], text=said.get("text", ""))


def line(cast: Cast, told: dict[str, Any]) -> None:
    """Draft a line for the leader, from a trial where one is told."""
    if "trial" in told:
        browser = _at_trial(cast, told["trial"])
        browser.follow(r"/handovers/new/")
    else:
        browser = cast.at_home()
        browser.follow(r"/handovers/$")
        browser.follow(r"/handovers/new/")
    browser.press(text=told["text"], obstacle=told.get("obstacle", ""))


def send(cast: Cast, told: dict[str, Any]) -> None:
    """Send a line that the circle has approved."""
    browser = cast.at_home()
    browser.follow(r"/handovers/$")
    browser.press(r"/send/$", beside=told["text"])


def seen(cast: Cast, told: dict[str, Any]) -> None:
    """Let the leader say that they have read a line."""
    _at_line(cast, told).press(r"/seen/$")


def answer(cast: Cast, told: dict[str, Any]) -> None:
    """Let the leader answer a line with a reason."""
    _at_line(cast, told).press(r"/answer/$", answer=told["answer"], reason=told["reason"])


def _at_line(cast: Cast, told: dict[str, Any]) -> Browser:
    browser = cast.person(told.get("who", "leader"))
    browser.open("/leader/")
    browser.follow(r"/leader/handovers/", words=told["text"])
    return browser


def follow_up_line(cast: Cast, told: dict[str, Any]) -> None:
    """Write down what came of an answer."""
    browser = cast.at_home()
    browser.follow(r"/handovers/$")
    browser.press(r"/follow-up/$", beside=told["text"], text=told["came"])


def challenge(cast: Cast, told: dict[str, Any]) -> None:
    """Leave something for the next meeting, from the code on paper."""
    browser = cast.at_home()
    browser.follow(r"/challenges/$")
    browser.follow(r"/challenges/link/$")
    address = browser.link(r"/c/")
    for said in told["said"]:
        phone = cast.phone(said.get("lang", ""))
        phone.open(address)
        phone.press(r"/c/", text=said["text"])


VERBS = {
    each.__name__: each
    for each in (
        idea, plan_idea, start, stop, enough, mandate, decide, next_cycle, log, show, line, send, seen, answer,
        follow_up_line, challenge,
    )
}  # fmt: skip
