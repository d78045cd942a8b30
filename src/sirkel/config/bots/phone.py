"""One simulated phone: plain pages and plain forms, a cookie jar, nothing else."""

import http.client
import random
import re
import urllib.error
import urllib.parse
import urllib.request
import uuid
from dataclasses import dataclass, field
from html import unescape
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any

import yaml

from sirkel.kernel.ids import new_receipt

_GUARD = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
_ROUND = re.compile(r'data-round="([0-9a-f-]*)"')
_KIND = re.compile(r'data-kind="([a-z_]+)"')
_OPTION = re.compile(r'name="dots-([0-9a-f-]{36})"')
_TURN = re.compile(r'name="turn" value="(\d+)"')
_MEETING = re.compile(r"/m/([0-9a-f-]{36})/")
TIMEOUT_SECONDS = 20
SAYINGS: dict[str, dict[str, list[str]]] = yaml.safe_load(
    (Path(__file__).parent / "sayings.yaml").read_text(encoding="utf-8")
)


@dataclass(frozen=True)
class Answer:
    """What a server answered: status, address after redirects, and the page."""

    status: int
    url: str
    body: str


@dataclass
class Phone:
    """A phone in somebody's hand.

    Attributes:
        site: where the server answers, without a slash at the end.
        language: what its owner reads and writes.
        dice: decides what its owner does.

    """

    site: str
    language: str = "nb"
    dice: random.Random = field(default_factory=random.Random)
    meeting: str = ""
    page: str = ""

    def __post_init__(self) -> None:
        self._jar = CookieJar()
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self._jar))

    def call(self, path: str, form: dict[str, Any] | None = None, *, accept: str = "text/html") -> Answer:
        """Ask for a page, or send a form with the guard of the page that is open. A refusal is an answer too.

        Raises:
            OSError: nobody answers.

        """
        data = None
        if form is not None:
            data = urllib.parse.urlencode({"csrfmiddlewaretoken": self._guard(), **form}).encode()
        request = urllib.request.Request(  # noqa: S310 -- always our own http address
            self.site + path, data=data, headers={"Accept": accept, "Accept-Language": self.language}
        )
        try:
            with self._opener.open(request, timeout=TIMEOUT_SECONDS) as response:
                return Answer(response.status, response.url, response.read().decode())
        except urllib.error.HTTPError as error:
            with error:
                return Answer(error.code, error.url or "", error.read().decode(errors="replace"))
        except http.client.HTTPException as error:
            raise ConnectionError(type(error).__name__) from error

    def _guard(self) -> str:
        found = _GUARD.search(self.page)
        return unescape(found[1]) if found else ""

    def cookies(self) -> dict[str, str]:
        """Return the cookies this phone holds, by name."""
        return {cookie.name: cookie.value or "" for cookie in self._jar}

    def join(self, address: str, *, is_shared: bool = False) -> Answer:
        """Scan a QR: open its page and press the one button."""
        path = f"/b/{address}"
        self.page = self.call(path).body
        answer = self.call(path, {"is_shared": "on"} if is_shared else {})
        found = _MEETING.search(answer.url)
        if found:
            self.meeting, self.page = found[1], answer.body
        return answer

    def look(self) -> tuple[str, str]:
        """Open the meeting's page and return (kind of step, round)."""
        answer = self.call(f"/m/{self.meeting}/")
        if answer.status == 200:  # noqa: PLR2004 -- the status itself
            self.page = answer.body
        kind, round_ = _KIND.search(self.page), _ROUND.search(self.page)
        return (kind[1] if kind else "over", round_[1] if round_ else "")

    def post(self, round_: str, what: str, form: dict[str, Any]) -> Answer:
        """Send a form of the running round; answers come as JSON."""
        return self.call(f"/m/{self.meeting}/rounds/{round_}/{what}/", form, accept="application/json")

    def note(self, round_: str, text: str, *, client_id: uuid.UUID | None = None, **more: Any) -> Answer:
        """Send a note."""
        form = {
            "client_id": client_id or uuid.uuid4(),
            "receipt": new_receipt(),
            "text": text,
            "lang": self.language,
        }
        return self.post(round_, "notes", {**form, **more})

    def say(self, about: str) -> str:
        """Return something its owner could have written."""
        return self.dice.choice(SAYINGS[self.language][about])

    def act(self, kind: str, round_: str) -> None:
        """Do what a participant does in a step of this kind: some write, some pass."""
        if kind == "write":
            self.note(round_, self.say("write"))
        elif kind == "deepen" and self.dice.random() < 0.5:  # noqa: PLR2004 -- half of them
            self.note(round_, self.say("park"), is_parked="on")
        elif kind == "choose":
            options = list(dict.fromkeys(_OPTION.findall(self.page)))
            picks = [self.dice.choice(options) for _dot in range(3)] if options else []
            self.post(round_, "picks", {f"dots-{option}": picks.count(option) for option in options})
        elif kind == "talk":
            turn = _TURN.search(self.page)
            if turn:
                self.post(round_, "turn", {"turn": turn[1]})
        elif kind == "check_out":
            answers = {"felt_heard": self.dice.choice([2, 3, 3]), "was_useful": self.dice.choice([2, 3, 3])}
            self.post(round_, "pulse", {**answers, "word": self.say("word"), "lang": self.language})
