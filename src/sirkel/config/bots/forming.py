"""Who takes part: an invitation on the wall or by mail, a yes or a no thanks, a leader in the group, somebody who leaves."""

from typing import Any

from sirkel.config.bots.browser import Browser
from sirkel.config.bots.cast import Cast


def invite(cast: Cast, told: dict[str, Any]) -> None:
    """Open the invitation and hang up its poster; some say yes, some no thanks, some read more."""
    browser = cast.at_home()
    browser.follow(r"/invitation/$")
    if any(browser.forms(r"/invitation/open/$")):
        browser.press(r"/invitation/open/$")
    browser.follow(r"/invitation/poster/$")
    address = browser.link(r"/i/")
    for said in told.get("said", []):
        _say(cast.phone(said.get("lang", "")), address, said)
    if "leader" in told:
        browser = cast.person(told["leader"])
        browser.open(address)
        browser.follow(r"/yes/$")
        browser.press()


def _say(browser: Browser, address: str, said: dict[str, Any]) -> None:
    browser.open(address)
    if said.get("more"):
        browser.follow(r"/more/$")
    if said["says"] == "no":
        browser.follow(r"/no/$")
        return
    browser.follow(r"/yes/$")
    browser.press(first_name=said["first_name"], email=said.get("email", ""))


def ask(cast: Cast, told: dict[str, Any]) -> None:
    """Ask people one by one, by mail where they have an address."""
    browser = cast.at_home()
    browser.follow(r"/invitation/$")
    for person in told["people"]:
        browser.press(r"/invitation/ask/$", **person)


def answer_mail(cast: Cast, told: dict[str, Any]) -> None:
    """Let people answer the mail that asked them."""
    for person in told["people"]:
        browser = cast.phone(person.get("lang", ""))
        browser.open(cast.link_in_mail(person["email"], r"/link/join/\S+"))
        browser.press(answer=person["says"])


def come(cast: Cast, told: dict[str, Any]) -> None:
    """Let members say by a link in a mail whether they come to a meeting."""
    for person in told["people"]:
        browser = cast.phone(person.get("lang", ""))
        browser.open(cast.link_in_mail(person["email"], r"/link/answer/\S+"))
        browser.press(says=person["says"])


def leave(cast: Cast, told: dict[str, Any]) -> None:
    """Let a member leave by the link in a mail."""
    browser = cast.phone()
    browser.open(cast.link_in_mail(told["email"], r"/link/leave/\S+"))
    browser.press()


def set_up(cast: Cast, told: dict[str, Any]) -> None:
    """Choose who is in the circle."""
    browser = cast.at_home()
    browser.follow(r"/set-up/$")
    browser.press(**told)


def joint(cast: Cast, told: dict[str, Any]) -> None:
    """Invite the leaders to one of the meetings."""
    browser = cast.at_home()
    browser.follow(rf"/meetings/{told['meeting']}/$")
    browser.press(r"/joint/$", is_joint="yes")


def tick(cast: Cast, told: dict[str, Any]) -> None:
    """Tick the first so many lines of the list of what is done before the first meeting."""
    browser = cast.at_home()
    browser.follow(r"/checklist/$")
    for _number in range(told["lines"]):
        for form in browser.forms(r"/checklist/tick/$"):
            if "yes" in {value for value, _words in form.offers["is_done"]}:
                browser.send(form, is_done="yes")
                break


VERBS = {each.__name__: each for each in (invite, ask, answer_mail, come, leave, set_up, joint, tick)}
