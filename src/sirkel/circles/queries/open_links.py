"""Signed links: addresses on paper that open one thing to whoever holds them, without an account."""

from django.utils.translation import gettext_lazy as _

from sirkel.circles.models import ChallengeInbox, Circle, OpenInvitation, Trial
from sirkel.circles.queries.keeping import is_kept
from sirkel.circles.queries.set_ups import OVER
from sirkel.kernel.addresses import address_of, id_in, is_address_of
from sirkel.kernel.errors import NotFound

_LOG, _POSTER, _INBOX, _INVITED = "trial-log", "trial-poster", "challenge-inbox", "open-invitation"


def _unknown() -> NotFound:
    return NotFound(
        "links.none", _("This link does not open anything."), _("Ask the facilitator for a new one.")
    )


def log_address(trial: Trial) -> str:
    """Return the address under which participants without an account say how a trial goes."""
    return address_of(_LOG, trial.id, trial.link_epoch)


def poster_address(trial: Trial) -> str:
    """Return the address on a trial's poster, for colleagues outside the circle."""
    return address_of(_POSTER, trial.id, trial.link_epoch)


def inbox_address(circle: Circle) -> str:
    """Return the address under which the circle's participants leave challenges."""
    return address_of(_INBOX, circle.id, _inbox_epoch(circle))


def _inbox_epoch(circle: Circle) -> int:
    return ChallengeInbox.objects.filter(circle=circle).values_list("link_epoch", flat=True).first() or 0


def _trial(address: str) -> Trial:
    found = Trial.objects.filter(id=id_in(address)).select_related("circle", "circle__workplace").first()
    if found is None or not is_kept(found.circle):
        raise _unknown()
    return found


def trial_by_log_address(address: str) -> Trial:
    """Return the trial that a participant's link leads to.

    Raises:
        NotFound: the link was never ours, or has been made anew since.

    """
    found = _trial(address)
    if not is_address_of(address, _LOG, found.id, found.link_epoch):
        raise _unknown()
    return found


def trial_by_poster_address(address: str) -> Trial:
    """Return the trial that a poster leads to, while the circle shows it to colleagues.

    Raises:
        NotFound: the link was never ours, has been made anew, or the circle took the poster down.

    """
    found = _trial(address)
    if not (is_address_of(address, _POSTER, found.id, found.link_epoch) and found.is_on_poster):
        raise _unknown()
    return found


def circle_by_inbox_address(address: str) -> Circle:
    """Return the circle whose box for challenges a link opens.

    Raises:
        NotFound: the link was never ours, or has been made anew since.

    """
    found = Circle.objects.filter(id=id_in(address)).select_related("workplace").first()
    if (
        found is None
        or not is_kept(found)
        or not is_address_of(address, _INBOX, found.id, _inbox_epoch(found))
    ):
        raise _unknown()
    return found


def invitation_address(circle: Circle, invitation: OpenInvitation) -> str:
    """Return the address under which colleagues read a circle's open invitation and answer it."""
    return address_of(_INVITED, circle.id, invitation.link_epoch)


def circle_by_invitation_address(address: str) -> Circle:
    """Return the circle that a link on paper invites to.

    Raises:
        NotFound: the link was never ours, has been made anew or closed, or the circle is over. The answer is the same.

    """
    found = Circle.objects.filter(id=id_in(address)).select_related("workplace", "organisation").first()
    invitation = OpenInvitation.objects.filter(circle=found).first() if found else None
    if (
        found is None
        or invitation is None
        or not invitation.is_open
        or found.state in OVER
        or not is_address_of(address, _INVITED, found.id, invitation.link_epoch)
    ):
        raise _unknown()
    return found
