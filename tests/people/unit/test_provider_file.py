"""The file that names sign-in services: what it says is taken to the letter, and what it does not know is refused."""

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

from sirkel.people.oidc.tokens import public_keys
from sirkel.people.rules.provider_file import Unusable, read

pytestmark = pytest.mark.pure
ISSUER, CLIENT, SECRET = 'issuer = "https://id.example"', 'client_id = "sirkel"', 'secret_file = "secret"'
WHOLE = f"{ISSUER}\n{CLIENT}\n{SECRET}\n"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    tmp_path = tmp_path_factory.mktemp("services")
    (tmp_path / "secret").write_text("known to both\n")
    (tmp_path / "empty").write_text("\n")
    keys = {
        "rsa": rsa.generate_private_key(public_exponent=65537, key_size=2048),
        "short": rsa.generate_private_key(public_exponent=65537, key_size=1024),  # noqa: S505 -- to be refused
        "p256": ec.generate_private_key(ec.SECP256R1()),
        "p521": ec.generate_private_key(ec.SECP521R1()),
        "edwards": ed25519.Ed25519PrivateKey.generate(),
    }
    for name, key in keys.items():
        (tmp_path / name).write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
        )
    return tmp_path


def taken(folder, text):
    file = folder / "services.toml"
    file.write_text(text)
    return read(file)


def test_the_least_that_must_be_said_is_enough(folder):
    (one,) = taken(folder, f"[town]\n{WHOLE}").values()
    assert (one.name, one.issuer, one.client_id, one.secret) == (
        "town",
        "https://id.example",
        "sirkel",
        "known to both",
    )
    assert (one.scopes, one.accepted, one.is_second_step) == (("openid",), (), False)
    assert not one.is_pushed
    assert not one.is_single_sign_on
    assert one.label("fi") == "town"
    assert "known to both" not in repr(one)


def test_only_what_the_file_allows_is_asked(folder):
    """SEC-17: the issuer's own host and port, and those named besides; inside the network only where it says so."""
    (one,) = taken(folder, f"[town]\n{WHOLE}hosts = ['keys.id.example', 'token.id.example:8443']").values()
    for address in ("https://id.example/x", "https://keys.id.example/x", "https://token.id.example:8443/x"):
        assert one.may_be_asked(address), address
    for address in ("https://id.example:8443/", "https://token.id.example/", "http://keys.id.example/"):
        assert not one.may_be_asked(address), address
    assert not one.is_inside
    assert next(iter(taken(folder, f"[town]\n{WHOLE}inside_network = true").values())).is_inside


def test_labels_are_in_the_readers_language_or_in_any(folder):
    (one,) = taken(folder, f'[town]\n{WHOLE}label = {{"" = "Town ID", nb = "By-ID"}}').values()
    assert (one.label("nb"), one.label("sv")) == ("By-ID", "Town ID")


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("[town", "cannot be read"),
        (f"[Town]\n{WHOLE}", "is no name"),
        ("town = 1", "is no table"),
        (f"[town]\n{WHOLE}acr_acepted = ['high']", "unknown option: acr_acepted"),
        (f"[town]\n{WHOLE}pushed_requests = 'yes'", "pushed_requests is of the wrong kind"),
        (f"[town]\n{WHOLE}longest_since_asked = true", "longest_since_asked is of the wrong kind"),
        (f"[town]\n{WHOLE}longest_since_asked = '60'", "longest_since_asked is of the wrong kind"),
        (f"[town]\n{WHOLE}longest_since_asked = 0", "longest_since_asked is a number of minutes"),
        (f"[town]\n{WHOLE}longest_since_asked = 43201", "longest_since_asked is a number of minutes"),
        (f"[town]\n{WHOLE}scopes = [1]", "scopes is of the wrong kind"),
        (f"[town]\n{WHOLE}acr_accepted = 'high'", "acr_accepted is of the wrong kind"),
        (f"[town]\n{CLIENT}\n{SECRET}", "lacks issuer"),
        (f"[town]\n{ISSUER}\n{SECRET}", "lacks client_id"),
        (f'[town]\nissuer = "http://id.example"\n{CLIENT}\n{SECRET}', "issuer must begin with https"),
        (f'[town]\nissuer = "https://id.example?x=1"\n{CLIENT}\n{SECRET}', "issuer must begin with https"),
        (f"[town]\n{ISSUER}\n{CLIENT}", "either key_file or secret_file"),
        (f"[town]\n{WHOLE}key_file = 'rsa'", "either key_file or secret_file"),
        (f"[town]\n{WHOLE}acr_values = ['high']", "no acr_accepted"),
        (f"[town]\n{WHOLE}token_algorithms = ['none']", "token_algorithms may be"),
        (f"[town]\n{WHOLE}token_algorithms = ['HS256']", "token_algorithms may be"),
        (f"[town]\n{WHOLE}assertion_audience = 'all'", "assertion_audience is"),
        (f"[town]\n{WHOLE}label = ''", "label is a text"),
        (f"[town]\n{ISSUER}\n{CLIENT}\nsecret_file = 'empty'", "empty or too long"),
        (f"[town]\n{ISSUER}\n{CLIENT}\nsecret_file = 'away'", "away cannot be read"),
        (f"[town]\n{ISSUER}\n{CLIENT}\nkey_file = 'secret'", "holds no private key"),
        (f"[town]\n{ISSUER}\n{CLIENT}\nkey_file = 'short'", "must hold RSA of at least 2048"),
        (f"[town]\n{ISSUER}\n{CLIENT}\nkey_file = 'p521'", "must hold RSA"),
        (f"[town]\n{ISSUER}\n{CLIENT}\nkey_file = 'edwards'", "must hold RSA"),
        (
            f"[town]\n{ISSUER}\n{CLIENT}\nkey_file = 'p256'\nkey_algorithm = 'RS256'",
            "key_algorithm may be ES256",
        ),
        (f"[town]\n{WHOLE}hosts = 'keys.id.example'", "hosts is of the wrong kind"),
        (f"[town]\n{WHOLE}hosts = ['https://keys.id.example']", "hosts are names such as"),
        (f"[town]\n{WHOLE}hosts = ['*.id.example']", "hosts are names such as"),
        (f"[town]\n{WHOLE}hosts = ['127.0.0.1']", "hosts are names such as"),
        (f"[town]\n{WHOLE}inside_network = 'yes'", "inside_network is of the wrong kind"),
        (f"[town]\n{WHOLE}[city]\n{WHOLE}", "the same issuer"),
    ],
)
def test_what_is_not_understood_is_refused_by_name_and_without_a_secret(folder, text, complaint):
    with pytest.raises(Unusable, match=complaint) as refused:
        taken(folder, text)
    assert "known to both" not in str(refused.value)
    assert "\n" not in str(refused.value).strip()


def test_the_service_is_shown_the_public_halves_of_all_keys_and_nothing_else(folder):
    text = f"[town]\n{ISSUER}\n{CLIENT}\nkey_file = 'p256'\nkey_id = 'new'\nretired_key_files = ['rsa']"
    (one,) = taken(folder, text).values()
    new, old = public_keys(one)
    assert (new["kty"], new["kid"], new["use"], old["kty"]) == ("EC", "new", "sig", "RSA")
    assert set(new) == {"kty", "crv", "x", "y", "kid", "use"}
    assert set(old) == {"kty", "n", "e", "kid", "use"}
    assert one.key_signature == "ES256"
