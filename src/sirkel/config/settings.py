"""Settings: one file, driven by the environment.

Every variable begins with ``SIRKEL_`` and is described in
``docs/handbook/administrator/settings.md``; a test compares the two.
"""

from pathlib import Path
from urllib.parse import urlparse

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from sirkel.config.environment import DATA, database, env, env_bool, env_list, private_log_keys, secret_key
from sirkel.config.sign_in import *  # noqa: F403 -- one settings file in two parts
from sirkel.config.tables.settings import *  # noqa: F403 -- as above

PACKAGE = Path(__file__).resolve().parent.parent

DATA_DIR = DATA
DEBUG = env_bool("DEBUG")
DEMO = env_bool("DEMO")

SECRET_KEY = secret_key()
SECRET_KEY_FALLBACKS = env_list("SECRET_KEY_FALLBACKS")
PRIVATE_LOG_KEYS = private_log_keys([SECRET_KEY, *SECRET_KEY_FALLBACKS])

# The public address. https turns on every cookie and transport protection.
SITE_URL = env("SITE_URL", "http://127.0.0.1:8000").rstrip("/")
SITE_IS_SECURE = SITE_URL.startswith("https://")
ALLOWED_HOSTS = env_list("ALLOWED_HOSTS", f"{urlparse(SITE_URL).hostname},localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = [SITE_URL] if SITE_IS_SECURE else []

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    # Before allauth, whose templates this house writes anew.
    "sirkel.web",
    "sirkel.people",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "csp",
    "django_cotton.apps.SimpleAppConfig",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "rules",
    "template_partials.apps.SimpleAppConfig",
    "sirkel.config",
    "sirkel.kernel",
    "sirkel.circles",
    "sirkel.research",
    "sirkel.network",
    "sirkel.policy",
    *ADMIN_APPS,  # noqa: F405 -- as above
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "sirkel.web.middleware.SecurityHeaders",
    "csp.middleware.CSPMiddleware",
    "sirkel.web.middleware.Methods",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "sirkel.web.middleware.InItsPlace",
    # Pages carry no secret that their asker could guess letter by letter: form guards are masked afresh, cookies
    # stay at home on requests of other sites, and Django varies the length of what it compresses.
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "sirkel.api.middleware.ByKey",
    "sirkel.config.whose_rows.WhoseRows",
    "django.contrib.messages.middleware.MessageMiddleware",
    "sirkel.people.middleware.SessionSpan",
    "sirkel.people.middleware.SecondFactor",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "sirkel.web.middleware.Refusals",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "sirkel.config.urls"
WSGI_APPLICATION = "sirkel.config.pages.application"

_LOADERS = [
    "template_partials.loader.Loader",
    [
        (
            "django.template.loaders.cached.Loader",
            [
                "django_cotton.cotton_loader.Loader",
                "django.template.loaders.filesystem.Loader",
                "django.template.loaders.app_directories.Loader",
            ],
        )
    ],
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "exchange" / "pages"],
        "OPTIONS": {
            "loaders": [("template_partials.loader.Loader", _LOADERS[1])],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "sirkel.web.context.site",
                "sirkel.people.views.places.places",
                "sirkel.people.views.staying.session_left",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "django_cotton.templatetags.cotton",
                "template_partials.templatetags.partials",
            ],
        },
    }
]

# A component sees what it is given, never what happens to lie in the page around it.
COTTON_ISOLATE_BY_DEFAULT = True

DATABASES = {
    "default": database("DATABASE_URL", "sirkel.sqlite3"),
    "research": database("RESEARCH_DATABASE_URL", "research.sqlite3"),
    "vault": database("VAULT_DATABASE_URL", "vault.sqlite3"),
}
# Whether PostgreSQL itself keeps organisations apart; ``config.row_security`` makes the policies that it needs.
ROW_SECURITY = env_bool("ROW_SECURITY")
if ROW_SECURITY:
    # A cursor on the server outlives the transaction that said whose rows it may read.
    DATABASES["default"]["DISABLE_SERVER_SIDE_CURSORS"] = True
# The role that owns the tables: it alone creates and changes them. The address of everybody's work names another one.
OWNER_DATABASE = database("OWNER_DATABASE_URL", "") if env("OWNER_DATABASE_URL") else None
DATABASE_ROUTERS = ["sirkel.config.routers.ThreeOwners"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "sirkel"}}

AUTH_USER_MODEL = "people.Person"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "rules.permissions.ObjectPermissionBackend",
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
LOGIN_URL = "/accounts/login/"
LOGIN_REDIRECT_URL = "/circles/"
LOGOUT_REDIRECT_URL = "/"

