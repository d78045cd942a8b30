"""How often somebody may try to sign in, over all processes; what is counted names neither address nor person."""

import uuid

from django.utils.translation import gettext_lazy as _

from sirkel.kernel.errors import TooMany
from sirkel.kernel.tries import SharedLimit

# Codes sent to one address, and codes typed for it. Eight letters of twenty: 40 tries an hour hit one in 70,000 years.
CODES_SENT = SharedLimit("sign_in:sent", most=12)
CODES_TYPED = SharedLimit("sign_in:typed", most=40)
# Six digits, three of which are right at any time: 30 tries a day hit one in 30 years, for somebody who reads the mail too.
FACTORS_TYPED = SharedLimit("factor:typed", most=10)
FACTORS_TYPED_A_DAY = SharedLimit("factor:typed:day", most=30, hours=24)


def send_code_to(address: str) -> None:
    """Count that a code is asked for, whoever the address belongs to.

    Raises:
        TooMany: ``sign_in.wait``.

    """
    _take(CODES_SENT, address.casefold())


def type_code_for(address: str) -> None:
    """Count that a code is typed for an address, before it is compared.

    Raises:
        TooMany: ``sign_in.wait``.

    """
    _take(CODES_TYPED, address.casefold())


def type_factor_of(person_id: uuid.UUID) -> None:
    """Count that a second step is typed, before it is compared.

    Raises:
        TooMany: ``sign_in.wait``; ``sign_in.wait_a_day``.

    """
    _take(FACTORS_TYPED, str(person_id))
    if not FACTORS_TYPED_A_DAY.take(str(person_id)):
        raise TooMany("sign_in.wait_a_day", _("That was many tries. Try again tomorrow."))


def factor_was_right(person_id: uuid.UUID) -> None:
    """Let a second step that was right not count."""
    for limit in (FACTORS_TYPED, FACTORS_TYPED_A_DAY):
        limit.give_back(str(person_id))


def _take(limit: SharedLimit, who: str) -> None:
    if not limit.take(who):
        raise TooMany("sign_in.wait", _("That was many tries. Try again in an hour."))
