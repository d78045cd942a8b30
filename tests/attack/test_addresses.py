"""What every address owes: the guard on forms, looking that changes nothing, headers, and doors closed to others."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from html import unescape
from urllib.parse import urlsplit

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client

from sirkel.circles.models import Ballot, InboxNote, Meeting, Note, PulseAnswer, Round
from sirkel.config.register.words import AUTHORITIES
from sirkel.kernel.ids import new_id, new_receipt
from tests.attack.addresses import Place, routes
from tests.circles.web.hands import JSON, Phone, written
from tests.factories.meetings import make_circle, make_meeting, sign_in

pytestmark = [
    pytest.mark.django_db(databases=["default", "research", "vault"]),
    pytest.mark.pure,  # on both engines by the matrix; who may see what is decided before any database is asked
]

# Asked with a receipt and without any cookie: whoever could forge the form could ask here directly.
WITHOUT_COOKIES = {"receipt/", "receipt/take-back/"}
# Asked with a key in a header, which no other site's page can send; no cookie counts there.
BY_KEY = "api/"
# Whoever could forge these forms would have to know the signed address in somebody's mail.
SIGNED = {f"link/{what}/<str:token>/" for what in ("mail", "answer", "leave", "join")}
LEADING = [route for route in routes() if "/lead/" in route or "<uuid:meeting_id>/run-sheet/" in route]
PAPERS = [route for route in routes() if re.search(r"(join-card|paper-cards|recap)", route)]
# With a key of their own each role asks them in the table of roles, tests/people/web/matrix.yaml.
CIRCLES = [route for route in routes() if "circle_id" in route and not route.startswith(BY_KEY)]
ABROAD = re.compile(
    r"""(?:src|href|action|srcset|content|data-src|data-poll|poster)\s*=\s*["']?\s*(?:https?:)?//([^/"'\s>]+)"""
)


@pytest.fixture
def place():
    return Place()


def everything() -> dict[str, list[dict]]:
    """Every row of every table of ours and of Django's, so that a changed value is seen as well as a new row.

    What a session holds is left out, and when it ends: each page looked at keeps its owner signed in for longer.
    """
    moving = {"people.Session": {"session_data", "expire_date"}}
    return {
        model._meta.label: sorted(
            model._base_manager.using("default").values(
                *(
                    one.attname
                    for one in model._meta.concrete_fields
                    if one.attname not in moving.get(model._meta.label, ())
                )
            ),
            key=str,
        )
        for model in apps.get_models()
        if not model._meta.proxy and model._meta.app_label not in {"research", "contenttypes"}
    }


@contextmanager
def writing() -> Iterator[list[str]]:
    """Note every statement that writes a row, but those that only lengthen a session."""
    noted: list[str] = []

    def note(execute, statement, params, many, context):
        if statement.startswith(("INSERT", "UPDATE", "DELETE")) and '"people_session"' not in statement:
            noted.append(statement)
        return execute(statement, params, many, context)

    with connection.execute_wrapper(note):
        yield noted


def askers(place: Place) -> dict[str, Client]:
    return {"stranger": Client(), "phone": place.phone.client, "facilitator": place.facilitator}


def test_the_table_is_walked_whole():
    assert len(routes()) > 90
    assert "m/<uuid:meeting_id>/rounds/<uuid:round_id>/notes/" in routes()
    assert len(LEADING) > 30


def closes_the_same_doors(route, answer):
    policy = answer["Content-Security-Policy"]
    directives = {part.split()[0]: part.split()[1:] for part in policy.split(";") if part.strip()}
    assert directives["default-src"] == ["'none'"], route
    assert directives["script-src"] == directives["style-src"] == ["'self'"], route
    assert directives["frame-ancestors"] == directives["base-uri"] == ["'none'"], route
    assert {source for each in directives.values() for source in each} == {"'none'", "'self'"}, route
    assert answer["X-Content-Type-Options"] == "nosniff", route
    assert answer["X-Frame-Options"] == "DENY", route
    assert answer["Referrer-Policy"] == "same-origin", route
    assert "no-store" in answer["Cache-Control"], route
    for feature in ("camera", "microphone", "geolocation"):
        assert f"{feature}=()" in answer["Permissions-Policy"], route
    for cookie in answer.cookies.values():
        assert cookie["httponly"], (route, cookie.key)
        assert cookie["samesite"] == "Lax", (route, cookie.key)


