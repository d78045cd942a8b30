"""Recaps of invented meetings, short and long, in the words of an invented workplace."""

from datetime import UTC, date, datetime

from sirkel.exchange.recap import (
    RECAP_LABELS,
    Recap,
    RecapCluster,
    RecapLookBack,
    RecapNote,
    RecapPulse,
    RecapSection,
    RecapShare,
    RecapTrial,
)

MADE = datetime(2026, 3, 4, 18, 0, tzinfo=UTC)

NB = {
    **RECAP_LABELS,
    "kind": "Referat",
    "title": "Rolig kveld: møte 3",
    "rings": "Årringer: tre møter holdt, én utprøving beholdt",
    "held_on": "Dato",
    "workplace": "Arbeidsplass",
    "attendance": "Til stede",
    "theme": "Tema",
    "decisions": "Det vi bestemte",
    "trials": "Det vi prøver til neste gang",
    "trial_who": "Hvem",
    "trial_when": "Når",
    "trial_until": "Til og med",
    "trial_prediction": "Vi tror at",
    "trial_look_at": "Vi ser etter",
    "trial_stop_rule": "Vi stopper hvis",
    "look_back": "Siden sist",
    "look_back_trial": "Utprøving",
    "look_back_happened": "Hva skjedde",
    "look_back_outcome": "Vi velger",
    "look_back_learning": "Hva vi lærte",
    "ungrouped": "Andre lapper",
    "parked": "Løsninger vi sparer på",
    "shared": "Det som kan gå ut av rommet",
    "shared_text": "Hva",
    "shared_audience": "Til hvem",
    "pulse": "Slik var møtet",
    "empty": "Ingenting ble skrevet ned i dette møtet.",
    "audience": "For deltakerne i sirkelen",
}

FI = {
    **RECAP_LABELS,
    "kind": "Tapaamisen yhteenveto",
    "title": "Rauhallinen ilta: kolmas tapaaminen",
    "rings": "Vuosirenkaat: kolme tapaamista, yksi pysyvä kokeilu",
    "held_on": "Päivämäärä",
    "workplace": "Työpaikka",
    "attendance": "Paikalla",
    "theme": "Teema",
    "decisions": "Mitä päätimme",
    "trials": "Mitä kokeilemme ennen seuraavaa tapaamista",
    "trial_who": "Kuka",
    "trial_when": "Milloin",
    "trial_until": "Viimeinen päivä",
    "trial_prediction": "Uskomme, että",
    "trial_look_at": "Seuraamme",
    "trial_stop_rule": "Keskeytämme, jos",
    "look_back": "Viime kerrasta",
    "look_back_trial": "Kokeilu",
    "look_back_happened": "Mitä tapahtui",
    "look_back_outcome": "Päätös",
    "look_back_learning": "Mitä opimme",
    "ungrouped": "Muut laput",
    "parked": "Ratkaisuja myöhemmäksi",
    "shared": "Mitä huoneesta saa viedä eteenpäin",
    "shared_text": "Mitä",
    "shared_audience": "Kenelle",
    "pulse": "Millainen tapaaminen oli",
    "empty": "Tässä tapaamisessa ei kirjattu mitään.",
    "audience": "Oppimispiirin jäsenille",
}


def short_recap(**changes):
    """A meeting in Norwegian that left two notes."""
    values = {
        "circle_name": "Rolig kveld",
        "workplace": "Fjellvik sykehjem",
        "meeting_number": 3,
        "held_on": date(2026, 3, 4),
        "language": "nb",
        "labels": NB,
        "attendance_count": 8,
        "sections": [
            RecapSection(
                "Fordype",
                "Hva gjør kveldene urolige hos oss?",
                [
                    RecapCluster(
                        None,
                        [
                            RecapNote("Alle vaktskifter samtidig kl. 15.30", "nb"),
                            RecapNote("Illalla kaikki soittokellot soivat yhtä aikaa", "fi"),
                        ],
                    )
                ],
            )
        ],
    }
    return Recap(**{**values, **changes})


