"""Telling a story in a test: people sign in with a code by mail, and readers walk every page that they are offered."""

import re
from urllib.parse import urlsplit

from django.conf import settings
from django.core import mail

from sirkel.config.bots.browser import Browser
from sirkel.config.bots.reader import links_in, words_of
from sirkel.config.bots.stories import tell
from sirkel.config.bots.wires import in_process
from sirkel.config.demo.seed import make_places
from sirkel.config.pages import application
from sirkel.kernel.tasks import run_timetable_now
from sirkel.people.models import Person

CODE = re.compile(r"\b([A-Z0-9]{4}-[A-Z0-9]{4})\b")
# A session's seconds run by the real clock: between two looks they may be one less.
GUARD = re.compile(
    r'(csrfmiddlewaretoken" value|client_id" value|form_id" value|hx-headers|session-end" data-seconds)=("[^"]*"|\'[^\']*\')'
)
# A secret and a challenge that are drawn anew each time are no page to be compared.
NOT_READ = (
    "/accounts/",
    "/i18n/",
    "/demo/",
    "/static/",
    "/patterns/",
    "/me/security/app/",
    "/me/security/passkeys/",
)
MOST_PAGES = 60


def by_mail(browser, name):
    """Sign in as people do: an address, a code from the mail, a button."""
    first, family = name.split(" ", 1)
    person = Person.objects.get(first_name=first, family_name=family)
    browser.open("/accounts/login/")
    browser.press(email=person.email)
    letter = next(
        each for each in reversed(mail.outbox) if each.to == [person.email] and CODE.search(each.body)
    )
    browser.press(code=CODE.search(letter.body)[1])


def browser_of(name, language="en"):
    browser = Browser(site=settings.SITE_URL, wire=in_process(application), language=language)
    by_mail(browser, name)
    browser.press(r"/i18n/setlang/$", language=language)
    return browser


def letters(address):
    """Read the mails to an address, newest first."""
    return [each.body for each in reversed(mail.outbox) if each.to == [address]]


def told(story, *, today, after_day=lambda: None):
    """Tell one story in process; return who played in it."""
    make_places(at=today)

    def evening():
        run_timetable_now()
        after_day()

    (cast,) = tell(
        [story],
        site=settings.SITE_URL,
        wire=in_process(application),
        today=today,
        sign_in=by_mail,
        letters=letters,
        after_day=evening,
    )
    return cast


def everything_read_by(browser, *starts):
    """Return every page and file that somebody reaches by links from these, by path, without what changes each time."""
    read, waiting = {}, list(starts)
    while waiting:
        path = waiting.pop(0)
        if path in read or path.startswith(NOT_READ):
            continue
        assert len(read) < MOST_PAGES, sorted(read)
        answer = browser.call(path)
        assert answer.status == 200, (path, answer.status)
        read[path] = GUARD.sub("", answer.body)
        for href, _words in links_in(answer.body):
            address = urlsplit(href)
            if not address.netloc and address.path.startswith("/"):
                waiting.append(address.path)
    return read


def words(html):
    return words_of(html)


def what_was_said(story):
    """Yield every sentence of a story that belongs in the circle, with what it is."""
    handed = {words["text"] for _day, words in acts(story, "line")}
    for trial in story["trials"].values():
        for name in ("what", "prediction", "look_at", "stop_rule", "when", "who"):
            yield f"trial {name}", trial[name]
    for _day, script in acts(story, "meet"):
        for name in ("expected", "notes", "parked"):
            yield from ((name, line["text"]) for line in script.get(name, []))
        yield from (("theme", group["title"]) for group in script.get("groups", {}).values())
        for look in script.get("look_back", []):
            yield "happened", look["happened"]
            yield "learning", look["learning"]
        yield from (("shared", item["text"]) for item in script.get("share", []))
    for _day, said in acts(story, "log"):
        yield from (("log", one["text"]) for one in said["said"] if "text" in one)
    for _day, kept in acts(story, "own_log"):
        yield "private log", kept["text"]
    for _day, agreed in acts(story, "rules"):
        yield from (("rule", text) for text in agreed["items"])
    for _day, closed in acts(story, "close"):
        yield from (("kept inside", line["text"]) for line in closed["lines"] if not line.get("for_leader"))
        yield from (("looked back", one["words"]) for one in closed["looked_back"])
        yield "celebrated", closed["goes_on"]["celebrate"]
    for _day, back in acts(story, "look_back"):
        yield "looked back", back["words"]
    for _day, expected in acts(story, "expect"):
        yield from (("expectation", text) for text in expected["texts"] if text not in handed)


def acts(story, verb):
    """Yield the day and the words of every act of a kind."""
    for day, each in sorted(story["days"].items()):
        yield from ((day, act[verb] or {}) for act in each if verb in act)
