"""Numbers and words of a report as its readers write them."""

from collections.abc import Mapping
from dataclasses import dataclass

from babel.numbers import format_decimal, format_percent

from sirkel.evidence.texts import text, why_of
from sirkel.exchange.language import locale_of
from sirkel.exchange.paper import Words

_SMALLEST_P = 0.001
MISSING = "–"


@dataclass(frozen=True)
class Wording:
    """The words of one language."""

    language: str

    def __call__(self, key: str, **values: object) -> str:
        """Return a text of the reports with its values filled in. A value is never read as a pattern."""
        return (
            text(self.language, "report", key).format(**values)
            if values
            else text(self.language, "report", key)
        )

    def measure(self, key: str) -> str:
        """Return the name of a measure."""
        return text(self.language, "measures", key)

    def number(self, value: float, places: int = 3) -> str:
        """Write a number with so many places."""
        # Nothing is minus nothing: a change of -0.0004 reads 0.000.
        rounded = round(value, places) + 0.0
        pattern = "#,##0." + "0" * places if places else "#,##0"
        return _minus(format_decimal(rounded, format=pattern, locale=locale_of(self.language)))

    def short(self, value: float) -> str:
        """Write a number with two places at the most, as on an axis."""
        return _minus(
            format_decimal(round(value, 2) + 0.0, format="#,##0.##", locale=locale_of(self.language))
        )

    def change(self, value: float, places: int = 1) -> str:
        """Write a change with its sign."""
        sign = "+" if round(value, places) > 0 else ""
        return sign + self.number(value, places)

    def interval(self, ends: tuple[float, float] | list[float], places: int = 3) -> str:
        """Write an interval in words, for between two minus signs a dash says nothing."""
        low, high = (self.number(end, places) for end in ends)
        return self("from_to", low=low, high=high)

    def p(self, value: float) -> str:
        """Write a p value: three places, or that it is smaller."""
        if value < _SMALLEST_P:
            return "< " + self.number(_SMALLEST_P)
        return self.number(value)

    @property
    def share(self) -> str:
        """How a share in per cent is written, with ``{n}`` for its number."""
        return format_percent(0.05, locale=locale_of(self.language)).replace("5", "{n}")

    def value(self, result: Mapping[str, object], name: str, places: int = 3) -> str:
        """Write a value of a result, a dash where there is none."""
        value = result.get(name)
        if isinstance(value, list):
            return self.interval(value, places)
        if isinstance(value, bool) or not isinstance(value, int | float):
            return MISSING
        if name.rpartition("_")[2] == "p":
            return self.p(value)
        return self.number(value, 0 if isinstance(value, int) else places)

    def or_why(self, result: Mapping[str, object], name: str, places: int = 3) -> str:
        """Write a value of a result, or why there is none."""
        shown = self.value(result, name, places)
        return why_of(dict(result), name, self.language) or shown if shown == MISSING else shown

    def titled(self, titles: object, otherwise: str) -> Words:
        """Return a title in this language; in another one, marked, where it has none; else the other words."""
        if isinstance(titles, str) and titles:
            return Words(titles)
        if isinstance(titles, Mapping):
            for language in (self.language, "en", *sorted(map(str, titles))):
                if titles.get(language):
                    return Words(str(titles[language]), None if language == self.language else language)
        return Words(otherwise)


def _minus(text: str) -> str:
    """Write a minus sign where some languages write a hyphen."""
    return text.replace("-", "−")
