"""The people of a browser test: a facilitator, a room screen and phones, each in a browser context of its own.

They ask for less motion: what unfolds moves for 0.4 s, and a click that begins on a link and ends beside it is lost.
"""

import re
import time

from sirkel.circles.domain.joining import join_address, room_address

PHONE = {"width": 360, "height": 740}
ROUND = "#stage[data-kind]"


def shown_on(page):
    """Return the words of every note on a screen, without what stands around them."""
    words = "notes => notes.map(note => note.querySelector('[lang]').innerText.trim())"
    return sorted(page.eval_on_selector_all("#notes li", words))


class Phone:
    """A participant's phone. Everything it does, a thumb could do."""

    def __init__(self, chrome, site, meeting, language, *, is_shared=False):
        self.site, self.meeting, self.language = site, meeting, language
        self.context = chrome.new_context(
            viewport=PHONE, locale=language, has_touch=True, is_mobile=True, reduced_motion="reduce"
        )
        self.page = self.context.new_page()
        self.errors = []
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.goto(f"{site}/b/{join_address(meeting)}")
        if is_shared:
            self.page.check("#is_shared")
        self.page.click("form[data-once] button[type=submit] >> nth=0")
        self.page.wait_for_url(re.compile(r"/m/"))

    def wait_for(self, kind):
        self.page.wait_for_selector(f"#stage[data-kind={kind}]", timeout=15_000)

    def write(self, text, *, taps=1):
        self.page.wait_for_selector("#writer textarea")
        self.page.fill("#writer textarea", text)
        for _tap in range(taps):
            self.page.evaluate("document.querySelector('#writer [data-sends]').click()")

    def sent(self, text):
        """Wait until the phone itself says that this note was sent."""
        self.page.wait_for_selector(f"#own li:has-text('{text}')", timeout=15_000)
        self.page.wait_for_function(
            """text => [...document.querySelectorAll('#own li')].some(
                 li => li.textContent.includes(text) && li.dataset.state === 'sent')""",
            arg=text,
            timeout=20_000,
        )

    def shown(self):
        return shown_on(self.page)

    def tap(self, selector):
        self.page.click(selector)

    def next_person(self):
        self.page.click(f"form[action$='/m/{self.meeting.id}/next-person/'] button")
        self.page.wait_for_url(re.compile(r"/cover/"))


class Room:
    """The room screen, which nobody touches."""

    def __init__(self, chrome, site, meeting, language="nb"):
        self.context = chrome.new_context(
            viewport={"width": 1280, "height": 720}, locale=language, reduced_motion="reduce"
        )
        self.page = self.context.new_page()
        self.page.goto(f"{site}/room/{room_address(meeting)}/")

    def wait_for(self, state):
        self.page.wait_for_selector(f"#stage[data-state={state}]", timeout=15_000)

    def shown(self):
        return shown_on(self.page)


class Facilitator:
    """The facilitator's phone."""

    def __init__(self, chrome, site, meeting, session_cookie):
        self.site, self.meeting = site, meeting
        self.context = chrome.new_context(
            viewport=PHONE, locale="en", has_touch=True, is_mobile=True, reduced_motion="reduce"
        )
        self.context.add_cookies([{"name": "session", "value": session_cookie, "url": site}])
        self.page = self.context.new_page()
        self.open()

    def open(self):
        self.page.goto(f"{self.site}/meetings/{self.meeting.id}/lead/")

    def round(self):
        return self.page.get_attribute("#stage", "data-round")

    def next(self):
        """Press the big button and wait until the surface has moved."""
        before = self.round()
        self.page.click("#next")
        deadline = time.monotonic() + 15
        while self.round() == before:
            if time.monotonic() > deadline:
                raise TimeoutError(self.page.inner_text("#main"))
            self.page.wait_for_timeout(50)

    def until(self, kind):
        """Go on until a step of this kind runs."""
        while self.page.get_attribute("#stage", "data-state") != kind:
            self.next()