SESSION_ENGINE = "sirkel.people.sessions"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SITE_IS_SECURE
SESSION_COOKIE_NAME = "__Host-session" if SITE_IS_SECURE else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if SITE_IS_SECURE else "csrf"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "sirkel.web.views.csrf_failure"
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_SECURE = SITE_IS_SECURE

SECURE_HSTS_SECONDS = 31536000 if SITE_IS_SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SITE_IS_SECURE
# The proxy in front sends http on to https; it alone hears the difference for certain.
SECURE_SSL_REDIRECT = False
SILENCED_SYSTEM_CHECKS = [
    "security.W008",  # see above
    "security.W021",  # being preloaded by browsers is for the owner of the domain to ask for
]
SECURE_CONTENT_TYPE_NOSNIFF = True
# Not "no-referrer": under it a browser sends forms with "Origin: null", which the form guard must refuse.
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin" if SITE_IS_SECURE else None
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env_bool("BEHIND_PROXY") else None
X_FRAME_OPTIONS = "DENY"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}

DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 200

LANGUAGE_CODE = "en"
LANGUAGES = [
    ("nb", "Norsk bokmål"),
    ("nn", "Norsk nynorsk"),
    ("da", "Dansk"),
    ("sv", "Svenska"),
    ("fi", "Suomi"),
    ("en", "English"),
]
LOCALE_PATHS = [PACKAGE / "locale"]
USE_I18N = True
FORMAT_MODULE_PATH = ["sirkel.config.formats"]
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
# A server sends files as `config.prepare` collected them; commands and tests read them where they lie.
STATIC_COLLECTED = env_bool("STATIC_COLLECTED")
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "sirkel.config.static.Collected"
        if STATIC_COLLECTED
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = not STATIC_COLLECTED
WHITENOISE_AUTOREFRESH = DEBUG
WHITENOISE_ALLOW_ALL_ORIGINS = False  # nobody else's page has use for our files
FORM_RENDERER = "sirkel.web.forms.SirkelRenderer"

EMAIL_BACKEND = (
    "sirkel.kernel.smtp.Backend" if env("SMTP_HOST") else "django.core.mail.backends.filebased.EmailBackend"
)
EMAIL_FILE_PATH = DATA_DIR / "mail"
EMAIL_HOST = env("SMTP_HOST")
EMAIL_PORT = int(env("SMTP_PORT", "587"))
EMAIL_HOST_USER = env("SMTP_USER")
EMAIL_HOST_PASSWORD = env("SMTP_PASSWORD")
EMAIL_USE_TLS = env_bool("SMTP_TLS", default=True)
# A mail server that says nothing must not hold the worker.
EMAIL_TIMEOUT = 30
DEFAULT_FROM_EMAIL = env("MAIL_FROM", "Sirkel <sirkel@localhost>")

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}

# For how many days after its end a circle's own content is kept and read by its members.
CIRCLE_RETENTION_DAYS = int(env("CIRCLE_RETENTION_DAYS", "365"))
# Who answers for the data, where to write to, and the data protection officer: what the law wants said to people.
CONTROLLER = env("CONTROLLER")
PRIVACY_CONTACT = env("PRIVACY_CONTACT")
DPO_CONTACT = env("DPO_CONTACT")
# Pages answered at the same time by one process; each holds one connection per database it uses.
PAGE_THREADS = int(env("PAGE_THREADS", "8"))

# Who can open a backup: public keys for age, or a key file; and the ledger of erased people that the server writes.
BACKUP_RECIPIENTS = env_list("BACKUP_RECIPIENTS")
BACKUP_KEY_FILE = env("BACKUP_KEY_FILE")
ERASURE_LEDGER = env("ERASURE_LEDGER")
# Which definitions of robustness the pages show, by name; all of them in their newest version when empty.
ROBUSTNESS = env_list("ROBUSTNESS")

# How often a process without database notifications looks for versions written by other processes.
LIVE_POLL_SECONDS = float(env("LIVE_POLL_SECONDS", "0.25"))
# Seconds between two comments on an otherwise silent stream.
LIVE_HEARTBEAT_SECONDS = float(env("LIVE_HEARTBEAT_SECONDS", "15"))

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"no_addresses": {"()": "sirkel.kernel.logs.NoPersonalData"}},
    "formatters": {"json": {"()": "sirkel.kernel.logs.JsonFormatter"}},
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "json", "filters": ["no_addresses"]},
    },
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "sirkel": {"handlers": ["console"], "level": "INFO", "propagate": False},
        "django.request": {"handlers": ["console"], "level": "ERROR", "propagate": False},
        "django.security": {"handlers": ["console"], "level": "ERROR", "propagate": False},
    },
}

SITE_NAME = _("Sirkel")
