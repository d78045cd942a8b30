"""What is said of one setting."""

from dataclasses import dataclass
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Group(TextChoices):
    """What settings are about, in the order in which they are shown."""

    ADDRESS = "address", _("Address and way in")
    KEYS = "keys", _("Keys")
    DATABASES = "databases", _("Databases and files")
    PEOPLE = "people", _("People and their data")
    BACKUP = "backup", _("Backups")
    MAIL = "mail", _("Mail")
    LOAD = "load", _("Speed")
    EVIDENCE = "evidence", _("Figures")
    TRYING = "trying", _("Trying out")


class Kind(TextChoices):
    """What may be shown of a value: all of it, whether it is yes or no, or only whether there is one."""

    PLAIN = "plain", _("Shown")
    YES_NO = "yes_no", _("Yes or no")
    SECRET = "secret", _("Never shown")


@dataclass(frozen=True)
class Setting:
    """One variable.

    ``name`` is without ``SIRKEL_``; ``default`` is the text the code takes without it; empty means none. ``standing`` is
    said instead in the handbook where the default is no fixed text. ``what`` is its effect in a sentence or two, ``more`` what
    the handbook adds, in Markdown. ``refused`` says with which value a public service does not start.
    """

    name: str
    group: Group
    what: Any
    default: str = ""
    standing: str = ""
    kind: Kind = Kind.PLAIN
    more: str = ""
    refused: Any = ""

    @property
    def variable(self) -> str:
        """The name as it stands in the environment."""
        return f"SIRKEL_{self.name}"

    @property
    def default_in_words(self) -> str:
        """The default as the handbook writes it."""
        if self.standing:
            return self.standing
        if self.kind == Kind.YES_NO:
            return "yes" if self.default == "1" else "no"
        return f"`{self.default}`" if self.default else "none"
