"""What happens around a circle: is it time, who leads it, what is promised and agreed, how far it is, when it rests."""

from typing import Any

from sirkel.circles.rules.readiness import QUESTIONS, Weight
from sirkel.config.bots.browser import Browser
from sirkel.config.bots.cast import Cast

_WORDS = ("yes", "partly", "no")


def begin(cast: Cast, told: dict[str, Any]) -> None:
    """Begin a circle through the pages that plan one."""
    del told
    story, browser = cast.story, cast.facilitator
    browser.open("/circles/")
    browser.follow(r"/circles/new/$")
    if any(name == "workplace" for name, _value in browser.form().preset) or browser.form().offers.get(
        "workplace"
    ):
        browser.press(do="on", name=story["name"], purpose=story["purpose"], theme_frame=story["theme_frame"])
    second = {"second": story["cast"]["second"]} if "second" in story["cast"] else {}
    browser.press(do="on", language=story["language"], others=story["others"], **second)
    browser.press(
        do="on",
        day=cast.first_day.isoformat(),
        clock=story["clock"],
        weeks=story["weeks"],
        count=story["count"],
        minutes=story["minutes"],
        place=story["room"],
    )
    sheet = story.get("sheet")
    sheets = {f"m{number}-method": sheet for number in range(1, story["count"] + 1)} if sheet else {}
    browser.press(do="publish" if story.get("publish", True) else "keep", **sheets)
    cast.home = browser.at


def _from_the_list(cast: Cast, who: str) -> Browser:
    """Open the circle as somebody around it comes to it: from their own list."""
    browser = cast.person(who)
    if who.startswith("representative"):
        browser.open("/representative/")
        browser.follow(words=cast.story["name"])
    else:
        browser.open("/leader/")
    return browser


def ready(cast: Cast, told: dict[str, Any]) -> None:
    """Answer the readiness check; what is not told is fine."""
    who = told.pop("who", "facilitator")
    browser = cast.at_home(who) if who == "facilitator" else _from_the_list(cast, who)
    browser.follow(r"/readiness/$", beside=cast.story["name"])
    answers = {one.key: _WORDS[one.weights.index(Weight.FINE)] for one in QUESTIONS}
    later = told.pop("look_again", None)
    on = {"look_again_on": cast.day(later).isoformat()} if later is not None else {}
    browser.press(**{**answers, **told, **on})


def promise(cast: Cast, told: dict[str, Any]) -> None:
    """Write a version of the commitment; the numbers that the page suggests stay unless others are told."""
    who = told.pop("who", "leader")
    browser = cast.at_home(who) if who == "facilitator" else _from_the_list(cast, who)
    browser.follow(r"/commitment/$", beside=cast.story["name"])
    browser.follow(r"/commitment/change/$")
    browser.press(**told)


def sign(cast: Cast, told: dict[str, Any]) -> None:
    """Let the leader sign what stands on the page."""
    browser = _from_the_list(cast, told.get("who", "leader"))
    browser.follow(r"/commitment/$", beside=cast.story["name"])
    browser.press(r"/commitment/sign/$")


def comment(cast: Cast, told: dict[str, Any]) -> None:
    """Let a representative say something to the commitment."""
    browser = _from_the_list(cast, "representative")
    browser.follow(r"/commitment/$")
    browser.press(r"/commitment/comment/$", text=told["text"])


def concern(cast: Cast, told: dict[str, Any]) -> None:
    """Let a representative raise a concern."""
    _from_the_list(cast, "representative").press(r"/concern/$", text=told["text"])


def rules(cast: Cast, told: dict[str, Any]) -> None:
    """Write the ground rules down; with ``agreed``, so many agree on them."""
    browser = cast.at_home()
    browser.follow(r"/agreement/$")
    browser.follow(r"/agreement/change/$")
    browser.press(items="\n".join(told["items"]))
    if "agreed" in told:
        browser.press(r"/agreement/agree/$", count=told["agreed"])


