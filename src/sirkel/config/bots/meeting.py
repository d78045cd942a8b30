"""A whole meeting as it is played: a facilitator's screen and the phones of those who came, page by page."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from html import unescape
from typing import Any

from sirkel.circles.domain.sharing import OUTSIDE
from sirkel.circles.rules.recognition import QUESTIONS
from sirkel.config.bots.between import trial_fields, words_of_trial
from sirkel.config.bots.cast import Cast
from sirkel.config.bots.phone import Phone
from sirkel.config.bots.reader import Form, forms_in
from sirkel.kernel import clock
from sirkel.kernel.ids import new_id, new_receipt

_STATE = re.compile(r'id="stage" data-state="([a-z_]+)"')
_NOW = re.compile(r'data-state="now".*?<small>\s*(\d+)', re.DOTALL)
_CODE = re.compile(r'<p id="joinbar">[^<]*<b class="code">([^<]+)</b>')
_PICK = re.compile(r'<label for="pick-([0-9a-f-]{36})"><span lang="[^"]*">(.*?)</span>', re.DOTALL)
_THEME = re.compile(r'value="(theme:[0-9a-f-]{36})"')
_GROUP = 'class="grouping-group"'
NOBODY = dict.fromkeys(QUESTIONS, "no")
MOST_STEPS, USUAL_PHONES, ENOUGH_FOR_PULSE = 30, 3, 5


@dataclass
class Played:
    """One meeting of a story.

    Attributes:
        cast: who plays.
        script: what happens, in the shape of the story's files.
        at: where the clock stands.

    """

    cast: Cast
    script: dict[str, Any]
    at: datetime
    phones: list[Phone] = field(default_factory=list)
    writes: list[list[dict[str, Any]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.writes = [self.script[name] for name in ("expected", "notes") if name in self.script]

    def play(self, *, until: str = "") -> None:
        """Open the meeting, do every step and close it; or stop where a step of this kind has begun."""
        self.open()
        for _step in range(MOST_STEPS):
            kind = self._kind()
            if kind == "over":
                with clock.frozen(self.at):
                    self._look_before_it_leaves()
                return
            if until and kind == until:
                return
            with clock.frozen(self.at):
                self._do(kind)
                self._let_time_pass()
            with clock.frozen(self.at):
                self._go_on()
        raise self.lead.broke("the meeting does not come to its end")

    @property
    def lead(self) -> Any:
        """The browser of the facilitator."""
        return self.cast.person(self.script.get("led_by", "facilitator"))

    def _kind(self) -> str:
        found = _STATE.search(self.lead.page)
        if not found:
            raise self.lead.broke("this is not the surface of a meeting")
        return found[1]

    def open(self) -> None:
        """Open the meeting and let everybody in."""
        with clock.frozen(self.at):
            self.cast.at_home(self.script.get("led_by", "facilitator"))
            self.lead.follow(rf"/meetings/{self.script['meeting']}/$")
            self.lead.follow(r"/lead/$")
            self.lead.press(r"/lead/open/$")
            self._come_in()

    def _come_in(self) -> None:
        """Let the first phone type the code on the screen; the others scan the square, which holds the address."""
        found = _CODE.search(self.lead.page)
        if not found:
            raise self.lead.broke("the surface shows no code")
        notes = self.script.get("notes", [])
        languages = [note.get("lang", self.cast.language) for note in notes] or [self.cast.language]
        wanted = min(self.script.get("phones", USUAL_PHONES), self.script["people"])
        door = ""
        for index in range(wanted):
            phone = self.cast.phone(languages[index % len(languages)])
            if door:
                phone.open(door)
            else:
                phone.open("/b")
                phone.press(r"^/b$", code=found[1])
                door = phone.at
            phone.press(r"/b/")
            phone.meeting = phone.at.split("/")[2]
            if phone.at.endswith("/perspective/"):  # the circle looks at whose voice is heard
                phone.press(perspective="employee")
            self.phones.append(phone)

    def _do(self, kind: str) -> None:
        acts: dict[str, Callable[[], None]] = {
            "talk": self._talk,
            "write": self._write,
            "group": self._group,
            "choose": self._choose,
            "look_back": self._look_back,
            "decide_trial": self._decide_trial,
            "deepen": self._deepen,
            "carry_out": self._carry_out,
            "check_out": self._check_out,
        }
        if kind in acts:
            acts[kind]()

    def _let_time_pass(self) -> None:
        found = _NOW.search(self.lead.page)
        if found:
            self.at += timedelta(minutes=int(found[1]))

    def _go_on(self) -> None:
        """Press the big button, whatever it does now."""
        page = self.lead.page
        for form in forms_in(page, r"/lead/(go-on|show)/$"):
            if "despite_few" not in form.typed:
                self.lead.send(form)
                return
        self.lead.follow(r"/lead/close/$")
        self.lead.press(people=self.script["people"])

    def _show(self) -> None:
        self.lead.press(r"/lead/show/$")

    def _look(self) -> None:
        for phone in self.phones:
            phone.open(f"/m/{phone.meeting}/")

    def _talk(self) -> None:
        """Give the word round, where the story tells of a round: whoever has it passes it on."""
        if not self.script.get("round"):
            return
        for _turn in self.phones:
            for phone in self.phones:
                phone.open(f"/m/{phone.meeting}/")
                for form in forms_in(phone.page, r"/turn/$"):
                    phone.send(form)
                    break

    def _write(self) -> None:
        """Write what the story has for this step: in a first meeting what is expected, then the notes."""
        lines = self.writes.pop(0) if self.writes else []
        for index, line in enumerate(lines):
            phone = self.phones[index % len(self.phones)]
            if index < len(self.phones):
                phone.open(f"/m/{phone.meeting}/")
            wanted = {
                "client_id": new_id(),
                "receipt": line.get("receipt") or new_receipt(),
                "text": line["text"],
                "lang": line.get("lang", self.cast.language),
            }
            form = phone.form(r"/notes/$")
            phone.must(phone.call(form.action, form.filled(**wanted), accept="application/json"))
        self._show()

    def _group(self) -> None:
        notes = {unescape(text).strip(): id_ for id_, text in _PICK.findall(self.lead.page)}
        for key, group in self.script.get("groups", {}).items():
            ids = [notes[line["text"]] for line in self.script["notes"] if line.get("group") == key]
            for other in ids[1:]:
                theme = _THEME.search(self.lead.piece(_GROUP, ids[0]))
                here = theme[1] if theme else f"note:{ids[0]}"
                self.lead.press(r"/lead/group/$", note=other, **{"with": here})
            if len(ids) > 1:
                piece = self.lead.piece(_GROUP, ids[0])
                self.lead.send(next(forms_in(piece, r"/lead/name/$")), title=group["title"])

    def _choose(self) -> None:
        chosen = self.script.get("chosen")
        best = self.script.get("groups", {}).get(chosen, {}).get("title", "") or chosen or ""
        self._look()
        for index, phone in enumerate(self.phones):
            form = next(forms_in(phone.page, r"/picks/$"), None)
            if form:
                fields = form.filled(**self._picks(phone, form, best, index))
                phone.must(phone.call(form.action, fields, accept="application/json"))
        self._show()
        if best and any(forms_in(self.lead.page, r"/lead/theme/$")):
            self.lead.press(r"/lead/theme/$", beside=best)

    def _picks(self, phone: Phone, form: Form, best: str, index: int) -> dict[str, Any]:
        """Return two dots on the best and one on another, or a stance to each: whoever sits fifth wants a change."""
        dots = [name for name, _value in form.preset if name.startswith("dots-")]
        if not dots:
            stances = [name for name in form.offers if name.startswith("stance-")]
            return dict.fromkeys(stances, "can_live" if (index + 1) % 5 else "needs_change")
        picks: dict[str, Any] = dict.fromkeys(dots, 0)
        picks[f"dots-{self._option(phone, best)}" if self._option(phone, best) else dots[0]] += 2
        picks[dots[index % len(dots)]] += 1
        return picks

    @staticmethod
    def _option(phone: Phone, words: str) -> str:
        for id_, inside in re.findall(r'<p id="o-([0-9a-f-]{36})">(.*?)</p>', phone.page, re.DOTALL):
            if words and words in unescape(inside):
                return str(id_)
        return ""

    def _look_back(self) -> None:
        for look in self.script.get("look_back", []):
            back = self.lead.at
            piece = self.lead.piece("<article", words_of_trial(self.cast, look["trial"]))
            address = re.search(r'href="([^"]*/look-back/)"', piece)
            if not address:
                raise self.lead.broke(f"{look['trial']} cannot be looked back at")
            self.lead.open(address[1])
            fields = {name: value for name, value in look.items() if name != "trial"}
            self.lead.press(**trial_fields(self.cast, fields))
            self.lead.open(back)

    def _decide_trial(self) -> None:
        for key in self.script.get("trials", []):
            self.lead.follow(r"/lead/trials/new/$")
            self.lead.press(**trial_fields(self.cast, self.cast.story["trials"][key]))

    def _deepen(self) -> None:
        for card in self.script.get("cards", []):
            self.lead.press(r"/lead/lay-card/$", card=card)
        for index, line in enumerate(self.script.get("parked", [])):
            phone = self.phones[index % len(self.phones)]
            phone.open(f"/m/{phone.meeting}/")
            phone.press(
                r"/notes/$", text=line["text"], lang=line.get("lang", self.cast.language), is_parked=1
            )
        if self.script.get("parked"):
            self.lead.open(self.lead.at)

    def _carry_out(self) -> None:
        here = self.lead.at
        for item in self.script.get("share", []):
            self.lead.follow(r"/lead/share/$")
            self.lead.press(
                text=item["text"], audience=item["audience"], rests_on=self._source(item.get("rests_on", ""))
            )
        for text in self.script.get("asks", []):
            self.cast.at_home().follow(r"/handovers/$")
            self.lead.press(r"/ask/$", beside=text)
            self.lead.open(here)
        if self.script.get("kept_in_the_room"):
            phone = self.phones[-1]
            phone.open(f"/m/{phone.meeting}/")
            for text in self.script["kept_in_the_room"]:
                keep = re.search(r'name="keep" value="([^"]+)"', phone.after(text))
                if not keep:
                    raise phone.broke(f"“{text}” cannot be kept in the room")
                phone.press(r"/objections/$", keep=keep[1])
            self.lead.open(here)

    def _look_before_it_leaves(self) -> None:
        """Let two of the circle look at what it lets go outside the organisation."""
        texts = [one["text"] for one in self.script.get("share", []) if one["audience"] in OUTSIDE]
        for text in set(texts) - set(self.script.get("kept_in_the_room", [])):
            for who, act in (("facilitator", {"do": "check", **NOBODY}), ("second", {"do": "confirm"})):
                browser = self.cast.at_home(who)
                browser.follow(r"/leaving/$")
                browser.follow(words=text)
                browser.press(**act)

    def _source(self, name: str) -> str:
        """Return what words rest on, as the page offers it: a group by its title, a trial by what was learned or tried."""
        if not name:
            return ""
        if name in self.script.get("groups", {}):
            return str(self.script["groups"][name]["title"])
        learned = [look["learning"] for look in self.script.get("look_back", []) if look["trial"] == name]
        return str(learned[0]) if learned else words_of_trial(self.cast, name)

    def _check_out(self) -> None:
        """Check out where enough are there for the answers to be shown; fewer go back to work."""
        if len(self.phones) < ENOUGH_FOR_PULSE:
            return
        self._look()
        words = self.script.get("words", [])
        for index, phone in enumerate(self.phones):
            form = phone.form(r"/pulse/$")
            fields = form.filled(
                felt_heard=3 if index % 4 else 2,
                was_useful=3 if index % 3 else 2,
                word=words[index] if index < len(words) else "",
            )
            phone.must(phone.call(form.action, fields, accept="application/json"))
