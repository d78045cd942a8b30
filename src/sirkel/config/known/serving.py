"""Settings of a service: its address, keys, databases, mail and backups."""

from django.utils.translation import gettext_lazy as _

from sirkel.config.known.setting import Group, Kind, Setting

WEAK_KEY = _("Refused: missing, shorter than 50 signs, or easy to guess.")

SERVING = (
    Setting(
        "DATA",
        Group.DATABASES,
        _("The folder with databases, keys and what is made from them."),
        default="data/",
        more="`--data` does the same.",
    ),
    Setting(
        "SITE_URL",
        Group.ADDRESS,
        _("The address people use. With https:// cookies are bound to it and browsers stay with https."),
        default="http://127.0.0.1:8000",
        more="`./sirkel up` fills in its own host and port.",
        refused=_("Refused: an address that does not begin with https://, or that nobody can reach."),
    ),
    Setting(
        "ALLOWED_HOSTS",
        Group.ADDRESS,
        _("Host names that are answered."),
        standing="the host of the address and this machine",
        more="A list.",
        refused=_("Refused: any name, such as * or .example.org."),
    ),
    Setting(
        "BEHIND_PROXY",
        Group.ADDRESS,
        _("Yes: believe the proxy in front when it says that a request came by https."),
        kind=Kind.YES_NO,
        more="Only when the proxy sets `X-Forwarded-Proto` for every request.",
    ),
    Setting(
        "ADMIN_PATH",
        Group.ADDRESS,
        _(
            "A word that nobody guesses: under it a few tables can be looked at after a fresh second step. None when empty."
        ),
        kind=Kind.SECRET,
        more="12 to 64 letters, digits, `-` or `_`, see [tables](server.md#tables).",
    ),
    Setting(
        "SECRET_KEY_FILE",
        Group.KEYS,
        _("File with the key that signs sessions and links. A server without a lasting key does not start."),
        kind=Kind.SECRET,
        more="`./sirkel up` makes `secret_key` in the data folder, for its owner alone.",
        refused=WEAK_KEY,
    ),
    Setting(
        "SECRET_KEY",
        Group.KEYS,
        _("The signing key itself; goes before the file."),
        kind=Kind.SECRET,
        refused=WEAK_KEY,
    ),
    Setting(
        "SECRET_KEY_FALLBACKS",
        Group.KEYS,
        _("Earlier signing keys that are still believed, while a key is changed."),
        kind=Kind.SECRET,
        more="A list.",
        refused=WEAK_KEY,
    ),
    Setting(
        "PRIVATE_LOG_KEY_FILE",
        Group.KEYS,
        _("File with the key that seals facilitators' private logs. Without it the logs cannot be opened."),
        kind=Kind.SECRET,
        more="On further lines earlier keys, which only open. `./sirkel up` makes `private_log_key` in the data folder. "
        "Back it up apart from the databases: with it and the database the logs can be opened. Without a file, a key is "
        "made from the signing key, and changing that one closes the logs.",
        refused=WEAK_KEY,
    ),
    Setting(
        "PRIVATE_LOG_KEY",
        Group.KEYS,
        _("The key of the private logs itself; goes before the file."),
        kind=Kind.SECRET,
        refused=WEAK_KEY,
    ),
    Setting(
        "DATABASE_URL",
        Group.DATABASES,
        _("The PostgreSQL database of practice. Without it a SQLite file in the data folder."),
        kind=Kind.SECRET,
        more="Such as `postgresql://user:password@host:port/name`; a socket's folder is written percent-encoded in place of the host.",
    ),
    Setting(
        "RESEARCH_DATABASE_URL",
        Group.DATABASES,
        _("The same for research. It needs a role of its own."),
        kind=Kind.SECRET,
    ),
    Setting(
        "VAULT_DATABASE_URL",
        Group.DATABASES,
        _("The same for the vault. It needs a role of its own that nobody else has."),
        kind=Kind.SECRET,
    ),
    Setting(
        "ROW_SECURITY",
        Group.DATABASES,
        _("Yes: PostgreSQL itself keeps organisations apart."),
        kind=Kind.YES_NO,
        more="Needs the next setting too, see [keeping organisations apart](apart.md).",
    ),
    Setting(
        "OWNER_DATABASE_URL",
        Group.DATABASES,
        _("The database of practice, by the role that owns its tables."),
        kind=Kind.SECRET,
        more="For `./sirkel up`, backups and restores; `SIRKEL_DATABASE_URL` then names the role that owns nothing.",
    ),
    Setting(
        "STATIC_COLLECTED",
        Group.DATABASES,
        _("Yes: send styles and scripts compressed, as collected in the data folder."),
        kind=Kind.YES_NO,
        more="`./sirkel up` sets it; set it for pages that you start yourself.",
    ),
    Setting(
        "BACKUP_RECIPIENTS",
        Group.BACKUP,
        _(
            "Public keys for which backups are closed. Each of their owners can open them alone. Name two people."
        ),
        more="A list of keys of age (`age1…`) or SSH, see [backups](backup.md).",
    ),
    Setting(
        "BACKUP_KEY_FILE",
        Group.BACKUP,
        _(
            "Instead: a file with a key that closes and opens backups. Not in their folder, and a second time elsewhere."
        ),
        kind=Kind.SECRET,
        more="At least 32 random bytes.",
    ),
    Setting(
        "ERASURE_LEDGER",
        Group.BACKUP,
        _("File on another disk that marks everybody who is erased, so that a restore brings nobody back."),
        more="Written at once; without it only `erased.ledger` beside the backups, as of the last backup.",
    ),
    Setting(
        "SMTP_HOST",
        Group.MAIL,
        _("The mail server. Without one, mail is written to a folder and reaches nobody."),
        more="The folder is `mail/` in the data folder.",
        refused=_("Refused: none."),
    ),
    Setting("SMTP_PORT", Group.MAIL, _("The mail server's port."), default="587"),
    Setting("SMTP_USER", Group.MAIL, _("The user name at the mail server."), kind=Kind.SECRET),
    Setting("SMTP_PASSWORD", Group.MAIL, _("The password at the mail server."), kind=Kind.SECRET),
    Setting("SMTP_TLS", Group.MAIL, _("No: send without encryption."), default="1", kind=Kind.YES_NO),
    Setting("MAIL_FROM", Group.MAIL, _("The sender of every mail."), default="Sirkel <sirkel@localhost>"),
)