def reopen(cast: Cast, told: dict[str, Any]) -> None:
    """Open the ground rules again, write them anew and agree."""
    browser = cast.at_home()
    browser.follow(r"/agreement/$")
    browser.press(r"/agreement/reopen/$")
    rules(cast, told)


def expect(cast: Cast, told: dict[str, Any]) -> None:
    """Write expectations down."""
    browser = cast.at_home()
    browser.follow(r"/expectations/$")
    for text in told["texts"]:
        browser.press(text=text)


def take_out(cast: Cast, told: dict[str, Any]) -> None:
    """Take the expectations out again: what became of each."""
    browser = cast.at_home()
    browser.follow(r"/expectations/$")
    for one in told["looked_back"]:
        browser.press(r"/back/$", beside=one["text"], outcome=one["outcome"], words=one.get("words", ""))


def phase(cast: Cast, told: dict[str, Any]) -> None:
    """Go on, or back, to a phase."""
    browser = cast.at_home()
    for form in browser.forms(r"/phase/$"):
        if told["to"] in {value for value, _words in form.offers.get("phase", [])}:
            browser.send(form, phase=told["to"])
            return
    raise browser.broke(f"the page does not lead to {told['to']}")


def pause(cast: Cast, told: dict[str, Any]) -> None:
    """Pause the circle."""
    who = told.get("who", "facilitator")
    if who == "facilitator":
        browser = cast.at_home()
        browser.follow(r"/pause/$")
        browser.press(reason=told["reason"])
    else:
        _from_the_list(cast, who).press(r"/pause/$", reason=told["reason"])


def resume(cast: Cast, told: dict[str, Any]) -> None:
    """Let the circle go on."""
    who = told.get("who", "facilitator")
    browser = cast.at_home() if who == "facilitator" else _from_the_list(cast, who)
    browser.press(r"/resume/$")


def publish(cast: Cast, told: dict[str, Any]) -> None:
    """Publish every meeting that is still a draft."""
    del told
    cast.at_home().press(r"/publish/$")


def cancel(cast: Cast, told: dict[str, Any]) -> None:
    """Cancel a meeting."""
    browser = cast.at_home()
    browser.follow(rf"/meetings/{told['meeting']}/$")
    browser.follow(r"/cancel/$")
    browser.press(**{name: value for name, value in told.items() if name != "meeting"})


def move(cast: Cast, told: dict[str, Any]) -> None:
    """Move a meeting to another day or time."""
    browser = cast.at_home()
    browser.follow(rf"/meetings/{told['meeting']}/$")
    browser.follow(r"/change/$")
    browser.press(day=cast.day(told["to"]).isoformat(), clock=told.get("clock", cast.story["clock"]))


def plan(cast: Cast, told: dict[str, Any]) -> None:
    """Plan one more meeting and publish it."""
    browser = cast.at_home()
    browser.follow(r"/meetings/new/$")
    more = {name: value for name, value in told.items() if name not in {"to", "clock"}}
    browser.press(
        day=cast.day(told["to"]).isoformat(),
        clock=told.get("clock", cast.story["clock"]),
        place=cast.story["room"],
        **more,
    )
    browser.press(r"/publish/$")


def voices(cast: Cast, told: dict[str, Any]) -> None:
    """Switch on the picture of whose voice is heard, as the circle has agreed."""
    browser = cast.at_home()
    browser.follow(r"/voices/$")
    browser.press(r"/voices/on/$", count=told["agreed"])


def own_log(cast: Cast, told: dict[str, Any]) -> None:
    """Write something down in the facilitator's private log."""
    browser = cast.at_home()
    browser.follow(r"/me/log/")
    browser.press(text=told["text"])


def read(cast: Cast, told: dict[str, Any]) -> None:
    """Let somebody read the recap of the last meeting."""
    cast.at_home(told.get("who", "facilitator")).follow(r"/recap/$")


VERBS = {
    each.__name__: each
    for each in (
        begin, ready, promise, sign, comment, concern, rules, reopen, expect, take_out, phase, pause, resume,
        publish, cancel, move, plan, read, voices, own_log,
    )
}  # fmt: skip
