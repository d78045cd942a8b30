"""One person's browser: it opens pages, follows links and sends the forms that stand there. Nothing else.

It knows no address by heart that a page could give it. A page that lacks a form, a field or a link breaks it, as
it would break a person's day.
"""

import http.client
import re
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from html import escape, unescape
from http.cookiejar import CookieJar
from typing import Any

from sirkel.config.bots.reader import Form, NotThere, forms_in, links_in, words_of
from sirkel.config.bots.wires import over_network

_GUARD = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
_MAIN = re.compile(r"<main\b.*?</main>", re.DOTALL)
TIMEOUT_SECONDS = 20
_SHOWN_CHARACTERS = 600
BAD_REQUEST = 400


@dataclass(frozen=True)
class Answer:
    """What a server answered: status, address after redirects, and the page."""

    status: int
    url: str
    body: str


class PageBroke(NotThere):
    """A page answered with a refusal, or lacked what somebody came for; says where and what stood there."""


@dataclass
class Browser:
    """A browser with its cookies.

    Attributes:
        site: where the server answers, without a slash at the end.
        language: what its owner reads.
        wire: urllib's handlers that reach the site; see ``wires``.
        page: what is open now.
        at: the path of the page that is open.

    """

    site: str
    language: str = "nb"
    wire: Sequence[urllib.request.BaseHandler] = field(default_factory=over_network, repr=False)
    page: str = field(default="", repr=False)
    at: str = "/"

    def __post_init__(self) -> None:
        self._jar = CookieJar()
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self._jar), *self.wire)

    def cookies(self) -> dict[str, str]:
        """Return the cookies this browser holds, by name."""
        return {cookie.name: cookie.value or "" for cookie in self._jar}

    def call(
        self,
        path: str,
        form: dict[str, Any] | Iterable[tuple[str, Any]] | None = None,
        *,
        accept: str = "text/html",
    ) -> Answer:
        """Ask for a page, or send a form with the guard of the page that is open. A refusal is an answer too.

        Raises:
            OSError: nobody answers.

        """
        data = None
        if form is not None:
            fields = list(form.items() if isinstance(form, dict) else form)
            if "csrfmiddlewaretoken" not in {name for name, _value in fields}:
                fields.insert(0, ("csrfmiddlewaretoken", self._guard()))
            data = urllib.parse.urlencode(fields).encode()
        request = urllib.request.Request(  # noqa: S310 -- always our own http address
            urllib.parse.urljoin(self.site + self.at, path),
            data=data,
            headers={"Accept": accept, "Accept-Language": self.language, "Referer": self.site + self.at},
        )
        try:
            with self._opener.open(request, timeout=TIMEOUT_SECONDS) as response:
                return Answer(response.status, response.url, response.read().decode(errors="replace"))
        except urllib.error.HTTPError as error:
            with error:
                return Answer(error.code, error.url or "", error.read().decode(errors="replace"))
        except http.client.HTTPException as error:
            raise ConnectionError(type(error).__name__) from error

    def _guard(self) -> str:
        found = _GUARD.search(self.page)
        return unescape(found[1]) if found else ""

    def open(self, path: str) -> str:
        """Open a page and return it.

        Raises:
            PageBroke: it answers with anything but a page.

        """
        return self._show(self.call(path), what=path)

    def _show(self, answer: Answer, *, what: str) -> str:
        address = urllib.parse.urlsplit(answer.url)
        self.page = answer.body
        self.at = address.path + (f"?{address.query}" if address.query else "")
        if answer.status >= BAD_REQUEST:
            raise self.broke(f"{what} was answered with {answer.status}")
        return answer.body

    def must(self, answer: Answer) -> None:
        """Take an answer that is no page, such as the one to a script.

        Raises:
            PageBroke: it is a refusal.

        """
        if answer.status >= BAD_REQUEST:
            raise self.broke(
                f"{answer.url} was answered with {answer.status}: {answer.body[:_SHOWN_CHARACTERS]}"
            )

    def broke(self, why: str) -> PageBroke:
        """Return an error that says what stands on the page."""
        return PageBroke(f"{why}\n  at {self.at}: {self.words()[:_SHOWN_CHARACTERS]}")

    def words(self) -> str:
        """Return the words in the main part of the page."""
        found = _MAIN.search(self.page)
        return words_of(found[0] if found else self.page)

    def form(self, where: str = "", /, *, beside: str = "", **needs: object) -> Form:
        """Return the form of the page whose action fits a pattern; without one, the form to the page's own address.

        Args:
            where: a pattern for the action.
            beside: take the first such form that stands after these words.
            needs: take the first such form with hidden or preset fields of these values.

        Raises:
            PageBroke: the page has no such form.

        """
        page = self.after(beside) if beside else self.page
        wanted = {(name, str(value)) for name, value in needs.items()}
        for form in forms_in(page, where):
            if wanted <= set(form.preset):
                return form
        raise self.broke(f"the page has no form to {where or 'itself'}")

    def forms(self, where: str) -> Iterator[Form]:
        """Yield all forms of the page whose action fits a pattern."""
        return forms_in(self.page, where)

    def after(self, words: str) -> str:
        """Return the page from these words on.

        Raises:
            PageBroke: they do not stand on it.

        """
        place = self.page.find(escape(words))
        if place < 0:
            raise self.broke(f"“{words}” does not stand on the page")
        return self.page[place:]

    def piece(self, opening: str, words: str) -> str:
        """Return the piece of the page, from one opening to the next, in which these words stand.

        Raises:
            PageBroke: none does.

        """
        for piece in self.page.split(opening)[1:]:
            if escape(words) in piece:
                return piece
        raise self.broke(f"“{words}” does not stand on the page")

    def send(self, form: Form, /, **fields: object) -> str:
        """Fill in a form and send it; return the page that follows.

        Raises:
            PageBroke: a field or choice is not there, or the server refuses.

        """
        try:
            sent = form.filled(**fields)
        except NotThere as fault:
            raise self.broke(str(fault)) from fault
        to = form.action or self.at
        return self._show(self.call(to, sent), what=f"the form to {to}")

    def press(self, where: str = "", /, *, beside: str = "", **fields: object) -> str:
        """Find a form on the page, fill it in and send it; return the page that follows."""
        return self.send(self.form(where, beside=beside), **fields)

    def follow(self, where: str = "", *, words: str = "", beside: str = "") -> str:
        """Follow the first link whose address fits a pattern and on which these words stand.

        Raises:
            PageBroke: the page has no such link, or it leads nowhere.

        """
        return self.open(self.link(where, words=words, beside=beside))

    def link(self, where: str = "", *, words: str = "", beside: str = "") -> str:
        """Return where the first link leads whose address fits a pattern and on which these words stand.

        Args:
            where: a pattern for the address.
            words: what stands on the link.
            beside: take the first such link that stands after these words.

        Raises:
            PageBroke: the page has no such link.

        """
        # nosemgrep: no-words-as-a-pattern -- the players' own code names it
        wanted = re.compile(where)
        for href, said in links_in(self.after(beside) if beside else self.page):
            if wanted.search(href) and words in said:
                return href
        raise self.broke(f"the page has no link {words or ''} {where or ''}".rstrip())

    def has_link(self, where: str) -> bool:
        """Tell whether a link of the page fits a pattern."""
        # nosemgrep: no-words-as-a-pattern -- the players' own code names it
        wanted = re.compile(where)
        return any(wanted.search(href) for href, _said in links_in(self.page))
