from django.db import models
from django.db.models import Q

from sirkel.circles.enums import Audience
from sirkel.kernel.ids import new_id
from sirkel.network.enums import CardReason, CardState, SizeBand
from sirkel.people.enums import Area, WorkplaceKind

INSIDE = (Audience.COLLEAGUES, Audience.ORGANISATION)


class ExperienceCard(models.Model):
    """What a circle let out of its room, in a copy of its own, with as much of where it comes from as is fair.

    Who may read it follows from ``audience`` and is decided in ``queries.cards`` alone. The workplace is
    named only on cards that stay in their organisation. Taking a card back empties it for good; holding
    it back, because it could point to somebody, hides its words until a coordinator shows them again.
    Kept as long as what rests on it; the month, not the day, says when it was shared.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    share_item = models.OneToOneField("circles.ShareItem", on_delete=models.PROTECT, related_name="card")
    organisation = models.ForeignKey("people.Organisation", on_delete=models.PROTECT, related_name="cards")
    workplace = models.ForeignKey(
        "people.Workplace", on_delete=models.PROTECT, null=True, blank=True, related_name="cards"
    )
    text = models.CharField(max_length=500, blank=True)
    lang = models.CharField(max_length=10)
    audience = models.CharField(max_length=20, choices=Audience)
    kind = models.CharField(max_length=20, choices=WorkplaceKind)
    area = models.CharField(max_length=2, choices=Area)
    size = models.CharField(max_length=10, choices=SizeBand, blank=True)
    meeting_number = models.PositiveSmallIntegerField()
    shared_in = models.DateField()
    state = models.CharField(max_length=20, choices=CardState, default=CardState.SHARED)
    reason = models.CharField(max_length=20, choices=CardReason, blank=True)
    # A note beneath it was taken back while the circle's own words stay.
    has_lost_a_note = models.BooleanField(default=False)

    class Meta:
        ordering = ["-shared_in", "id"]
        indexes = [
            models.Index(fields=["state", "audience"], name="card_by_state_and_audience"),
            # A first page is read from this one in its order, however many cards its reader may see.
            models.Index(fields=["state", "-shared_in", "id"], name="card_by_state_newest_first"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state=CardState.WITHDRAWN, text="") | ~Q(state=CardState.WITHDRAWN) & ~Q(text=""),
                name="card_has_text_unless_withdrawn",
            ),
            models.CheckConstraint(
                condition=Q(workplace__isnull=False, audience__in=INSIDE)
                | Q(workplace__isnull=True) & ~Q(audience__in=INSIDE),
                name="card_names_workplace_only_inside",
            ),
            models.CheckConstraint(
                condition=Q(state=CardState.SHARED, reason="") | ~Q(state=CardState.SHARED) & ~Q(reason=""),
                name="card_has_reason_unless_shared",
            ),
        ]

    @property
    def is_shared(self) -> bool:
        """Whether its words are shown to whom they are meant for."""
        return self.state == CardState.SHARED
