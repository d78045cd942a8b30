"""Settings of signing in: django-allauth, its second factor, other services, django-axes. ``settings`` takes them in whole."""

from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from sirkel.config.environment import env, env_bool
from sirkel.people.rules.provider_file import Unusable, read
from sirkel.people.rules.providers import Provider

# Whether those who look after others' words need a second factor. Never the invented people of a demo, whoever runs
# it: they are signed in by a link, so a factor would guard nobody.
SECOND_FACTOR = env("SECOND_FACTOR", "required")
if SECOND_FACTOR not in {"required", "off"}:
    message = f"SIRKEL_SECOND_FACTOR is required or off, not {SECOND_FACTOR}"
    raise ImproperlyConfigured(message)

# Services that people may sign in with, by name; none without a file.
OIDC_PROVIDERS: dict[str, Provider] = {}
if file := env("OIDC_FILE"):
    try:
        OIDC_PROVIDERS = read(Path(file))
    except Unusable as error:
        message = f"SIRKEL_OIDC_FILE: {error}"
        raise ImproperlyConfigured(message) from error

ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 600
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 3
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_PREVENT_ENUMERATION = True
# The view writes to unknown addresses itself: allauth's own mail needs a page for signing up.
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_RATE_LIMITS = {"request_login_code": "20/m/ip,3/m/key,12/h/key"}
ACCOUNT_FORMS = {
    "request_login_code": "sirkel.people.forms.SignInForm",
    "confirm_login_code": "sirkel.people.forms.CodeForm",
}
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if env_bool("BEHIND_PROXY") else 0
ACCOUNT_ADAPTER = "sirkel.people.adapter.AccountAdapter"
ACCOUNT_SESSION_REMEMBER = None
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 600

MFA_ADAPTER = "sirkel.people.factors.FactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
# A passkey alone signs in: it asks for a finger, a face or a PIN, so it is two things in one.
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"
MFA_RECOVERY_CODES_SHOW_ONCE = True
# One code before and after the present one: clocks of phones differ, and people type slowly.
MFA_TOTP_TOLERANCE = 1
MFA_FORMS = {
    "activate_totp": "sirkel.people.forms.factors.AddAppForm",
    "add_webauthn": "sirkel.people.forms.factors.AddPasskeyForm",
    "authenticate": "sirkel.people.forms.factors.FactorForm",
    "reauthenticate": "sirkel.people.forms.factors.AgainForm",
}

AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 1
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_VERBOSE = False
AXES_DISABLE_ACCESS_LOG = True
