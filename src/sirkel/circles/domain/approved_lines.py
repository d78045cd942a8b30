"""What happens to a line for the leader when the circle lets it out, or takes it back."""

from collections.abc import Iterable

from sirkel.circles.enums import HandoverState
from sirkel.circles.models import Handover, NamedObstacle, ShareItem

NO_WORDS = "…"


def take_approved_line(*, item: ShareItem) -> Handover:
    """Return the approved handover of an item that nobody objected to. Must run inside the approval's transaction.

    A draft cannot change while the circle is asked about it, so its words are those that were asked about. Without
    an earlier draft one is made of the item's words.
    """
    handover = Handover.objects.filter(share_item=item, state=HandoverState.DRAFT).first() or Handover(
        circle=item.circle, share_item=item, trial=item.trial, text=item.text, lang=item.lang
    )
    handover.state = HandoverState.APPROVED
    handover.save()
    return handover


def let_go_of_lines(*, items: Iterable[ShareItem]) -> None:
    """Forget the lines of items that were taken back. Must run inside the transaction of the taking back.

    What was not sent is gone; of what the leader has, the words go and the answer stays.
    """
    found = Handover.objects.filter(share_item__in=[item.id for item in items])
    found.filter(state__in=[HandoverState.DRAFT, HandoverState.APPROVED]).delete()
    found.update(text=NO_WORDS)
    NamedObstacle.objects.filter(handover__in=found).update(line=NO_WORDS)