def names_no_foreign_host(route, answer):
    """Look through an answer; tell whether it was a page."""
    if not answer.get("Content-Type", "").startswith("text/html"):
        return False
    page = answer.content.decode()
    hosts = set(ABROAD.findall(unescape(page))) - {"testserver", "127.0.0.1:8000"}
    if route.startswith("privacy/"):  # whoever is kept here may complain there: links, nothing that loads
        hosts -= {urlsplit(address).hostname for _where, _name, address in AUTHORITIES}
    assert hosts == set(), route
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=", page), route
    return True


@pytest.mark.requirement("SEC-07", "SEC-08", "SEC-09", "SEC-12", "SEC-21")
@pytest.mark.slow
@pytest.mark.threat(row="T24")
@pytest.mark.parametrize("is_demo", [False, True])
def test_looking_changes_nothing_anywhere(place, settings, is_demo):
    """Nor does it open a door or name another host: one walk through the table for all three."""
    settings.DEMO = is_demo
    before = everything()
    counted = pages = 0
    with writing() as written_down:
        for route in routes():
            for name, client in askers(place).items():
                answer = client.get(place.at(route))
                closes_the_same_doors(route, answer)
                pages += names_no_foreign_host(route, answer)
                others = () if is_demo else (client.head, client.options)
                for asked in (answer, *(method(place.at(route)) for method in others)):
                    assert asked.status_code < 500, (route, name)
                    counted += 1
            assert written_down == [], route
    assert everything() == before
    assert counted == len(routes()) * (3 if is_demo else 9)
    assert pages > 60
    for answer in (Client().get("/nowhere/at/all/"), Client().post("/b", {"code": "??????"})):
        closes_the_same_doors("(nowhere, refused)", answer)
        assert names_no_foreign_host("(nowhere, refused)", answer)
    closes_the_same_doors("(json)", place.phone.note(""))


def test_what_looking_is_compared_by_sees_a_note(place):
    before = everything()
    assert {"circles.Note", "people.Seat", "people.Session", "kernel.AuditEvent"} <= set(before)
    with writing() as written_down:
        place.phone.note("Ny")
    assert everything() != before
    assert any(statement.startswith('INSERT INTO "circles_inboxnote"') for statement in written_down)


@pytest.mark.requirement("SEC-09")
@pytest.mark.slow
def test_every_form_is_refused_without_the_guard(place, settings):
    settings.DEMO = True
    before = everything()
    for route in routes():
        if route in WITHOUT_COOKIES | SIGNED or route.startswith(BY_KEY):
            continue
        for name, client in askers(place).items():
            strict = Client(enforce_csrf_checks=True)
            strict.cookies = client.cookies
            answer = strict.post(place.at(route), {"text": "Utenfra"}, headers={"hx-request": "true"})
            assert answer.status_code == 403, (route, name)
            refused = strict.post(place.at(route), {"text": "Utenfra"}, headers=JSON)
            assert refused.json()["code"] == "form.guard", (route, name)
    assert everything() == before


def test_what_needs_no_guard_reads_no_cookie(place):
    receipt = new_receipt()
    for route in WITHOUT_COOKIES:
        answers = {
            (answer.status_code, answer.content)
            for client in askers(place).values()
            for answer in [client.post(place.at(route), {"receipt": receipt})]
        }
        assert len(answers) == 1


