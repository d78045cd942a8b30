"""What this room leaves to the worker: the outbox, the heads of the trail, and forgetting."""

from sirkel.kernel import clock, tries
from sirkel.kernel.tasks import DAY_SECONDS, task
from sirkel.people.domain import (
    api_keys,
    factor_resets,
    heads,
    holding,
    inviting,
    outbox,
    sign_in_changes,
    sign_ins,
)
from sirkel.people.enums import MailKind


@task(attempts=1, every_seconds=60)
def send_mail() -> None:
    """Send what waits. Not tried again by itself: the timetable comes back soon, and mails wait in their rows."""
    outbox.deliver()


@task(every_seconds=DAY_SECONDS)
def forget_mail() -> None:
    """Forget mails that were settled long ago."""
    outbox.tidy(at=clock.now())


@task(every_seconds=DAY_SECONDS)
def forget_sign_ins() -> None:
    """Forget sessions that ended and tries to sign in that failed."""
    sign_ins.tidy(at=clock.now())


@task(every_seconds=60)
def end_sign_ins_of_leavers() -> None:
    """End what people signed in to before their last role was over."""
    sign_ins.end_of_leavers(at=clock.now())


@task(every_seconds=DAY_SECONDS)
def forget_keys() -> None:
    """Forget keys of the API that were over for a month."""
    api_keys.forget_outdated(at=clock.now())


@task(every_seconds=600)
def take_lost_factors_away() -> None:
    """Take away the lost second steps about which two administrators agreed a day ago."""
    factor_resets.carry_out(at=clock.now())


@task(every_seconds=DAY_SECONDS)
def forget_holds() -> None:
    """Forget holds that were let go long ago, and those that nobody confirmed."""
    holding.tidy(at=clock.now())


@task(every_seconds=DAY_SECONDS)
def tell_heads() -> None:
    """Send the day's head of every organisation's trail to those who keep it."""
    heads.tell_heads(at=clock.now())


@task(every_seconds=3600)
def forget_tries() -> None:
    """Forget how often somebody tried, once the hour or the day is over."""
    tries.tidy(at=clock.now())


def compose() -> None:
    """Make the words of this room's mails."""
    outbox.compose_with(MailKind.INVITED, inviting.compose)
    outbox.compose_with(MailKind.SIGN_IN, factor_resets.compose)
    outbox.compose_with(MailKind.CHANGED, sign_in_changes.compose)
    outbox.compose_with(MailKind.TRAIL, heads.compose)
