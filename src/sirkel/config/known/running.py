"""Settings of what people meet, of speed, of figures, and of trying out."""

from django.utils.translation import gettext_lazy as _

from sirkel.config.known.setting import Group, Kind, Setting

RUNNING = (
    Setting(
        "SECOND_FACTOR",
        Group.PEOPLE,
        _(
            "required: facilitators, researchers and administrators need a second step to sign in. off: they may have one."
        ),
        default="required",
        more="See [signing in](sign_in.md). The invented people of a demo never need one.",
    ),
    Setting(
        "OIDC_FILE",
        Group.PEOPLE,
        _("File that names other services people can sign in with. Without it there are none."),
        more="See [other services](sign_in_services.md).",
    ),
    Setting(
        "CIRCLE_RETENTION_DAYS",
        Group.PEOPLE,
        _("For how many days after its end a circle's members read what it wrote. Then it is deleted."),
        default="365",
        more="See [what is kept](keeping.md).",
    ),
    Setting(
        "CONTROLLER",
        Group.PEOPLE,
        _("Name and address of the organisation that answers for the data. Stands in the privacy notice."),
        more="Stands in the record too, see [personal data](data.md).",
    ),
    Setting(
        "PRIVACY_CONTACT",
        Group.PEOPLE,
        _("Where to write or call about personal data. Stands in the privacy notice."),
    ),
    Setting(
        "DPO_CONTACT",
        Group.PEOPLE,
        _("How to reach the data protection officer, where there is one. Stands in the privacy notice."),
    ),
    Setting(
        "PAGE_THREADS",
        Group.LOAD,
        _("How many pages one process answers at the same time."),
        default="8",
    ),
    Setting(
        "LIVE_POLL_SECONDS",
        Group.LOAD,
        _("How often, in seconds, a process looks for what other processes changed in a meeting."),
        default="0.25",
        more="Only without database notifications.",
    ),
    Setting(
        "LIVE_HEARTBEAT_SECONDS",
        Group.LOAD,
        _(
            "Seconds between two signs of life to a phone in a meeting. Must be shorter than the proxy's patience."
        ),
        default="15",
    ),
    Setting(
        "ROBUSTNESS",
        Group.EVIDENCE,
        _("Which definitions of robustness the pages show. All of them in their newest version when empty."),
        more="A list of [definitions](../researcher/robustness.md), such as `time.held,use.decided/1`.",
    ),
    Setting(
        "DEMO",
        Group.TRYING,
        _("Yes: this is a demo, and links sign anybody in. Never where people meet."),
        kind=Kind.YES_NO,
        more="`./sirkel up` sets it where it has filled in the demo.",
    ),
    Setting(
        "DEBUG",
        Group.TRYING,
        _("Yes: show faults on the page, for developers only."),
        kind=Kind.YES_NO,
        refused=_("Refused: yes."),
    ),
)
