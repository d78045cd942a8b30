"""An invented paper that holds one of every block, and words that no format may stumble over."""

from sirkel.exchange.paper import (
    Blanks,
    Block,
    Bullets,
    Code,
    Column,
    Fact,
    Facts,
    Heading,
    Panel,
    Paper,
    Step,
    Steps,
    Table,
    Text,
    Together,
    Tone,
    Words,
)

MARKUP = "#emph[x] $x^2$ *fet* _kursiv_ ] [ } { \\ `kode` @ref <merke> </w:p> &amp; {{ x }} {% y %} = a // b \"x\" 'y'"
LETTERS = "æøåäöáíðþúý čđŋšŧžá ČĐŊŠŦŽ Привіт ĄĆĘŁŃÓŚŹŻ ğışç Ελλάδα “”«»„ – — … € ½ °"
AROUND_THE_WORLD = "שלום לכם · مرحبا بكم · \U0001f44d\U0001f3fd · 你好"
ENDLESS = "Arbeidstidsbestemmelsesforhandlingsprotokollvedlegg" * 5


def every_block(text: str = "Vi setter oss først", lang: str = "nb") -> list[Block]:
    """Return one of every block, each with this text in it."""
    said = Words(text, lang, "svenska")
    return [
        Heading(said),
        Heading(said, level=3),
        *(Text(said, tone, name) for tone, name in zip(Tone, ["", "Si", "", "", ""], strict=True)),
        Facts([Fact("Hvem", said), Fact("Vi stopper hvis", said, is_warm=True), Fact("Tom", Words(""))]),
        Bullets([said, Words(""), said]),
        Bullets([said, said], is_numbered=True),
        Bullets([said], is_numbered=True, is_large=True),
        Table(
            "Møter",
            [Column("Møte", 100), Column("Timer", 56, is_number=True)],
            [[said, Words("2")], [said, Words("2,5")]],
            strong=1,
        ),
        Panel("Til sammen", said),
        Steps([Step("14.00", "8 min", said, [Text(said), Text(said, name="Si")])]),
        Blanks(["Navn", "Dag og sted"]),
        Together([Heading(said, level=3), Facts([Fact("Når", said)])], has_bar=True),
        Together([Heading(said), Blanks(["Navn"])]),
        Code("https://sirkel.example/t/abc/", "QR-kode", "https://sirkel.example/t/abc/"),
    ]


def a_paper(text: str = "Vi setter oss først", lang: str = "nb", **changes: object) -> Paper:
    """Return a paper with one of every block."""
    values: dict[str, object] = {
        "kind": "Papir",
        "title": Words("Alt på ett papir"),
        "language": "nb",
        "foot": "Rolig kveld · For deltakerne",
        "facts": Facts([Fact("Sirkel", Words(text, lang))]),
        "blocks": every_block(text, lang),
    }
    return Paper(**{**values, **changes})


def a_poster(**changes: object) -> Paper:
    """Return the poster of an invented trial."""
    values: dict[str, object] = {
        "kind": "Vi prøver noe",
        "title": Words("Én sitter ved bord 2", "nb"),
        "language": "nb",
        "foot": "Rolig kveld",
        "facts": Facts(
            [
                Fact("Når", Words("Hver kveld", "nb")),
                Fact("Hvor", Words("")),
                Fact("Vi tror", Words("Det blir roligere", "nb")),
            ]
        ),
        "blocks": [
            Code("https://sirkel.example/r/7QF2M9KD31XT7QF2M9KD31/", "QR-kode som åpner utprøvingen"),
            Text(Words("Hva tenker du? Pek kameraet mot ruten."), Tone.STRONG),
            Text(Words("Uten navn, uten app.")),
        ],
        "is_poster": True,
    }
    return Paper(**{**values, **changes})
