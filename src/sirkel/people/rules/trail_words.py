"""The verbs of the audit trail in an administrator's words.

What was done with places, people and roles is said one by one. What happened in circles is said by what it was about
and no closer: it is the circle's own, and whoever keeps the house does not need to know who did what there.
"""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

ABOUT_THE_HOUSE: Mapping[str, object] = {
    "role.given": _("Gave a role"),
    "role.changed": _("Changed the days of a role"),
    "role.ended": _("Ended a role"),
    "people.imported": _("Took in a list of people and roles"),
    "person.erased": _("An account was erased"),
    "workplace.added": _("Added a workplace"),
    "unit.added": _("Added a unit"),
    "organisation.renamed": _("Changed the organisation's name"),
    "workplace.renamed": _("Changed a workplace's name"),
    "unit.renamed": _("Changed a unit's name"),
    "unit.moved": _("Moved a unit to another workplace"),
    "unit.merged": _("Made a unit part of another"),
    "unit.closed": _("Closed a unit"),
    "factor.reset_asked": _("Asked to take away a lost second step"),
    "factor.reset_confirmed": _("Agreed to take away a lost second step"),
    "factor.reset_dropped": _("Left a second step as it is"),
    "factor.reset_stopped": _("A second step was not lost: its owner used it"),
    "factor.reset_done": _("A lost second step was taken away"),
    "person.signed_out": _("Signed somebody out on all devices"),
    "hold.asked": _("Asked that something is not deleted"),
    "hold.confirmed": _("Confirmed that something is not deleted"),
    "hold.lift_asked": _("Asked that something may be deleted again"),
    "hold.lifted": _("Agreed that something may be deleted again"),
    "hold.dropped": _("Took back what was asked about a hold"),
    "hold.reviewed": _("Looked at a hold and kept it"),
    "records.said": _("Said whether what circles write is a public record"),
    "method.switched_off": _("Switched a method off for new meetings"),
    "method.switched_on": _("Switched a method on again for new meetings"),
    "trail.head_told": _("The day's fingerprint of this trail was sent out"),
    "organisation.added": _("Added the organisation"),
}
_CIRCLE = _("A circle began, changed its phase or its members, or ended")
ABOUT_CIRCLES: Mapping[str, object] = {
    "circle": _CIRCLE,
    "members": _CIRCLE,
    "invitation": _CIRCLE,
    "agreement": _("A circle's working agreement"),
    "readiness": _("The check before a circle begins"),
    "commitment": _("A leader's commitment to a circle"),
    "meeting": _("A circle's meeting"),
    "step": _("A circle's meeting"),
    "note": _("A note in a circle was held back or let go again"),
    "run_sheet": _("A circle's meeting"),
    "challenge": _("What a circle works with"),
    "trial": _("A circle's trial"),
    "handover": _("A line between a circle and its leader"),
    "closing": _("The closing of a circle"),
    "follow_up": _("A look back at a circle that closed"),
    "share": _("What a circle shares"),
    "card": _("An experience card"),
    "concern": _("A concern was raised"),
    "staff": _("How many work where, said by a leader"),
    "access": _("Who gets to take part, told in bands"),
    "voices": _("Whether a circle looks at whose voice is heard"),
    "recommendation": _("A recommendation"),
}
OTHER = _("Something else")


def words_of(verb: str) -> object:
    """Return what was done, in words."""
    return ABOUT_THE_HOUSE.get(verb) or ABOUT_CIRCLES.get(verb.partition(".")[0], OTHER)


def is_about_the_house(verb: str) -> bool:
    """Tell whether it was done with places, people or roles, so that an administrator may see by whom and when."""
    return verb in ABOUT_THE_HOUSE