class TestOthersRooms:
    @pytest.mark.threat(row="T12")
    def test_a_facilitator_of_another_circle_finds_no_meeting_at_any_address(self, place):
        other = make_meeting(step="write", people=3)
        thief = Client()
        sign_in(thief, other.facilitator)
        before = everything()
        for route in [*LEADING, *PAPERS, *CIRCLES]:
            address = place.at(route)
            assert thief.get(address).status_code in {404, 405}, route
            for headers in ({}, JSON, {"hx-request": "true"}):
                answer = thief.post(
                    address, {"text": "Kapret", "expected": str(place.live.round.id)}, headers=headers
                )
                assert answer.status_code in {404, 405}, route
                assert "Vårt" not in answer.content.decode(), route
        assert everything() == before

    @pytest.mark.requirement("SEC-11")
    @pytest.mark.threat(row="T12")
    def test_ids_of_another_circle_are_not_taken_on_ones_own_addresses(self, place):
        """A facilitator names a note, trial, step or item of another circle on the own meeting's address."""
        other = make_meeting(step="write", people=3)
        thief = Client()
        sign_in(thief, other.facilitator)
        ids = {name: str(place.ids[name]) for name in ("note_id", "trial_id", "step_id", "round_id")}
        theirs = {
            "note": ids["note_id"],
            "notes": ids["note_id"],
            "with": ids["note_id"],
            "theme": str(new_id()),
            "trial": ids["trial_id"],
            "step": ids["step_id"],
            "round": ids["round_id"],
            "rests_on": f"note:{ids['note_id']}",
            "item": str(place.live.meeting.share_items.get().id),
            "text": "Kapret",
            "title": "Kapret",
        }
        before = {
            name: rows
            for name, rows in everything().items()
            if name in {"circles.Note", "circles.Trial", "circles.ShareItem", "circles.Step"}
        }
        for route in LEADING:
            address = place.at(route, meeting_id=other.meeting.id)
            if "close" in route:
                continue
            assert thief.post(address, theirs).status_code < 500, route
        after = everything()
        for name, rows in before.items():
            kept = [row for row in after[name] if row["id"] in {each["id"] for each in rows}]
            assert sorted(kept, key=str) == [row for row in rows if row in kept], name
            assert len(kept) == len(rows), name

    def test_a_phone_of_another_meeting_can_do_nothing_here(self, place):
        other = make_meeting(step="write", people=3)
        thief = Phone(other)
        before = everything()
        body = place.body()
        acts = [route for route in routes() if route.startswith("m/")]
        for route in acts:
            for meeting in (place.live.meeting, other.meeting):
                # The own meeting's address with the other's round, note and client ids; and the other's whole.
                if meeting is other.meeting and "round_id" not in route and "note_id" not in route:
                    continue
                for headers in ({}, JSON):
                    answer = thief.client.post(place.at(route, meeting_id=meeting.id), body, headers=headers)
                    assert answer.status_code in {403, 404, 405}, (route, answer.status_code)
                    answer = thief.client.delete(place.at(route, meeting_id=meeting.id), headers=JSON)
                    assert answer.status_code in {400, 403, 404, 405}, (route, answer.status_code)
        assert everything() == before
        assert "Utenfra" not in written(place.live)

    @pytest.mark.parametrize(
        ("step", "what", "body", "table"),
        [
            ("write", "notes/", {"text": "Utenfra"}, InboxNote),
            ("choose", "picks/", {}, Ballot),
            ("carry-out", "objections/", {}, Ballot),
            ("check-out", "pulse/", {"felt_heard": "3"}, PulseAnswer),
            ("check-in", "turn/", {"turn": "0"}, None),
        ],
    )
    def test_what_is_refused_to_a_stranger_is_taken_from_one_who_is_in(self, step, what, body, table):
        """The refusals above are for who asks, not for how: the same form of a phone that is in goes through."""
        live = make_meeting()
        inside, outside = Phone(live), Phone(make_meeting(step="write", people=1))
        if step in {"check-in", "write"}:
            live.go_to(step)
        else:
            live.go_to("write").write("En").reveal().go_to(step)
        outside.live = live
        body = {"client_id": str(new_id()), "receipt": new_receipt(), "lang": "nb", **body}
        if step == "choose":
            body[f"dots-{Note.objects.filter(round__step__meeting=live.meeting).first().id}"] = "1"
        assert outside.post(what, body).status_code == 403
        assert table is None or table.objects.count() == 0
        assert inside.post(what, body).status_code == 200

    def test_meetings_in_one_circle_are_apart_too(self):
        circle, facilitator = make_circle()
        first = make_meeting(circle=circle, facilitator=facilitator, step="write", people=1)
        second = make_meeting(circle=circle, facilitator=facilitator, step="write", people=1)
        thief = Phone(second)
        assert Round.objects.filter(step__meeting=first.meeting).exists()
        for meeting_id in (first.meeting.id, second.meeting.id):
            url = f"/m/{meeting_id}/rounds/{first.round.id}/notes/"
            body = {"client_id": str(new_id()), "receipt": new_receipt(), "lang": "nb", "text": "Feil"}
            assert thief.client.post(url, body, headers=JSON).status_code in {403, 404}
        assert written(first) == written(second) == []
        assert Meeting.objects.count() == 2
