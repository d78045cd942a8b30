"""What the SIRKEL_ variables become."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from sirkel.config.environment import database, env_bool, env_list, secret_key


@pytest.mark.parametrize(
    ("address", "host", "port", "name", "user", "password"),
    [
        (
            "postgresql://sirkel:s%40lt@db.example:5433/practice",
            "db.example",
            "5433",
            "practice",
            "sirkel",
            "s@lt",
        ),
        ("postgres://sirkel@%2FRun%2FPg/practice", "/Run/Pg", "", "practice", "sirkel", ""),
        ("postgresql://[2001:db8::1]:5432/practice", "2001:db8::1", "5432", "practice", "", ""),
        ("postgresql:///practice", "", "", "practice", "", ""),
    ],
)
def test_a_postgresql_address_names_server_and_database(
    monkeypatch, address, host, port, name, user, password
):
    monkeypatch.setenv("SIRKEL_DATABASE_URL", address)
    found = database("DATABASE_URL", "sirkel.sqlite3")
    asked = {key: found[key] for key in ("HOST", "PORT", "NAME", "USER", "PASSWORD")}
    assert asked == {"HOST": host, "PORT": port, "NAME": name, "USER": user, "PASSWORD": password}


def test_another_kind_of_database_is_refused(monkeypatch):
    monkeypatch.setenv("SIRKEL_DATABASE_URL", "mysql://somewhere/x")
    with pytest.raises(ImproperlyConfigured, match="SIRKEL_DATABASE_URL must begin with postgresql://"):
        database("DATABASE_URL", "sirkel.sqlite3")


def test_without_an_address_it_is_a_file_in_the_data_folder(monkeypatch):
    monkeypatch.setenv("SIRKEL_DATABASE_URL", "")
    assert database("DATABASE_URL", "sirkel.sqlite3")["NAME"].name == "sirkel.sqlite3"


@pytest.mark.parametrize(
    ("text", "meaning"),
    [("1", True), ("Yes", True), ("on", True), ("0", False), ("false", False), ("", True)],
)
def test_yes_and_no(monkeypatch, text, meaning):
    monkeypatch.setenv("SIRKEL_SMTP_TLS", text)
    assert env_bool("SMTP_TLS", default=True) is meaning


def test_a_list_has_no_empty_parts(monkeypatch):
    monkeypatch.setenv("SIRKEL_ALLOWED_HOSTS", " a.example, ,b.example,")
    assert env_list("ALLOWED_HOSTS") == ["a.example", "b.example"]


def test_the_signing_key_comes_from_its_file_and_a_lost_file_stops_the_start(monkeypatch, tmp_path):
    monkeypatch.delenv("SIRKEL_SECRET_KEY", raising=False)
    monkeypatch.setenv("SIRKEL_SECRET_KEY_FILE", str(tmp_path / "key"))
    with pytest.raises(ImproperlyConfigured, match="SIRKEL_SECRET_KEY_FILE cannot be read"):
        secret_key()
    (tmp_path / "key").write_text("long and secret\n")
    assert secret_key() == "long and secret"
