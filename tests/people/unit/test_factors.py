import base64

import pytest

from sirkel.kernel.errors import Refused
from sirkel.people.domain.factors import opened, sealed
from sirkel.people.enums import Role
from sirkel.people.rules.factors import needs_second_factor


@pytest.mark.parametrize("role", Role)
def test_exactly_facilitators_researchers_and_administrators_need_a_second_factor(role):
    """SEC-03."""
    needed = {"facilitator", "researcher", "administrator"}
    assert needs_second_factor([role]) is (role.value in needed)
    assert needs_second_factor([Role.LEADER, role]) is (role.value in needed)


def test_nobody_without_a_role_needs_one():
    assert not needs_second_factor([])


def test_a_secret_is_kept_sealed_and_opens_again():
    kept = sealed("JBSWY3DPEHPK3PXP")
    assert b"JBSWY3DP" not in base64.b64decode(kept)
    assert kept != sealed("JBSWY3DPEHPK3PXP")
    assert opened(kept) == "JBSWY3DPEHPK3PXP"


@pytest.mark.parametrize("damaged", ["", "JBSWY3DPEHPK3PXP", "no base 64!", "AAAA" * 30])
def test_what_was_not_sealed_here_opens_as_nothing_at_all(damaged):
    """An empty secret would have codes that anybody can work out."""
    with pytest.raises(Refused):
        opened(damaged)


def test_another_installation_opens_nothing_and_a_changed_key_still_opens(settings):
    kept = sealed("JBSWY3DPEHPK3PXP")
    earlier, settings.SECRET_KEY = settings.SECRET_KEY, "another key"
    with pytest.raises(Refused):
        opened(kept)
    settings.SECRET_KEY_FALLBACKS = [earlier]
    assert opened(kept) == "JBSWY3DPEHPK3PXP"
