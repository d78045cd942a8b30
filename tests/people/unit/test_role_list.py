"""Taking in people and roles: nothing half-done, whatever is in the file."""

import pytest

from sirkel.kernel import audit, clock
from sirkel.kernel.errors import Refused
from sirkel.people.domain.importing import take_in
from sirkel.people.enums import Role
from sirkel.people.models import Mail, Person, RoleAssignment
from sirkel.people.rules.lists import text_of
from sirkel.people.rules.role_rows import MOST_BYTES, MOST_ROWS, too_large
from tests.people.unit.test_roles import House

pytestmark = pytest.mark.django_db

HEAD = "e-mail;first name;family name;language;role;workplace;unit;from;until"


@pytest.fixture
def house():
    made = House()
    made.unit("Furu")
    return made


def taken(house, *rows, head=HEAD, is_dry=False):
    text = "\n".join([head, *rows]) if head else "\n".join(rows)
    return take_in(
        acting=house.administrator,
        organisation_id=house.organisation.id,
        text=text,
        is_dry=is_dry,
        at=clock.now(),
    )


def row(
    house, *, email="liv@example.org", first="Liv", role="leder", unit="", begins="", until="", lang="nb"
):
    return f"{email};{first};Prøve;{lang};{role};{house.workplace.name};{unit};{begins};{until}"


def count():
    return Person.objects.count(), RoleAssignment.objects.count(), Mail.objects.count()


def test_a_list_is_kept_whole_and_in_the_trail_by_numbers(house):
    before = count()
    report = taken(
        house,
        row(house),
        row(house, role="fasilitaattori", email="aino@example.org", first="Aino", unit="FURU", lang="suomi"),
        "ola@example.org;Ola;;nb;administrator;;;;",
        is_dry=True,
    )
    assert (report.faults, report.given, report.new_people, report.is_kept) == ((), 3, 3, False)
    assert count() == before, "a dry run writes nothing"
    kept = taken(
        house,
        row(house),
        row(house, role="fasilitaattori", email="aino@example.org", first="Aino", unit="FURU", lang="suomi"),
        "ola@example.org;Ola;;nb;administrator;;;;",
    )
    assert kept.is_kept
    assert [a - b for a, b in zip(count(), before, strict=True)] == [3, 3, 3]
    aino = RoleAssignment.objects.get(person__email="aino@example.org")
    assert (aino.role, aino.unit.name, aino.person.language) == (Role.FACILITATOR, "Furu", "fi")
    assert not aino.person.has_usable_password()
    event = audit.AuditEvent.objects.get(verb="people.imported")
    assert event.facts == {"roles": 3, "people": 3}
    again = taken(house, row(house))
    assert [one.is_held for one in again.rows] == [True]
    assert again.given == 0


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"email": "liv at example"}, "no e-mail address"),
        ({"first": ""}, "first name is missing"),
        ({"role": "sjef"}, "role is not known"),
        ({"lang": "klingon"}, "language is not known"),
        ({"unit": "Fura"}, "Is it “Furu”?"),
        ({"unit": "Bjørk"}, "Add it first"),
        ({"begins": "31.31.2026"}, "no day"),
        ({"begins": "01.02.2026", "until": "2026-01-01"}, "before the first"),
        ({"first": "=HYPERLINK(1)"}, "like a formula"),
        ({"first": "+Liv"}, "like a formula"),
        ({"first": "-Liv"}, "like a formula"),
        ({"first": "@Liv"}, "like a formula"),
        ({"first": "Liv\x00"}, "cannot be seen"),
        ({"first": "811228-9874"}, ""),
    ],
)
def test_a_wrong_row_is_named_and_stops_all(house, change, says):
    """SEC-15; what looks like a personal number is not even shown."""
    before = count()
    report = taken(house, row(house, email="ola@example.org", first="Ola"), row(house, **change))
    assert not report.is_kept
    assert count() == before
    [wrong] = report.faults
    assert wrong.line == 3
    assert says in str(wrong.fault)
    if not says:
        assert wrong.first_name == wrong.email == ""


def test_an_unknown_workplace_is_answered_with_the_nearest(house):
    name = house.workplace.name
    wrong = taken(
        house, f"liv@example.org;Liv;;nb;leder;{name.replace('Prøve', 'Prove').replace('tunet', 'tune')};;;"
    )
    assert f"Is it “{name}”?" in str(wrong.faults[0].fault)
    none = taken(house, "liv@example.org;Liv;;nb;leder;;;;")
    assert "Name the workplace" in str(none.faults[0].fault)


def test_a_workplace_of_another_organisation_does_not_exist_here(house):
    """SEC-11: neither as a place nor as a suggestion."""
    other = House()
    wrong = taken(house, row(other))
    assert other.workplace.name not in str(wrong.faults[0].fault).replace(
        f"“{other.workplace.name}” here", ""
    )


def test_doubles_and_clashes_are_named(house):
    report = taken(
        house,
        row(house),
        row(house, email="LIV@example.org"),
        row(house, role="union"),
        row(house, first="Ola", role="fasilitator"),
    )
    assert [one.line for one in report.faults] == [3, 4, 5]
    doubled, clash, name = (str(one.fault) for one in report.faults)
    assert "line 2" in doubled
    assert "Leader and union" in clash
    assert "another name in line 2" in name


@pytest.mark.requirement("SEC-14", "SEC-16")
def test_letters_that_are_no_utf8_are_refused_and_a_byte_order_mark_is_not(house):
    latin = "e-mail;first name;role\nliv@example.org;Bjørg;leder".encode("latin-1")
    with pytest.raises(Refused) as refused:
        text_of(latin, most=MOST_BYTES, too_large=too_large())
    assert refused.value.code == "lists.encoding"
    marked = row(house).encode("utf-8-sig")
    assert taken(house, text_of(marked, most=MOST_BYTES, too_large=too_large()), head="").is_kept


def test_a_list_that_is_too_long_is_refused_in_one_line_and_not_read_to_its_end(house):
    short = "a@b.no;L;;nb;union;x"
    for rows in (MOST_ROWS + 1, 50_000):
        with pytest.raises(Refused) as refused:
            taken(house, *([short] * rows), head="e-mail;first name;family name;language;role;workplace")
        assert (refused.value.code, refused.value.status) == ("lists.large", 413)


def test_a_whole_municipality_is_taken_in_at_once(house):
    rows = [row(house, email=f"p{n}@example.org", first=f"P{n}") for n in range(MOST_ROWS)]
    assert len("\n".join(rows)) < MOST_BYTES
    report = taken(house, *rows)
    assert report.is_kept
    assert RoleAssignment.objects.filter(role=Role.LEADER).count() == MOST_ROWS


@pytest.mark.parametrize("head", ["e-mail;role;shoe size", "e-mail;e-post;role", "first name;role"])
def test_columns_that_nobody_knows_are_refused(house, head):
    with pytest.raises(Refused) as refused:
        taken(house, "a;b;c", head=head)
    assert refused.value.code == "lists.columns"
