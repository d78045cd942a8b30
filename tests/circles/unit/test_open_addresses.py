"""Addresses on paper and screens: what was printed before the installation's key changed leads there for a while."""

import pytest

from sirkel.circles.domain.joining import (
    join_address,
    meeting_by_join_address,
    meeting_by_room_address,
    room_address,
)
from sirkel.circles.models import OpenInvitation, Trial
from sirkel.circles.queries import open_links
from sirkel.kernel.errors import NotFound
from tests.factories.meetings import make_meeting
from tests.factories.trials import make_trial

pytestmark = pytest.mark.django_db


def test_what_was_printed_before_the_key_changed_opens_until_the_old_key_is_dropped(settings):
    live = make_meeting()
    circle, trial = live.circle, make_trial(live.circle, live.facilitator)
    Trial.objects.filter(id=trial.id).update(is_on_poster=True)
    invitation, _made = OpenInvitation.objects.update_or_create(circle=circle, defaults={"is_open": True})
    printed = (
        (meeting_by_join_address, join_address(live.meeting)),
        (meeting_by_room_address, room_address(live.meeting)),
        (open_links.trial_by_log_address, open_links.log_address(trial)),
        (open_links.trial_by_poster_address, open_links.poster_address(trial)),
        (open_links.circle_by_inbox_address, open_links.inbox_address(circle)),
        (open_links.circle_by_invitation_address, open_links.invitation_address(circle, invitation)),
    )
    old, settings.SECRET_KEY = settings.SECRET_KEY, "of-tests-the-next-one-" * 4
    settings.SECRET_KEY_FALLBACKS = [old]
    for open_, address in printed:
        assert open_(address), open_
    assert join_address(live.meeting) != printed[0][1], "what is printed from now on is made with the new key"
    settings.SECRET_KEY_FALLBACKS = []
    for open_, address in printed:
        with pytest.raises(NotFound):
            open_(address)
