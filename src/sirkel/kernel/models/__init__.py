"""Tables that no room owns."""

from sirkel.kernel.models.audit import AuditEvent, AuditHead
from sirkel.kernel.models.live import LiveEvent, LiveRoom
from sirkel.kernel.models.tasks import Schedule, TaskKey, WorkerBeat
from sirkel.kernel.models.texts import Text
from sirkel.kernel.models.tries import Tries

__all__ = [
    "AuditEvent",
    "AuditHead",
    "LiveEvent",
    "LiveRoom",
    "Schedule",
    "TaskKey",
    "Text",
    "Tries",
    "WorkerBeat",
]
