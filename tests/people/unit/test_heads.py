"""T9: whoever can write to the database cannot change the trail unseen, since others keep its head in their mail boxes."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from sirkel.kernel import audit, audit_triggers, clock
from sirkel.kernel.models import AuditEvent, AuditHead
from sirkel.people.domain import heads, mail_settings, outbox
from sirkel.people.enums import MailKind, Role
from sirkel.people.models import Mail
from tests.factories.places import make_person, make_workplace

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 2, 11, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def workplace():
    """A workplace with a leader, a representative and an administrator, whose trail has a few rows."""
    found = make_workplace()
    for role, name in ((Role.LEADER, "Liv"), (Role.UNION, "Unni"), (Role.ADMINISTRATOR, "Aud")):
        make_person(role=role, workplace=found, name=name)
    work(found, 3)
    return found


def work(workplace, count=1):
    with transaction.atomic():
        for _one in range(count):
            audit.record(
                chain=workplace.organisation_id,
                acting=None,
                verb="circle.joined",
                target=workplace.id,
                at=NOON,
            )


def a_day_passes(at):
    """Return the mails of one night, by the first name of their reader."""
    mail.outbox.clear()
    heads.tell_heads(at=at)
    with clock.frozen(at):
        outbox.deliver()
    return {re.match("[a-z]+", one.to[0])[0]: one for one in mail.outbox}


@pytest.fixture
def kept(workplace, tmp_path):
    """The mail of a day as a mail program saves it; afterwards the house went on."""
    path = tmp_path / "kept.eml"
    path.write_bytes(a_day_passes(NOON)["unni"].message().as_bytes())
    work(workplace, 2)
    return path


def verified(capsys, *arguments):
    code = 0
    try:
        call_command("audit_verify", *arguments)
    except SystemExit as stopped:
        code = stopped.code
    said = capsys.readouterr()
    return code, (said.out + said.err).strip()


def lines_of(message):
    return [(one.hash, one.day) for one in audit.remembered_in(message.body)]


def test_leader_and_representative_get_the_head_of_the_day_and_nobody_else_does(workplace):
    make_person(role=Role.LEADER, workplace=make_workplace(), name="Else")
    got = a_day_passes(NOON)
    assert set(got) == {"liv", "unni", "else"}
    assert lines_of(got["liv"])[0] == (audit.heads()[workplace.organisation_id], "2026-03-02")
    assert lines_of(got["liv"])[0] not in lines_of(got["else"])
    assert lines_of(got["liv"])[1] == lines_of(got["else"])[1] == (audit.heads()[audit.NOBODY], "2026-03-02")


def test_the_mail_tells_nothing_of_who_represents_a_union(workplace):
    got = a_day_passes(NOON)
    liv, unni = (
        re.sub(f"{name}|/link/.*", "", got[name].body, flags=re.IGNORECASE) for name in ("liv", "unni")
    )
    assert liv == unni
    assert got["liv"].subject == got["unni"].subject
    rows = Mail.objects.values_list("kind", "about", "edition", "time_zone", "not_before")
    assert len(set(rows)) == 1
    key = set(Mail.objects.values_list("key", flat=True))
    assert {one.rpartition(":")[0] for one in key} == {"head:2026-03-02:" + lines_of(got["liv"])[0][0]}


def test_it_comes_once_a_day_and_says_nothing_of_how_much_was_done(workplace):
    busy = a_day_passes(NOON)["liv"]
    assert a_day_passes(NOON + timedelta(hours=2)) == {}
    quiet = a_day_passes(NOON + DAY)["liv"]
    work(workplace, 40)
    again = a_day_passes(NOON + 2 * DAY)["liv"]
    without_head = [
        re.sub(r"[0-9a-f]{64}|2026-03-0\d|\d\. mars 2026|/link/.*", "", one.body)
        for one in (busy, quiet, again)
    ]
    assert len(set(without_head)) == 1
    assert len({lines_of(one)[0][0] for one in (busy, quiet, again)}) == 3


def test_each_reads_it_in_their_own_language(workplace):
    make_person(role=Role.LEADER, workplace=workplace, name="Aino", language="fi")
    got = a_day_passes(NOON)
    assert got["aino"].extra_headers["Content-Language"] == "fi"
    assert got["liv"].extra_headers["Content-Language"] == "nb"
    assert got["aino"].subject != got["liv"].subject


def test_it_can_be_switched_off_and_ends_with_the_role(workplace):
    people = {one.first_name: one for one in (row.person for row in workplace.roles.select_related("person"))}
    mail_settings.switch(person_id=people["Liv"].id, kind=MailKind.TRAIL, is_wanted=False)
    assert set(a_day_passes(NOON)) == {"unni"}
    workplace.roles.filter(role=Role.UNION).update(valid_to=NOON + timedelta(hours=1))
    assert a_day_passes(NOON + DAY) == {}


def test_an_untouched_trail_fits_the_mail(workplace, kept, capsys):
    assert verified(capsys, "--against", str(kept)) == (
        0,
        "The chain of 7 rows holds.\nIt fits all 2 heads that were kept.",
    )
    chain = str(workplace.organisation_id)
    assert verified(capsys, "--against", str(kept), "--chain", chain)[0] == 0


@pytest.fixture
def _owner_of_the_database():
    audit_triggers.drop(connection)
    yield
    audit_triggers.create(connection)


def _one_byte(rows):
    rows.filter(sequence=2).update(verb="circle.joinee")


def _delete(rows):
    rows.filter(sequence=2).delete()


def _reorder(rows):
    rows.filter(sequence=2).update(sequence=99)
    rows.filter(sequence=3).update(sequence=2)
    rows.filter(sequence=99).update(sequence=3)


@pytest.mark.threat(row="T9")
@pytest.mark.parametrize("harm", [_one_byte, _delete, _reorder])
@pytest.mark.usefixtures("_owner_of_the_database")
def test_t9_one_byte_a_deleted_and_a_reordered_row_are_named(workplace, kept, capsys, harm):
    chain = workplace.organisation_id
    assert verified(capsys)[0] == 0
    harm(AuditEvent.objects.filter(chain=chain))
    for more in ((), ("--against", str(kept))):
        code, said = verified(capsys, *more)
        assert (code, said.count("\n")) == (1, 0)
        assert said.startswith(f"The chain does not hold: row 2 of {chain} ")


def _set_back(chain, length):
    rows = AuditEvent.objects.filter(chain=chain)
    rows.filter(sequence__gt=length).delete()
    last = rows.order_by("-sequence").first()
    AuditHead.objects.filter(chain=chain).update(length=length, hash=last.hash)


@pytest.mark.threat(row="T9")
@pytest.mark.usefixtures("_owner_of_the_database")
def test_t9_a_tail_cut_off_together_with_its_head_is_caught_by_the_mail_alone(workplace, kept, capsys):
    chain = workplace.organisation_id
    _set_back(chain, 4)
    assert verified(capsys, "--against", str(kept))[0] == 0  # all that the mail vouches for is there
    _set_back(chain, 3)
    assert verified(capsys)[0] == 0
    code, said = verified(capsys, "--against", str(kept))
    assert code == 1
    assert f"row 4 of {chain} is missing" in said
    assert "(2026-03-02)" in said


@pytest.mark.requirement("SEC-24")
@pytest.mark.threat(row="T9")
@pytest.mark.usefixtures("_owner_of_the_database")
def test_t9_a_trail_that_was_written_anew_is_caught_by_the_mail_alone(workplace, kept, capsys):
    chain = workplace.organisation_id
    before = "0" * 64
    for row in AuditEvent.objects.filter(chain=chain).order_by("sequence"):
        row.previous_hash, row.verb = before, row.verb.replace("circle.joined", "circle.left")
        before = row.hash = audit.hash_of(row)
        row.save()
    AuditHead.objects.filter(chain=chain).update(hash=before)
    assert verified(capsys)[0] == 0
    assert verified(capsys, "--against", str(kept))[0] == 1


@pytest.mark.usefixtures("_owner_of_the_database")
def test_t9_a_whole_chain_that_is_gone_is_caught_by_the_mail_alone(workplace, kept, capsys):
    AuditEvent.objects.filter(chain=workplace.organisation_id).delete()
    AuditHead.objects.filter(chain=workplace.organisation_id).delete()
    assert verified(capsys)[0] == 0
    code, said = verified(capsys, "--against", str(kept))
    assert (code, f"row 1 of {workplace.organisation_id} is missing" in said) == (1, True)


def test_a_file_without_a_head_proves_nothing_and_says_so(workplace, kept, tmp_path):
    empty = tmp_path / "empty.txt"
    empty.write_text("Hei!")
    for file, more in ((empty, ()), (tmp_path / "none", ()), (kept, ("--chain", str(workplace.id)))):
        with pytest.raises(CommandError, match=r"holds no head|cannot be read") as refused:
            call_command("audit_verify", "--against", str(file), *more)
        assert refused.value.returncode == 2


def test_what_heads_prints_can_be_kept_too(workplace, tmp_path, capsys):
    path = tmp_path / "heads.txt"
    path.write_text(verified(capsys, "--heads")[1])
    assert verified(capsys, "--against", str(path))[0] == 0
