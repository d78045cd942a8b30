"""What people send without saying who they are: how often, and in which words."""

import uuid

from django.utils.translation import gettext_lazy as _

from sirkel.kernel.errors import TooMany
from sirkel.kernel.limits import Limit, asker_of_address

_QUARTER, _HOUR, _DAY = 15 * 60, 3600, 24 * 3600
# A whole house may stand behind one address, so these stop a machine and not a ward.
BY_ADDRESS = Limit("unsigned:address", most=40, within_seconds=_QUARTER, wait_seconds=_QUARTER)
BY_THING = Limit("unsigned:thing", most=150, within_seconds=_DAY, wait_seconds=_HOUR)


def must_not_flood(*, address: str, thing: uuid.UUID) -> None:
    """Count one unsigned entry, or refuse it when too many came.

    Args:
        address: the network address that sends; only a hash under a key of the day is counted.
        thing: the trial or circle that it is about.

    Raises:
        TooMany: ``unsigned.wait``.

    """
    asked = asker_of_address(address)
    if (asked and BY_ADDRESS.must_wait(asked)) or BY_THING.must_wait(str(thing)):
        raise TooMany("unsigned.wait", _("A great deal came in just now."), _("Try again in a while."))
    if asked:
        BY_ADDRESS.miss(asked)
    BY_THING.miss(str(thing))
