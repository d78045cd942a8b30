"""A circle's leader commitment on paper."""

from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from sirkel.circles.models import Circle, LeaderCommitment
from sirkel.circles.queries.commitments import Commitment, CommitmentPage, Signed, commitment_page
from sirkel.circles.queries.standing import Standing
from sirkel.circles.rules.when import on_wall, short_day
from sirkel.exchange.language import base_language, number_words, own_name
from sirkel.exchange.paper import (
    Blanks,
    Block,
    Bullets,
    Fact,
    Facts,
    Heading,
    Panel,
    Paper,
    Text,
    Together,
    Tone,
    Words,
)


def commitment_paper(standing: Standing, *, language: str, at: datetime) -> Paper:
    """Return the newest version in a language, without what the representatives said to it."""
    circle = standing.circle
    with override(language):
        page = commitment_page(standing, at=at)
        readers = _("For the circle, the leader and the representatives")
        return Paper(
            kind=_("Leader commitment"),
            title=Words(_("What the leader has promised")),
            language=language,
            foot=f"{circle.name} · {readers}",
            facts=Facts(
                [
                    Fact(_("Circle"), Words(circle.name, circle.language)),
                    Fact(_("Workplace"), Words(circle.workplace.name)),
                    Fact(_("Version"), Words(_state(page.commitment, circle, language))),
                ]
            ),
            blocks=_blocks(page, language),
        )


def _blocks(page: CommitmentPage, language: str) -> list[Block]:
    newest = page.newest
    if newest is None:
        return [Text(Words(_("Not written yet")), Tone.QUIET)]
    return [
        *_cost(newest, language),
        *_given(newest, page.provisions, language),
        Heading(Words(_("What the leader promises"))),
        Bullets([Words(promise) for promise in page.promises]),
        *([] if page.commitment.is_signed else [_to_sign()]),
    ]


def _cost(newest: LeaderCommitment, language: str) -> list[Block]:
    cost = newest.cost

    def hours(value: float) -> str:
        return number_words(Decimal(str(value)), language)

    meetings = _("%(people)s people × %(meetings)s meetings × %(minutes)s minutes: %(hours)s hours") % {
        "people": newest.participants,
        "meetings": newest.meetings,
        "minutes": newest.meeting_minutes,
        "hours": hours(cost.meetings),
    }
    preparation = _(
        "%(people)s facilitators × %(meetings)s meetings × %(minutes)s minutes of preparation: %(hours)s hours"
    ) % {
        "people": newest.facilitators,
        "meetings": newest.meetings,
        "minutes": newest.preparation_minutes,
        "hours": hours(cost.preparation),
    }
    total = _("%(n)s hours of working time in all") % {"n": hours(cost.total)}
    return [Panel(_("What it costs"), Words(total)), Bullets([Words(meetings), Words(preparation)])]


def _given(newest: LeaderCommitment, provisions: tuple[str, ...], language: str) -> list[Block]:
    days = ngettext(
        "The leader answers within %(n)s working day.",
        "The leader answers within %(n)s working days.",
        newest.answer_days,
    ) % {"n": newest.answer_days}
    is_other = base_language(newest.lang) != base_language(language)

    def written(text: str) -> Words:
        return Words(text, newest.lang, own_name(newest.lang) if is_other else "")

    blocks: list[Block] = [
        Heading(Words(_("What the circle gets"))),
        Facts(
            [
                Fact(_("Cover"), written(newest.cover)),
                Fact(_("Room for manoeuvre"), written(newest.mandate)),
                Fact(_("Answers"), Words(days)),
                Fact(_("Afterwards"), written(newest.afterwards)),
            ]
        ),
    ]
    if provisions:
        blocks += [Heading(Words(_("Also")), level=3), Bullets([Words(one) for one in provisions])]
    return blocks


def _state(commitment: Commitment, circle: Circle, language: str) -> str:
    """Say which version this is and who stands by it; a leader whose account is gone is not named."""
    if commitment.newest is None:
        return ""
    number, signature = commitment.newest.version, commitment.signature
    if signature is None:
        return _("Version %(n)s is not signed yet.") % {"n": number}
    day = short_day(on_wall(signature.signed_at, circle.workplace.time_zone).date(), language)
    if commitment.state == Signed.SIGNED and signature.leader is not None:
        return _("Version %(n)s, signed by %(name)s %(family)s on %(day)s.") % {
            "n": number,
            "name": signature.leader.first_name,
            "family": signature.leader.family_name,
            "day": day,
        }
    return _(
        "Version %(n)s was signed on %(day)s by somebody who no longer leads here. All that was promised "
        "stands here still; the leader of today signs anew."
    ) % {"n": number, "day": day}


def _to_sign() -> Together:
    said = _("Signed by hand, it is a reminder. It counts when the leader signs it in Sirkel.")
    return Together(
        [
            Heading(Words(_("To sign"))),
            Text(Words(said)),
            Blanks([_("Leader"), _("Union or safety representative, read"), _("Day and place")]),
        ]
    )
