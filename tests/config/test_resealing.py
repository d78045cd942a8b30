"""After a key was changed: everything that lasts is sealed anew, and only then may the earlier key go (ASVS 11.2.2)."""

import io
import re
from pathlib import Path

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.core.management import CommandError, call_command

from sirkel.circles.domain import access, private_log, voice_counting
from sirkel.circles.models import AccessTally, PrivateLogEntry, VoiceWindow
from sirkel.circles.queries.private_log import own_entries
from sirkel.config import resealing
from sirkel.kernel import clock, sealing
from tests.factories.meetings import make_circle

pytestmark = pytest.mark.django_db
OLD, NEW = "an earlier key of this house " * 3, "the key of this house from today " * 3
OLD_LOG, NEW_LOG = "earlier-log-key", "new-log-key"
SOURCE = Path(sealing.__file__).resolve().parents[1]
ANEW = {
    "config/resealing.py",
    "people/domain/factors.py",
    "circles/domain/private_log.py",
    "circles/domain/access.py",
    "circles/domain/voice_counting.py",  # the sums of three meetings; those of a running one end with it
}
ENDS = {
    "people/sessions.py": "within thirty days",
    "circles/views/places.py": "when the phone's browser is closed, or with the meeting",
    "circles/views/waiting.py": "when the phone is let in or gone, or with the meeting",
}
WORDS = "Aino lo for første gang"


@pytest.fixture
def house(settings):
    """Everything that lasts, sealed under the earlier keys; then the keys are changed."""
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = OLD, []
    settings.PRIVATE_LOG_KEYS = [OLD_LOG]
    circle, facilitator = make_circle()
    TOTP.activate(facilitator, "JBSWY3DPEHPK3PXP")
    codes = RecoveryCodes.activate(facilitator).get_unused_codes()
    for _each in range(3):
        private_log.write(acting=facilitator, text=WORDS, at=clock.now())
    secret = sealing.new_secret()
    tally, window = (
        {"secret": secret, "sealed": sealing.seal(b"\x01\x02", secret=secret, purpose=purpose)}
        for purpose in (access.TALLY, voice_counting.WINDOW)
    )
    AccessTally.objects.create(workplace=circle.workplace, kind="came", period="2026Q1", **tally)
    VoiceWindow.objects.create(circle=circle, first_meeting=1, **window)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = NEW, [OLD]
    settings.PRIVATE_LOG_KEYS = [NEW_LOG, OLD_LOG]
    return facilitator, codes


def run():
    said = io.StringIO()
    call_command("reseal", stdout=said)
    return said.getvalue()


def drop_the_earlier_ones(settings):
    settings.SECRET_KEY_FALLBACKS, settings.PRIVATE_LOG_KEYS = [], [NEW_LOG]


def is_all_there(facilitator, codes):
    app, kept = (Authenticator.objects.get(type=one).wrap() for one in ("totp", "recovery_codes"))
    texts = [entry.text for entry in own_entries(owner=facilitator, language="en")]
    tally, window = AccessTally.objects.get(), VoiceWindow.objects.get()
    sums = [
        sealing.unseal(bytes(row.sealed), secret=bytes(row.secret), purpose=purpose)
        for row, purpose in ((tally, access.TALLY), (window, voice_counting.WINDOW))
    ]
    return (kept.get_unused_codes(), texts, sums, bool(app.instance.data["secret"])) == (
        codes,
        [WORDS] * 3,
        [b"\x01\x02"] * 2,
        True,
    )


def test_everything_that_lasts_opens_without_the_earlier_keys_afterwards(house, settings):
    said = run()
    assert "second steps: 2 sealed anew, 0 were so already, 0 open with no key" in said
    assert "private logs: 3 sealed anew" in said
    assert "sums of who gets to take part: 1 sealed anew" in said
    assert "sums of voices: 1 sealed anew" in said
    assert "can be dropped" in said
    assert "30 days from now" in said
    drop_the_earlier_ones(settings)
    assert is_all_there(*house)
    assert WORDS not in said


def test_without_it_the_earlier_keys_are_needed(house, settings):
    """So that the test above shows something."""
    assert is_all_there(*house)
    drop_the_earlier_ones(settings)
    assert [entry.is_readable for entry in own_entries(owner=house[0], language="en")] == [False] * 3
    with pytest.raises(CommandError, match="7 open with no key"):
        run()


def test_a_run_that_ended_in_the_middle_goes_on_where_it_stopped(house, settings):
    """Each batch stands by itself, and what was done is not done again."""
    logs = next(place for place in resealing.places() if place.model is PrivateLogEntry)
    before = dict(PrivateLogEntry.objects.values_list("id", "sealed"))
    count = resealing.Count(logs)
    resealing.one_batch(logs, count, None, 2)
    assert (count.anew, resealing.left(logs)) == (2, 1)
    half = dict(PrivateLogEntry.objects.values_list("id", "sealed"))
    said = run()
    assert "private logs: 1 sealed anew, 2 were so already" in said
    after = dict(PrivateLogEntry.objects.values_list("id", "sealed"))
    changed = {one for one in before if bytes(half[one]) != bytes(before[one])}
    assert len(changed) == 2
    assert all(bytes(after[one]) == bytes(half[one]) for one in changed)
    assert "0 sealed anew, 3 were so already" in run()


@pytest.mark.parametrize("batch", [1, 2, 3, 50])
def test_batches_of_any_size_leave_none_out(house, batch):
    counts = {place.code: resealing.reseal(place, batch=batch) for place in resealing.places()}
    assert [count.anew for count in counts.values()] == [2, 3, 1, 1]
    assert not any(resealing.left(place) for place in resealing.places())


def test_what_no_key_opens_is_refused_plainly_and_never_touched(house, settings):
    lost = PrivateLogEntry.objects.first()
    PrivateLogEntry.objects.filter(id=lost.id).update(sealed=bytes(lost.sealed)[:-1] + b"!")
    broken = bytes(PrivateLogEntry.objects.get(id=lost.id).sealed)
    with pytest.raises(CommandError, match="1 open with no key that there is, and were left as they are"):
        run()
    assert bytes(PrivateLogEntry.objects.get(id=lost.id).sealed) == broken
    assert all(resealing.left(place) == (place.model is PrivateLogEntry) for place in resealing.places())


def test_nothing_to_do_says_so(house, settings):
    run()
    drop_the_earlier_ones(settings)
    assert "There is no earlier key" in run()


@pytest.mark.pure
def test_everything_that_seals_is_sealed_anew_or_ends_by_itself():
    """Whoever seals something new decides here what becomes of it when the key is changed."""
    sealing_now = {
        path.relative_to(SOURCE).as_posix()
        for path in SOURCE.rglob("*.py")
        if re.search(r"(?<!def )\bseal\(", path.read_text())
    }
    assert sealing_now == ANEW | ENDS.keys()
    assert len(resealing.places()) == 4
