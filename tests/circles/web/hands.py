"""A phone in a meeting, as tests hold it: through the real addresses only."""

from dataclasses import dataclass, field

from django.http import HttpResponse
from django.test import Client

from sirkel.circles.models import InboxNote, Note, Round
from sirkel.kernel.ids import new_id, new_receipt
from tests.factories.meetings import Live

JSON = {"accept": "application/json"}


@dataclass
class Phone:
    """One phone with a seat."""

    live: Live
    is_shared: bool = False
    client: Client = field(default_factory=Client)

    def __post_init__(self) -> None:
        self.taken = self.live.seat(self.client, is_shared=self.is_shared)

    @property
    def home(self) -> str:
        """The hand's address."""
        return f"/m/{self.live.meeting.id}/"

    def at(self, round_: Round | None = None) -> str:
        """The address of a round; the running one when none is named."""
        return f"{self.home}rounds/{(round_ or self.live.round).id}/"

    def page(self, language: str = "en", query: str = "") -> str:
        """The whole page."""
        answer = self.client.get(self.home + query, headers={"accept-language": language})
        assert answer.status_code == 200
        return answer.content.decode()

    def note(
        self, text: str, *, round_: Round | None = None, json: bool = True, **fields: str
    ) -> HttpResponse:
        """Send a note, by our script or as a plain form."""
        body = {"client_id": str(new_id()), "receipt": new_receipt(), "lang": "nb", "text": text, **fields}
        return self.client.post(f"{self.at(round_)}notes/", body, headers=JSON if json else {})

    def post(self, path: str, body: dict | None = None, *, json: bool = True) -> HttpResponse:
        """Send a form to an address under the running round, or (beginning with /) under the meeting."""
        url = self.home + path[1:] if path.startswith("/") else self.at() + path
        return self.client.post(url, body or {}, headers=JSON if json else {})


def written(live: Live) -> list[str]:
    """Every text the server holds of a meeting, in no order."""
    waiting = InboxNote.objects.filter(round__step__meeting=live.meeting).values_list("text", flat=True)
    shown = Note.objects.filter(round__step__meeting=live.meeting).values_list("text", flat=True)
    return sorted([*waiting, *shown])
