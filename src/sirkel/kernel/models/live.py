from django.db import models

from sirkel.kernel.ids import new_id


class LiveRoom(models.Model):
    """The version counter of one live place, for example a running meeting.

    One row per meeting that was ever opened; no person reads it; kept as long as the meeting.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    version = models.PositiveIntegerField(default=0)


class LiveEvent(models.Model):
    """One change that the screens of a live place must learn of.

    Holds what kind of change it was and which thing changed, never words and never a person.
    Read by the live streams alone; removed when the place closes.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    room = models.ForeignKey(LiveRoom, on_delete=models.CASCADE, related_name="events")
    version = models.PositiveIntegerField()
    kind = models.CharField(max_length=40)
    payload = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["room", "version"], name="live_event_once_per_version")
        ]
