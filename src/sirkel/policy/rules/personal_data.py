"""What the policy room keeps."""

from django.utils.translation import gettext_lazy as _

from sirkel.kernel.register import (
    UNTIL_ACCOUNT_ENDS,
    Controller,
    DataClass,
    Purpose,
    Recipient,
    Retention,
    Rows,
    Tie,
)

RECOMMENDATIONS = DataClass(
    code="recommendations",
    name=_("Recommendations"),
    what=_("Advice to workplaces and the cards it rests on."),
    purpose=Purpose.NETWORK,
    controller=Controller.HOST,
    tie=Tie.WORDS,
    recipients=(Recipient.PUBLIC,),
    retention=Retention(_("As long as Sirkel runs here, so that a citation can be found.")),
    rows=(
        Rows("Recommendation", tells="title", other="id number lang state version published_on"),
        Rows("Clause", tells="text", other="id recommendation letter lang"),
    ),
)
DECISIONS = DataClass(
    code="decisions",
    name=_("Who decided what advice rests on"),
    what=_("Which writer decided that advice rests on a card, in which role and when."),
    purpose=Purpose.NETWORK,
    controller=Controller.HOST,
    tie=Tie.ACCOUNT,
    recipients=(Recipient.WRITERS,),
    retention=UNTIL_ACCOUNT_ENDS,
    rows=(
        Rows("ClauseSupport", tells="decided_by", other="id clause card decided_as decided_on confidence"),
    ),
)
CLASSES = (RECOMMENDATIONS, DECISIONS)
