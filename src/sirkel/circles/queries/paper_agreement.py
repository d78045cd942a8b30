"""A circle's ground rules on paper, to lie on the table."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from sirkel.circles.models import WorkingAgreement
from sirkel.circles.queries.agreements import AgreementPage
from sirkel.circles.rules.when import on_wall, short_day
from sirkel.exchange.language import base_language, own_name
from sirkel.exchange.paper import Block, Bullets, Fact, Facts, Paper, Text, Tone, Words


def agreement_paper(page: AgreementPage, *, language: str) -> Paper:
    """Return the newest version in a language; how many agreed, never who."""
    circle = page.circle
    with override(language):
        readers = _("For the members of the circle")
        return Paper(
            kind=_("Ground rules"),
            title=Words(_("Our ground rules")),
            language=language,
            foot=f"{circle.name} · {readers}",
            facts=Facts(
                [
                    Fact(_("Circle"), Words(circle.name, circle.language)),
                    Fact(_("Workplace"), Words(circle.workplace.name)),
                    Fact(_("Version"), Words(str(page.newest.version) if page.newest else "")),
                    Fact(
                        _("Agreed"),
                        Words(
                            _agreed(page.newest, circle.workplace.time_zone, language) if page.newest else ""
                        ),
                    ),
                ]
            ),
            blocks=_blocks(page.newest, language),
        )


def _blocks(newest: WorkingAgreement | None, language: str) -> list[Block]:
    if newest is None:
        return [Text(Words(_("Not written yet")), Tone.QUIET)]
    is_other = base_language(newest.lang) != base_language(language)
    blocks: list[Block] = [
        Bullets([Words(item, newest.lang) for item in newest.items], is_numbered=True, is_large=True),
        Text(
            Words(_("We open them again whenever somebody wants to.")),
            Tone.QUIET,
        ),
    ]
    return [Text(Words(own_name(newest.lang)), Tone.QUIET), *blocks] if is_other else blocks


def _agreed(newest: WorkingAgreement, zone: str, language: str) -> str:
    if newest.reopened_at is not None:
        return _("Open again")
    if newest.agreed_at is None or newest.agreed_count is None:
        return _("Not agreed yet")
    return ngettext("by %(n)s of us, %(day)s", "by %(n)s of us, %(day)s", newest.agreed_count) % {
        "n": newest.agreed_count,
        "day": short_day(on_wall(newest.agreed_at, zone).date(), language),
    }
