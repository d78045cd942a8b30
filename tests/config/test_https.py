"""Under https every cookie and transport protection is on: the settings as a process of its own reads them."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from bench.servers import prepared

ROOT = Path(__file__).resolve().parents[2]
CODE = """
import django, json
django.setup()
from django.conf import settings
from django.test import Client
from tests.factories.meetings import make_meeting, sign_in
from sirkel.circles.domain.joining import join_address
live = make_meeting(step="write")
browser = Client(headers={"host": "sirkel.example.org"})
answers = [browser.get("/", secure=True), browser.get("/b", secure=True), browser.post("/b", {"code": "ACDEFG"}, secure=True)]
answers.append(browser.post(f"/b/{join_address(live.meeting)}", secure=True))
answers.append(browser.get(f"/m/{live.meeting.id}/", secure=True))
answers.append(browser.post("/i18n/setlang/", {"language": "nb", "next": "/"}, secure=True))
answers.append(browser.post(f"/m/{live.meeting.id}/leave/", secure=True))
sign_in(browser, live.facilitator)
answers.append(browser.get(f"/meetings/{live.meeting.id}/lead/", secure=True))
print(json.dumps({
    "statuses": [answer.status_code for answer in answers],
    "headers": [dict(answer.items()) for answer in answers],
    "cookies": [morsel.OutputString() for answer in answers for morsel in answer.cookies.values()],
    "names": [settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME],
    "session": [settings.SESSION_COOKIE_SECURE, settings.SESSION_COOKIE_HTTPONLY, settings.SESSION_COOKIE_SAMESITE],
}))
"""


@pytest.fixture(scope="module")
def answered(tmp_path_factory):
    data = shutil.copytree(prepared(), tmp_path_factory.mktemp("https"), dirs_exist_ok=True)
    env = {name: value for name, value in os.environ.items() if not name.startswith("SIRKEL_")}
    env |= {
        "SIRKEL_DATA": str(data),
        "SIRKEL_SECRET_KEY": "https-" + "x" * 60,
        "SIRKEL_SITE_URL": "https://sirkel.example.org",
        "SIRKEL_SECOND_FACTOR": "off",
        "DJANGO_SETTINGS_MODULE": "sirkel.config.settings",
        "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)]),
    }
    done = subprocess.run(
        [sys.executable, "-c", CODE], env=env, cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_the_pages_answer(answered):
    assert answered["statuses"] == [200, 200, 404, 303, 200, 302, 303, 200]


def test_transport_and_windows_are_closed_to_others(answered):
    for headers in answered["headers"]:
        assert headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert "unsafe" not in headers["Content-Security-Policy"]


@pytest.mark.requirement("SEC-06")
def test_every_cookie_is_for_this_site_over_https_and_no_script(answered):
    names = {cookie.partition("=")[0] for cookie in answered["cookies"]}
    assert names >= {"__Host-device", "__Host-csrf", "seat-pass", "tries", "django_language"}
    for cookie in answered["cookies"]:
        parts = {part.strip().lower() for part in cookie.split(";")[1:]}
        is_removal = "max-age=0" in parts
        assert "samesite=lax" in parts, cookie
        assert {"secure", "httponly"} <= parts or is_removal, cookie
        assert not [part for part in parts if part.startswith("domain=")], cookie
        if cookie.startswith("__Host-"):
            assert "path=/" in parts
    assert answered["names"] == ["__Host-session", "__Host-csrf"]
    assert answered["session"] == [True, True, "Lax"]
