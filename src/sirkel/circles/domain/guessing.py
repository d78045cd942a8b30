"""Wrong codes and wrong words at the door: a few are human, many are somebody guessing."""

from django.utils.translation import gettext_lazy as _

from sirkel.circles.domain.joining import rotate_codes
from sirkel.kernel.errors import TooMany
from sirkel.kernel.limits import Limit, asker_of_address
from sirkel.kernel.tries import SharedLimit

_QUARTER, _HOUR = 15 * 60, 3600
BY_DEVICE = Limit("join:device", most=5, within_seconds=_QUARTER, wait_seconds=_QUARTER)
BY_ADDRESS = Limit("join:address", most=5, within_seconds=_QUARTER, wait_seconds=_QUARTER)
BY_ALL = Limit("join:all", most=50, within_seconds=_HOUR, wait_seconds=_HOUR)
# Asking anew at a closed door: a whole ward comes from one address, and one phone is turned away a few times at most.
DOOR_BY_DEVICE = Limit("door:device", most=5, within_seconds=_QUARTER, wait_seconds=_QUARTER)
DOOR_BY_ADDRESS = Limit("door:address", most=40, within_seconds=_QUARTER, wait_seconds=_QUARTER)
# The same for all processes. It counts misses of nobody in particular: no device, no address.
BY_ALL_TOGETHER = SharedLimit("join:all", most=50)


def must_not_wait(*, device: str, address: str) -> None:
    """Refuse whoever has missed too often; nobody waits who scans the QR code.

    Args:
        device: a random mark kept on the asking device, or empty.
        address: its network address; only a hash under a key of the day is counted.

    Raises:
        TooMany: ``join.wait``.

    """
    asked = asker_of_address(address)
    if (
        (device and BY_DEVICE.must_wait(device))
        or (asked and BY_ADDRESS.must_wait(asked))
        or BY_ALL.must_wait("")
        or BY_ALL_TOGETHER.is_spent("")
    ):
        raise TooMany(
            "join.wait",
            _("That was many wrong tries."),
            _("Scan the square on the screen in the room instead, or wait a quarter of an hour."),
        )


def missed(*, device: str, address: str) -> None:
    """Count a wrong code or wrong words.

    At fifty in an hour over the whole installation every open meeting gets a new code, so that
    nothing that was tried so far narrows the next guess, and typed codes wait.
    """
    asked = asker_of_address(address)
    if device:
        BY_DEVICE.miss(device)
    if asked:
        BY_ADDRESS.miss(asked)
    BY_ALL_TOGETHER.take("")
    if BY_ALL.miss("") or BY_ALL_TOGETHER.is_spent(""):
        rotate_codes()


def must_not_press(*, device: str, address: str) -> None:
    """Refuse whoever has asked too often to be let in at a closed door.

    Raises:
        TooMany: ``door.wait``.

    """
    asked = asker_of_address(address)
    if (device and DOOR_BY_DEVICE.must_wait(device)) or (asked and DOOR_BY_ADDRESS.must_wait(asked)):
        raise TooMany(
            "door.wait",
            _("You have asked to come in many times."),
            _("Speak to the facilitator, or wait a quarter of an hour."),
        )


def pressed(*, device: str, address: str) -> None:
    """Count that a phone began to wait at a closed door."""
    asked = asker_of_address(address)
    DOOR_BY_DEVICE.miss(device)
    if asked:
        DOOR_BY_ADDRESS.miss(asked)
