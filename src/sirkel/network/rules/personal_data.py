"""What the network room keeps."""

from django.utils.translation import gettext_lazy as _

from sirkel.kernel.register import Controller, DataClass, Purpose, Recipient, Retention, Rows, Tie

CARDS = DataClass(
    code="cards",
    name=_("Experience cards"),
    what=_("What a circle agreed to share with others, without names."),
    purpose=Purpose.NETWORK,
    controller=Controller.HOST,
    tie=Tie.WORDS,
    recipients=(Recipient.NETWORK, Recipient.PUBLIC),
    retention=Retention(_("Until the circle takes it back."), ("sirkel.network.domain.cards.empty_cards",)),
    rows=(
        Rows(
            "ExperienceCard",
            tells="text",
            other="id share_item organisation workplace lang audience kind area size meeting_number shared_in state "
            "reason has_lost_a_note",
        ),
    ),
)
CLASSES = (CARDS,)
