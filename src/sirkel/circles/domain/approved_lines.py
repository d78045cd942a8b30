"""What happens to a line for the leader that the circle let out: it is ready to be sent, and nothing else."""

from sirkel.circles.enums import HandoverState
from sirkel.circles.models import Handover, ShareItem
from sirkel.circles.queries.handovers import answer_days_for


def take_approved_line(*, item: ShareItem) -> Handover:
    """Return the approved handover of an item that nobody objected to. Must run inside the approval's transaction.

    The line becomes the words that the circle was asked about. Without an earlier draft one is made.
    """
    handover = Handover.objects.filter(share_item=item).first() or Handover(
        circle=item.circle,
        share_item=item,
        trial=item.trial,
        answer_days=answer_days_for(item.circle),
    )
    handover.text, handover.lang = item.text, item.lang
    handover.state = HandoverState.APPROVED
    handover.save()
    return handover
