"""The words for what the register's marks mean: purposes, legal bases, controllers, recipients, ways to a person."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from sirkel.kernel.register import Controller, Purpose, Recipient, Tie, Words

PURPOSES: dict[Purpose, Words] = {
    Purpose.CIRCLE: _("To learn together in a circle and change something at work"),
    Purpose.RESEARCH: _("Research on learning circles"),
    Purpose.NETWORK: _("To share experience between workplaces"),
    Purpose.ACCOUNT: _("To know who may do what, and to write to you"),
    Purpose.OPERATION: _("To keep Sirkel running and safe"),
}


@dataclass(frozen=True)
class Basis:
    """What makes a processing lawful: at a public body, and at a private employer. A lawyer confirms it per organisation."""

    public: Words
    private: Words


_TASK = _("a task in the public interest (GDPR Article 6(1)(e))")
_INTEREST = _("a legitimate interest (GDPR Article 6(1)(f))")
_DUTY = _("a legal duty (GDPR Article 6(1)(c), with Articles 5(2) and 32)")
BASES: dict[Purpose, Basis] = {
    Purpose.CIRCLE: Basis(_TASK, _INTEREST),
    Purpose.RESEARCH: Basis(_TASK, _INTEREST),
    Purpose.NETWORK: Basis(_TASK, _INTEREST),
    Purpose.ACCOUNT: Basis(_TASK, _INTEREST),
    Purpose.OPERATION: Basis(_DUTY, _DUTY),
}
CONTROLLERS: dict[Controller, Words] = {
    Controller.EMPLOYER: _("the organisation that the workplace belongs to"),
    Controller.HOST: _("whoever runs this Sirkel"),
}
RECIPIENTS: dict[Recipient, Words] = {
    Recipient.SELF: _("you"),
    Recipient.CIRCLE: _("members of the circle"),
    Recipient.FACILITATORS: _("the circle's facilitators"),
    Recipient.WORKPLACE: _("the workplace's leader and representatives"),
    Recipient.NETWORK: _("everybody in the network"),
    Recipient.WRITERS: _("those who write recommendations"),
    Recipient.PUBLIC: _("everybody"),
    Recipient.ADMINISTRATORS: _("administrators"),
    Recipient.MAIL: _("the mail server that carries it"),
    Recipient.NOBODY: _("nobody; only the server uses it"),
}
TIES: dict[Tie, Words] = {
    Tie.ACCOUNT: _("Leads to you by your account."),
    Tie.HOLDER: _("Leads to nobody, but whoever holds the phone, the receipt or the words can find it."),
    Tie.WORDS: _("Names nobody, unless somebody writes a name into it."),
    Tie.NOBODY: _("Names nobody."),
}

# Names and addresses of those to complain to; Åland's public bodies have an authority of their own.
AUTHORITIES = (
    ("Danmark, Kalaallit Nunaat", "Datatilsynet", "https://www.datatilsynet.dk/"),
    ("Norge", "Datatilsynet", "https://www.datatilsynet.no/"),
    ("Sverige", "Integritetsskyddsmyndigheten", "https://www.imy.se/"),
    ("Suomi / Finland", "Tietosuojavaltuutetun toimisto / Dataombudsmannens byrå", "https://tietosuoja.fi/"),
    ("Åland", "Datainspektionen", "https://www.di.ax/"),
    ("Ísland", "Persónuvernd", "https://www.personuvernd.is/"),
    ("Føroyar", "Dátueftirlitið", "https://www.dat.fo/"),
)
