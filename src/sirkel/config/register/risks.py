"""What could go wrong for people, and what is done against it: the part of an impact assessment the software can tell."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from sirkel.kernel.register import Words


@dataclass(frozen=True)
class Risk:
    """Something that could happen to people, what stands against it, and the tests that hold it there."""

    what: Words
    measure: Words
    left: Words
    tests: str


MEASURES: tuple[Words, ...] = (
    _("Practice, research and keys lie in three databases, and no key leads from one to another."),
    _(
        "Notes are written in shuffled batches without author or time, so that not even the database tells who wrote."
    ),
    _(
        "Who may see what is decided in one place for pages, files and mails, and tried for every role and address."
    ),
    _(
        "No national ids, birth dates, private addresses or health data have a field. A test looks at every table."
    ),
    _("Nothing is fetched from other sites, and no note, name or address goes into a log."),
    _("What was done stands in a trail that cannot be changed unseen."),
    _("What is over is deleted by the worker every day, without anybody asking."),
)
RISKS = (
    Risk(
        _("A leader or colleague finds out who wrote a note."),
        _("Notes have no author, and leaders do not see them. Counts are told in steps."),
        _("Somebody may be known by how they write, most of all in a small group."),
        "tests/attack/test_authorship.py",
    ),
    Risk(
        _("Somebody writes about a patient or a colleague by name."),
        _("A number that looks like a national id is stopped before it is kept. The field says: no names."),
        _("Names in ordinary words are not found. The facilitator hides them."),
        "tests/kernel/unit/test_national_id.py",
    ),
    Risk(
        _("It comes out that somebody represents a union."),
        _("The role is shown where it is known anyway: at the workplace."),
        _("Whoever reads the database sees roles."),
        "tests/people/web/test_matrix.py",
    ),
    Risk(
        _("The employer follows what a person does."),
        _("No counts, times or lists per person are shown to a leader."),
        _("Members of a circle see each other by first name."),
        "tests/people/web/test_matrix.py",
    ),
    Risk(
        _("Somebody wants to be deleted, and something stays."),
        _("Deleting takes everything that leads to the person, in all three databases, in one step."),
        _("Backups hold it until they run out."),
        "tests/attack/test_forgetting.py",
    ),
    Risk(
        _("Somebody outside asks for the notes, as the law on public documents allows."),
        _("Little is kept, and not for long. Names are not there to be handed out."),
        _("Whether a note is a public document is decided by the organisation."),
        "tests/circles/unit/test_keeping.py",
    ),
)
