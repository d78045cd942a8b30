"""Reading a page as a person does: which forms and links it has, and what stands in them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from html.parser import HTMLParser

_FORM = re.compile(r"<form\b([^>]*)>(.*?)</form>", re.DOTALL)
_LINK = re.compile(r'<a\b[^>]*\bhref="([^"]*)"[^>]*>(.*?)</a>', re.DOTALL)
_ELSEWHERE = re.compile(r'<(?:input|button)\b[^>]*\sform="([^"]+)"[^>]*>')
_TAG = re.compile(r"<[^>]+>")
_UNSEEN = re.compile(r"<(script|style|template|svg|head)\b.*?</\1>", re.DOTALL)
_SPACE = re.compile(r"\s+")
_ATTRIBUTE = re.compile(r'([a-z-]+)="([^"]*)"')
_CHOSEN = {"radio", "checkbox"}


class NotThere(LookupError):  # noqa: N818 -- it says what happened, as a refusal does
    """A page lacks what somebody came for: a form, a field of it, a choice, a link."""


@dataclass
class Form:
    """A form as it stands on a page.

    Attributes:
        action: where it goes; empty for the page's own address.
        preset: what would be sent if nothing were touched, name and value, in order.
        offers: what may be chosen, by name: a value and the words beside it.
        typed: the names into which one may type.

    """

    action: str
    preset: list[tuple[str, str]] = field(default_factory=list)
    offers: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    typed: set[str] = field(default_factory=set)

    def filled(self, /, **wanted: object) -> list[tuple[str, str]]:
        """Return what is sent with these fields filled in; a choice is named by its value or by its words.

        True ticks a box that has one value. A list ticks several. The text of a hidden field may be replaced.

        Raises:
            NotThere: the form has no such field, or does not offer this choice.

        """
        sent = [(name, value) for name, value in self.preset if name not in wanted]
        for name, value in wanted.items():
            sent += [(name, each) for each in self._values(name, value)]
        return sent

    def _values(self, name: str, value: object) -> Iterator[str]:
        if name in self.offers:
            offered = self.offers[name]
            for each in value if isinstance(value, list | tuple) else [value]:
                if each is True and len(offered) == 1:
                    yield offered[0][0]
                    continue
                fits = [key for key, words in offered if str(each) in (key, words)]
                if not fits:
                    raise NotThere(f"{name} is one of {[words or key for key, words in offered]}, not {each}")
                yield fits[0]
        elif name in self.typed:
            yield str(value)
        else:
            raise NotThere(f"the form to {self.action or 'this page'} has no field {name}")


class _Reader(HTMLParser):
    """Reads the inside of one form, and what elsewhere on the page belongs to it."""

    def __init__(self, form: Form) -> None:
        super().__init__(convert_charrefs=True)
        self.form = form
        self._text: str | None = None
        self._area = self._select = ""
        self._option: tuple[str, bool] | None = None
        self._labels: dict[str, str] = {}
        self._ids: list[tuple[str, str, str]] = []
        self._label = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a field."""
        has = {name: value or "" for name, value in attrs}
        name = has.get("name", "")
        if tag == "label":
            self._label, self._text = has.get("for", ""), ""
        elif tag == "option":
            self._end_option()
            self._option, self._text = (has.get("value", ""), "selected" in has), ""
        elif not name or "disabled" in has:
            return
        elif tag == "input":
            self._input(name, has)
        elif tag == "button":
            self.form.offers.setdefault(name, []).append((has.get("value", ""), ""))
        elif tag == "textarea":
            self._area, self._text = name, ""
            self.form.typed.add(name)
        elif tag == "select":
            self._select = name
            self.form.offers.setdefault(name, [])

    def _input(self, name: str, has: dict[str, str]) -> None:
        kind, value = has.get("type", "text"), has.get("value", "")
        if kind in _CHOSEN:
            value = has.get("value", "on")
            self.form.offers.setdefault(name, []).append((value, ""))
            self._ids.append((has.get("id", ""), name, value))
            if "checked" in has:
                self.form.preset.append((name, value))
            return
        self.form.typed.add(name)
        self.form.preset.append((name, value))

    def handle_data(self, data: str) -> None:
        """Gather the words of a label, an option or a large field."""
        if self._text is not None:
            self._text += data

    def handle_endtag(self, tag: str) -> None:
        """End a label, an option or a large field."""
        if tag == "textarea" and self._area:
            words = (self._text or "").removeprefix("\r\n").removeprefix("\n")
            self.form.preset.append((self._area, words))
            self._area, self._text = "", None
        elif tag == "label" and self._text is not None:
            self._labels[self._label] = _SPACE.sub(" ", self._text).strip()
            self._text = None
        elif tag in {"option", "select"}:
            self._end_option()
            if tag == "select" and self._select:
                self._show_first()
                self._select = ""

    def _end_option(self) -> None:
        if self._option is None:
            return
        value, is_selected = self._option
        offered = self.form.offers[self._select]
        offered.append((value, _SPACE.sub(" ", self._text or "").strip()))
        if is_selected:
            self.form.preset.append((self._select, value))
        self._option = self._text = None

    def _show_first(self) -> None:
        """Send the first choice of a list in which none is marked, as a browser does."""
        offered = self.form.offers[self._select]
        if offered and self._select not in {name for name, _value in self.form.preset}:
            self.form.preset.append((self._select, offered[0][0]))

    def end(self) -> None:
        """Lay the words of labels beside the choices they belong to."""
        self.close()
        for id_, name, value in self._ids:
            offered = self.form.offers[name]
            offered[offered.index((value, ""))] = (value, self._labels.get(id_, ""))


def forms_in(page: str, where: str) -> Iterator[Form]:
    """Yield the forms of a page whose action fits a pattern; an empty one stands for the page's own address."""
    # nosemgrep: no-words-as-a-pattern -- the players' own code names it
    wanted = re.compile(where)
    for attributes, inside in _FORM.findall(page):
        has = dict(_ATTRIBUTE.findall(attributes))
        action = unescape(has.get("action", ""))
        if not (wanted.search(action) if where else not action):
            continue
        form = Form(action=action)
        reader = _Reader(form)
        reader.feed(inside)
        if "id" in has:
            for found in _ELSEWHERE.finditer(page):
                if found[1] == has["id"]:
                    reader.feed(found[0])
        reader.end()
        yield form


def links_in(page: str) -> Iterator[tuple[str, str]]:
    """Yield the links of a page: where to, and the words on it."""
    for href, inside in _LINK.findall(page):
        yield unescape(href), words_of(inside)


def words_of(page: str) -> str:
    """Return the words of a page or of a part of it, as they are read."""
    return _SPACE.sub(" ", unescape(_TAG.sub(" ", _UNSEEN.sub(" ", page)))).strip()
