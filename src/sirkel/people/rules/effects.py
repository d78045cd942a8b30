"""What a role lets somebody see and do, in plain words: read by an administrator before it is given."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from sirkel.people.rules.conflicts import Clash

SEES: Mapping[str, object] = {
    "facilitator": _(
        "May begin circles here and lead them. Sees what is written only in circles they are part of."
    ),
    "leader": _(
        "Sees phase, hours and meetings held of the circles here, and the lines that wait for an answer. "
        "Never who said what."
    ),
    "union": _(
        "Sees commitments, promises and answers of the circles here, never what is written. "
        "May raise a concern or pause a circle."
    ),
    "researcher": _(
        "Reads the experience cards of this organisation and the network. Nothing that a circle keeps to itself."
    ),
    "coordinator": _(
        "Reads the experience cards of the whole network and writes recommendations. "
        "Nothing that a circle keeps to itself, and never who wrote it."
    ),
    "policy": _(
        "Reads the experience cards that are for the network and publishes recommendations. "
        "Nothing that a circle keeps to itself."
    ),
    "administrator": _(
        "Sees workplaces, people with roles and what was done with them, and may give and end roles. "
        "Nothing that circles write."
    ),
}
IN_A_UNIT = _("Circles belong to the whole workplace. In one unit alone this role shows none of them.")
CLASHES: Mapping[str, object] = {
    Clash.LEADER_UNION: _(
        "Leader and union or safety representative at the same workplace: who guards the employees' side "
        "must not be who leads them."
    ),
    Clash.LEADER_FACILITATOR: _(
        "Leader and facilitator at the same workplace: whoever leads the members must not be the only one "
        "who leads their circle."
    ),
    Clash.ADMINISTRATOR_RESEARCHER: _(
        "Administrator and researcher of the same organisation: who gives roles must not also study the people."
    ),
}


def effects(role: str, *, is_in_unit: bool) -> list[object]:
    """Return what a role means at its place, a sentence each."""
    found = [SEES[role]] if role in SEES else []
    if is_in_unit and role in {"leader", "union"}:
        found = [IN_A_UNIT]
    return found
