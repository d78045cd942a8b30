"""The bare other side: Django as `startproject` makes it, one signed-in page that makes one INSERT.

Sessions, form guard, authentication and a template; the same SQLite settings and the same server as the measured side.
"""

import os
import sys
from pathlib import Path

import django
from a2wsgi import WSGIMiddleware
from django.conf import settings

_TEMPLATE = (
    "<!doctype html><title>Bare</title><form method=post>{% csrf_token %}<input name=text><button>Send</button></form>"
    "<p>{{ count }}</p>"
)

settings.configure(
    SECRET_KEY="bare-" + "x" * 50,
    ALLOWED_HOSTS=["127.0.0.1"],
    ROOT_URLCONF=__name__,
    INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions"],
    MIDDLEWARE=[
        "django.middleware.security.SecurityMiddleware",
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.middleware.clickjacking.XFrameOptionsMiddleware",
    ],
    TEMPLATES=[
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "OPTIONS": {"loaders": [("django.template.loaders.locmem.Loader", {"page": _TEMPLATE})]},
        }
    ],
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": Path(os.environ["SIRKEL_DATA"]) / "bare.sqlite3",
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA busy_timeout=5000;",
            },
            "CONN_MAX_AGE": None,
        }
    },
    USE_TZ=True,
)
django.setup()

from django.contrib.auth.decorators import login_required  # noqa: E402 -- Django is set up first
from django.contrib.auth.models import User  # noqa: E402
from django.contrib.sessions.backends.db import SessionStore  # noqa: E402
from django.core.handlers.wsgi import WSGIHandler  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.http import HttpRequest, HttpResponse  # noqa: E402
from django.shortcuts import render  # noqa: E402
from django.urls import path  # noqa: E402


@login_required
def page(request: HttpRequest) -> HttpResponse:
    """Insert what was sent and show the page."""
    if request.method == "POST":
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO bare (text) VALUES (%s)", [request.POST["text"]])
    return render(request, "page", {"count": 1})


def healthz(_request: HttpRequest) -> HttpResponse:
    """Say that the server is there."""
    return HttpResponse("ok")


urlpatterns = [path("page/", page), path("healthz", healthz)]
app = WSGIMiddleware(WSGIHandler(), workers=int(os.environ.get("SIRKEL_PAGE_THREADS", "10")))  # type: ignore[arg-type] # a plain WSGI callable


def main() -> None:
    """Create the tables and print one session key per connection: ``bare_django COUNT``."""
    call_command("migrate", verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bare (id INTEGER PRIMARY KEY, text TEXT)")
    user = User.objects.create_user("measured")
    for _connection in range(int(sys.argv[1])):
        session = SessionStore()
        session["_auth_user_id"] = str(user.pk)
        session["_auth_user_backend"] = "django.contrib.auth.backends.ModelBackend"
        session["_auth_user_hash"] = user.get_session_auth_hash()
        session.create()
        print(session.session_key)


if __name__ == "__main__":
    main()
