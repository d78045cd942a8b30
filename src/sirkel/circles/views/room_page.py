"""What the room screen shows beyond the meeting itself: how to join, and how the circle has grown."""

from functools import cached_property
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sirkel.circles.domain.joining import join_address, room_address
from sirkel.circles.enums import TrialDecision
from sirkel.circles.models import Trial
from sirkel.circles.queries.rounds import is_hidden
from sirkel.circles.queries.set_ups import with_leaders
from sirkel.circles.queries.surfaces import MeetingView
from sirkel.circles.rules.sittings import counts
from sirkel.exchange.qr import QrDrawing, qr_drawing

# A prompt above this many characters is set smaller, so that it keeps to three lines.
LONG_PROMPT = 80


class SharedPage:
    """What room screen and facilitator surface both ask for; each is worked out when the template asks."""

    def __init__(self, view: MeetingView) -> None:
        self.view = view
        self.meeting = view.meeting

    @cached_property
    def with_leaders(self) -> bool:
        """Whether the wall says that leaders take part."""
        return with_leaders(self.meeting)

    @property
    def is_hidden(self) -> bool:
        """Whether what is written now waits to be shown together."""
        return self.view.round is not None and self.view.is_open and is_hidden(self.view.round)

    @property
    def whole_seconds(self) -> int:
        """How long the running step is meant to take, its extra time included."""
        step = self.view.now.step if self.view.now else None
        return 60 * (step.minutes + step.extra_minutes) if step else 0

    @property
    def whole_ms(self) -> int:
        """The same in milliseconds, as the screens' clocks count."""
        return 1000 * self.whole_seconds

    @property
    def gone_share(self) -> int:
        """How much of the step's time has gone, in per cent: 0 to 100."""
        left = max(0, self.view.remaining_seconds or 0)
        return 100 - min(100, round(100 * left / self.whole_seconds)) if self.whole_seconds else 0

    @property
    def dots(self) -> int:
        """How many dots everybody has in a choose step."""
        return int(self.view.now.step.settings.get("dots", 3)) if self.view.now else 0

    @property
    def count_words(self) -> str:
        """How much has been written, never by whom, and not exactly while it is little."""
        if self.view.hidden_count:
            return ngettext("%d note", "%d notes", self.view.hidden_count) % self.view.hidden_count
        return _("Some notes") if self.view.has_hidden else _("No notes yet")

    @cached_property
    def address(self) -> str:
        """The part of the room screen's address after ``/room/``."""
        return room_address(self.meeting)

    @property
    def join_site(self) -> str:
        """Where to type the code: host and path, without the scheme."""
        return f"{urlsplit(settings.SITE_URL).netloc}/b"

    @property
    def languages(self) -> list[str]:
        """The languages the room screen may be shown in."""
        return [tag for tag in self.meeting.circle.languages if tag in dict(settings.LANGUAGES)]


class RoomPage(SharedPage):
    """The room screen's own words and pictures."""

    @cached_property
    def qr(self) -> QrDrawing:
        """The code that leads a phone into the meeting."""
        return qr_drawing(f"{settings.SITE_URL}/b/{join_address(self.meeting)}")

    @property
    def is_long(self) -> bool:
        """Whether the prompt needs the smaller size."""
        return self.view.now is not None and len(self.view.now.prompt) > LONG_PROMPT

    @cached_property
    def _counts(self) -> tuple[int, int]:
        return counts(self.meeting.circle.meetings.values_list("number", "state"))

    @cached_property
    def held(self) -> int:
        """How many meetings the circle has held, this one included once it is over."""
        return self._counts[0]

    @cached_property
    def planned(self) -> int:
        """How many meetings the circle has in all."""
        return self._counts[1]

    @cached_property
    def kept(self) -> int:
        """How many trials the circle has kept."""
        kept = Trial.objects.filter(circle=self.meeting.circle, decision=TrialDecision.KEEP)
        return int(kept.count())