def long_recap(**changes):
    """A meeting in Norwegian in which everything happened."""
    values = {
        "theme": RecapNote("Uro på avdelingen mellom kl. 16 og 18", "nb"),
        "decisions": [
            RecapNote("Vi møtes i vaktrommet, ikke på kjøkkenet, resten av våren.", "nb"),
            RecapNote("Nattevaktene får et eget møte kl. 06.45 med samme spørsmål.", "nb"),
        ],
        "trials": [
            RecapTrial(
                what="Én medarbeider sitter med bord 2 fra kl. 16 til 17 i stedet for å rydde kjøkkenet først",
                who="Den som har vakt 3, og Kari Prøve minner om det på rapporten",
                when="Hver hverdag, i tre uker",
                until=date(2026, 3, 25),
                prediction="noen må gå imellom færre enn fem ganger i uken",
                look_at="strek på tavla hver gang noen må gå imellom, og oppvasken kl. 18",
                stop_rule="noen blir sittende alene med ansvar for begge bordene",
                lang="nb",
            ),
            RecapTrial(
                what="En kollega säger ”en sak jag undrade” på varje rapport",
                who="Alla i tur och ordning",
                when="Kvällsrapporten",
                prediction="minst en fråga per rapport",
                look_at="hur många frågor som ställs",
                stop_rule="",
                lang="sv",
            ),
        ],
        "look_back": [
            RecapLookBack(
                trial="Rolig musikk i stua fra kl. 16",
                happened="Prøvd elleve av fjorten kvelder. To beboere ba om å få den av.",
                outcome="Tilpass",
                learning="Musikken hjelper når noen sitter der; alene blir den bare mer lyd.",
                lang="nb",
            ),
            RecapLookBack(
                trial="Fast pårørendetid",
                happened="Fire familier kom, ingen ringte mindre.",
                outcome="Dropp",
                learning="Vi flyttet bare presset til andre timer.",
                lang="nb",
            ),
        ],
        "sections": [
            RecapSection(
                "Dele",
                "Fortell om en kveld da det ble urolig. Hva var det første du la merke til?",
                [
                    RecapCluster(
                        "Overganger",
                        [
                            RecapNote(
                                "Når vi rydder kjøkkenet først, sitter bord 2 alene i tjue minutter", "nb"
                            ),
                            RecapNote("Alle vaktskifter samtidig kl. 15.30", "nb", "Kari"),
                            RecapNote("Vi säger inte till när vi tycker olika om tabletter", "sv"),
                        ],
                    ),
                    RecapCluster(
                        "Ljud",
                        [
                            RecapNote("TV-en står på hele tiden", "nb"),
                            RecapNote("Illalla kaikki soittokellot soivat yhtä aikaa", "fi"),
                            RecapNote("Eahkedis lea ollu šlápma, ja mii dárbbašit ráfi: čđŋšŧž", "se"),
                        ],
                        "sv",
                    ),
                    RecapCluster(None, [RecapNote("Ingen har tid til å bare sitte ned", "nb", "Ola")]),
                ],
            ),
            RecapSection(
                "Fordype",
                "Hva tar vi for gitt?",
                [
                    RecapCluster(
                        None,
                        [
                            RecapNote(f"Lapp {n}: vi tror at kvelden må være slik den alltid har vært", "nb")
                            for n in range(1, 13)
                        ],
                    )
                ],
            ),
        ],
        "parked": [
            RecapNote("En ekstra vakt fra 15 til 18", "nb"),
            RecapNote("Flytte middagen til kl. 17", "nb"),
        ],
        "shared": [
            RecapShare("Å sitte ned først er også arbeid", "Kolleger", "nb"),
            RecapShare(
                "Vi spør nå «hva så du?» før vi spør «hva gjorde du?», og rapporten tar like lang tid",
                "Nettverket",
                "nb",
            ),
        ],
        "pulse": RecapPulse(
            answers=[("Ble du hørt?", "de fleste ja, noen delvis"), ("Var det nyttig?", "de fleste ja")],
            words=[RecapNote("Godt å få sitte", "nb"), RecapNote("lång dag", "sv")],
        ),
        "kept_trials": 1,
    }
    return short_recap(**{**values, **changes})


def finnish_recap(**changes):
    """A long meeting in Finnish, whose words are long too."""
    values = {
        "circle_name": "Rauhallinen ilta",
        "workplace": "Esimerkkilän hoiva- ja asumispalvelukeskus",
        "language": "fi",
        "labels": FI,
        "meeting_number": 3,
        "theme": RecapNote("Iltavuoron ensimmäinen tunti ja lääkkeidenjakokäytännöt", "fi"),
        "trials": [
            RecapTrial(
                what="Yksi työntekijä istuu pöydässä kaksi kello 16–17 keittiön siivoamisen sijaan",
                who="Iltavuorossa oleva lähihoitaja",
                when="Joka arkipäivä kolmen viikon ajan",
                until=date(2026, 3, 25),
                prediction="väliintulotilanteita on alle viisi viikossa",
                look_at="tukkimiehen kirjanpito valkotaululla",
                stop_rule="joku jää yksin vastuuseen molemmista pöydistä",
                lang="fi",
            )
        ],
        "look_back": [
            RecapLookBack(
                trial="Kehityskeskustelukäytäntöjen yhdenmukaistaminen",
                happened="Lääkehoitosuunnitelmapohjaa käytettiin yhdellätoista iltavuorolla.",
                outcome="Muokkaa",
                learning="Työvuorosuunnittelujärjestelmä ei tunnista päällekkäisiä vuoroja.",
                lang="fi",
            )
        ],
        "kept_trials": 2,
    }
    return long_recap(**{**values, **changes})
