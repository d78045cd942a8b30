"""One simulated phone: plain pages and plain forms, a cookie jar, nothing else."""

import random
import re
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from sirkel.config.bots.browser import Answer, Browser
from sirkel.kernel.ids import new_receipt

__all__ = ["Answer", "Phone"]

_ROUND = re.compile(r'data-round="([0-9a-f-]*)"')
_KIND = re.compile(r'data-kind="([a-z_]+)"')
_OPTION = re.compile(r'name="dots-([0-9a-f-]{36})"')
_TURN = re.compile(r'name="turn" value="(\d+)"')
_MEETING = re.compile(r"/m/([0-9a-f-]{36})/")
SAYINGS: dict[str, dict[str, list[str]]] = yaml.safe_load(
    (Path(__file__).parent / "sayings.yaml").read_text(encoding="utf-8")
)


@dataclass
class Phone(Browser):
    """A phone in somebody's hand.

    Attributes:
        dice: decides what its owner does.
        meeting: the id of the meeting it is in; empty before it joined.

    """

    dice: random.Random = field(default_factory=random.Random, repr=False)
    meeting: str = ""

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
