"""The pattern library: every component in every state, and every surface built from them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django import forms
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from sirkel.evidence.run_chart import RunChart, run_chart
from sirkel.web import icons
from sirkel.web.timelines import Lane, Mark, Span, Timeline, timeline

SURFACES = (
    "start",
    "join",
    "hand",
    "hand-choose",
    "room",
    "room-lobby",
    "lead",
    "leader",
    "list",
    "wizard",
    "results",
    "thread",
    "recommendation",
    "print",
)
EXAMPLE_TEXT_MOST = 200


def _area(
    label: str, before: tuple[float, float, float], after: tuple[float, float, float]
) -> dict[str, object]:
    names = ("low", "mean", "high")
    return {
        "label": label,
        "before": dict(zip(names, before, strict=True)),
        "after": dict(zip(names, after, strict=True)),
    }


AREAS = [
    _area("Trygghet att säga ifrån", (2.95, 3.3, 3.7), (3.55, 3.9, 4.2)),
    _area("Stöd från chefen", (3.1, 3.5, 3.8), (3.2, 3.6, 3.95)),
    _area("Lärande i vardagen", (2.85, 3.2, 3.5), (3.15, 3.5, 3.85)),
    _area("Tid att lära", (2.2, 2.6, 3.0), (2.1, 2.5, 2.9)),
    {"label": "Chefernas egna svar", "after": None, "why": "för få svar för att visas"},
]


@dataclass(frozen=True)
class ExampleSeries:
    """A count over invented days, as the run chart takes it."""

    values: Sequence[int]
    before: int

    @property
    def points(self) -> list[tuple[date, int]]:
        """A day and its count."""
        return [(date(2026, 3, 2) + timedelta(days=place), value) for place, value in enumerate(self.values)]

    @property
    def chart(self) -> RunChart:
        """What the series says."""
        return run_chart(self.values, baseline=self.before or None)


SERIES = ExampleSeries(values=(9, 8, 9, 7, 8, 9, 8, 9, 7, 8, 3, 2, 3, 1, 2, 3, 2, 4), before=10)

KINDS = ("held", "cancelled", "held", "held", "held")


def example_lanes() -> Timeline:
    """Return a timeline with something of every kind on it."""

    def day(after: int) -> date:
        return date(2026, 1, 5) + timedelta(days=after)

    return timeline(
        [
            Lane(
                "Phases",
                (Span(day(0), day(30), "phase", "Forming"), Span(day(30), day(150), "phase", "Trying")),
            ),
            Lane("Meetings", marks=tuple(Mark(day(14 * place), kind) for place, kind in enumerate(KINDS, 1))),
            Lane("Trials", (Span(day(40), day(70), "kept"), Span(day(60), day(110), "running"))),
            Lane("Changes", marks=(Mark(day(95), "leader"), Mark(day(160), "to-come"))),
        ],
        today=day(100),
        shades=[Span(day(75), day(90), "pause")],
    )


class ExampleForm(forms.Form):
    """A form with one field of every kind, in the longest words we know."""

    name = forms.CharField(
        label="Oppimispiirin nimi, jonka kaikki osallistujat tunnistavat",
        help_text="Esimerkiksi työyksikön tai teeman mukaan: rauhallisemmat illat hoivakodissa.",
        max_length=60,
    )
    purpose = forms.CharField(
        label="Hva vil dere forstå bedre?",
        help_text="Beskriv det dere ser på jobb. Løsninger kommer senere.",
        max_length=EXAMPLE_TEXT_MOST,
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
    )
    email = forms.EmailField(label="E-postadress")
    starts = forms.DateField(
        label="Første møte", widget=forms.DateInput(attrs={"type": "date", "data-width": "short"})
    )
    language = forms.ChoiceField(label="Språk i cirkeln", choices=[("nb", "Norsk bokmål"), ("fi", "Suomi")])
    format = forms.ChoiceField(
        label="Mødets længde",
        choices=[("90", "90 minutter"), ("60", "60 minutter"), ("30", "30 minutter, til nattevagten")],
        widget=forms.RadioSelect,
    )
    who = forms.MultipleChoiceField(
        label="Hvem er med?",
        choices=[("e", "Medarbeidere"), ("l", "Leder"), ("u", "Tillitsvalgt eller verneombud")],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    agreed = forms.BooleanField(
        label="Työsuojeluvaltuutetun kanssa on sovittu osallistumisen vapaaehtoisuudesta",
        help_text="Uten denne avtalen kan sirkelen ikke begynne.",
    )


@require_safe
def library(request: HttpRequest) -> HttpResponse:
    """Show every component in every state; holds no data and is open to all."""
    page = Paginator(range(240), 10).get_page(request.GET.get("page", "7"))
    context = {
        "form": ExampleForm(),
        "failed": ExampleForm(
            {"name": "", "email": "ikke en adresse", "purpose": "ord " * 60}, prefix="failed"
        ),
        "page": page,
        "icons": sorted(icons.drawings()),
        "series": SERIES,
        "lanes": example_lanes(),
        "gaps": (2, 3),
        "surfaces": SURFACES,
    }
    return render(request, "web/patterns/library.html", context)


@require_safe
def surface(request: HttpRequest, surface: str) -> HttpResponse:
    """Show one surface as it looks with invented content."""
    if surface not in SURFACES:
        raise Http404
    return render(request, f"web/patterns/{surface.replace('-', '_')}.html", {"areas": AREAS})
