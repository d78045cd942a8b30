"""Signed links: addresses on paper that open one thing to whoever holds them, without an account."""

import base64
import hashlib
import hmac
import uuid

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from sirkel.circles.models import ChallengeInbox, Circle, OpenInvitation, Trial
from sirkel.circles.queries.keeping import is_kept
from sirkel.circles.queries.set_ups import OVER
from sirkel.kernel.errors import NotFound

_LOG, _POSTER, _INBOX, _INVITED = "trial-log", "trial-poster", "challenge-inbox", "open-invitation"
_HEAD_SIGNS = 22


def _address(purpose: str, key: uuid.UUID, epoch: int) -> str:
    """Return an id and a 128-bit token made from the site's key: nothing in the database gives the token away."""
    message = f"{purpose}:{key}:{epoch}".encode()
    token = hmac.new(settings.SECRET_KEY.encode(), message, hashlib.sha256).digest()[:16]
    return "".join(base64.urlsafe_b64encode(part).decode().rstrip("=") for part in (key.bytes, token))


def _key_in(address: str) -> uuid.UUID:
    try:
        return uuid.UUID(bytes=base64.urlsafe_b64decode(address[:_HEAD_SIGNS] + "=="))
    except ValueError:
        return uuid.UUID(int=0)  # nobody's


def _is_same(address: str, ours: str) -> bool:
    return hmac.compare_digest(address.encode(), ours.encode())


def _unknown() -> NotFound:
    return NotFound(
        "links.none", _("This link does not open anything."), _("Ask the facilitator for a new one.")
    )


def log_address(trial: Trial) -> str:
    """Return the address under which participants without an account say how a trial goes."""
    return _address(_LOG, trial.id, trial.link_epoch)


def poster_address(trial: Trial) -> str:
    """Return the address on a trial's poster, for colleagues outside the circle."""
    return _address(_POSTER, trial.id, trial.link_epoch)


def inbox_address(circle: Circle) -> str:
    """Return the address under which the circle's participants leave challenges."""
    epoch = ChallengeInbox.objects.filter(circle=circle).values_list("link_epoch", flat=True).first()
    return _address(_INBOX, circle.id, epoch or 0)


def _trial(address: str) -> Trial:
    found = Trial.objects.filter(id=_key_in(address)).select_related("circle", "circle__workplace").first()
    if found is None or not is_kept(found.circle):
        raise _unknown()
    return found


def trial_by_log_address(address: str) -> Trial:
    """Return the trial that a participant's link leads to.

    Raises:
        NotFound: the link was never ours, or has been made anew since.

    """
    found = _trial(address)
    if not _is_same(address, log_address(found)):
        raise _unknown()
    return found


def trial_by_poster_address(address: str) -> Trial:
    """Return the trial that a poster leads to, while the circle shows it to colleagues.

    Raises:
        NotFound: the link was never ours, has been made anew, or the circle took the poster down.

    """
    found = _trial(address)
    if not (_is_same(address, poster_address(found)) and found.is_on_poster):
        raise _unknown()
    return found


def circle_by_inbox_address(address: str) -> Circle:
    """Return the circle whose box for challenges a link opens.

    Raises:
        NotFound: the link was never ours, or has been made anew since.

    """
    found = Circle.objects.filter(id=_key_in(address)).select_related("workplace").first()
    if found is None or not is_kept(found) or not _is_same(address, inbox_address(found)):
        raise _unknown()
    return found


def invitation_address(circle: Circle, invitation: OpenInvitation) -> str:
    """Return the address under which colleagues read a circle's open invitation and answer it."""
    return _address(_INVITED, circle.id, invitation.link_epoch)


def circle_by_invitation_address(address: str) -> Circle:
    """Return the circle that a link on paper invites to.

    Raises:
        NotFound: the link was never ours, has been made anew or closed, or the circle is over. The answer is the same.

    """
    found = Circle.objects.filter(id=_key_in(address)).select_related("workplace", "organisation").first()
    invitation = OpenInvitation.objects.filter(circle=found).first() if found else None
    if (
        found is None
        or invitation is None
        or not invitation.is_open
        or found.state in OVER
        or not _is_same(address, invitation_address(found, invitation))
    ):
        raise _unknown()
    return found
