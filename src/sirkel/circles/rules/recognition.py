"""What is asked before words leave an organisation: whether somebody could recognise a person by them."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

QUESTIONS: Mapping[str, object] = {
    "place": _("Could somebody recognise a person by the unit, the room or the place?"),
    "time": _("Could somebody recognise a person by the day, the shift or something that happened then?"),
    "task": _("Could somebody recognise a person by the task, the trade or a role that only one has?"),
    "trait": _("Could somebody recognise a person by age, language, illness, family or a way of speaking?"),
    "rest": _("Could somebody at your own workplace say: I know who that is?"),
}
"""Code to question. Each is answered no before the words may go."""

FOUND: Mapping[str, object] = {
    "national_id": _("perhaps a personal identity number"),
    "phone": _("perhaps a phone number"),
    "email": _("an e-mail address"),
    "room": _("a room"),
    "name": _("perhaps a name"),
    "circumstance": _("age, illness or family together"),
}
"""What the detector finds, in words; a finding hints, and none proves that nothing is there."""
