"""What the kernel keeps."""

from django.utils.translation import gettext_lazy as _

from sirkel.kernel.register import STAYS, Controller, DataClass, Purpose, Recipient, Retention, Rows, Tie

TRAIL = DataClass(
    code="trail",
    name=_("The trail of what was done"),
    what=_("Who did what and when, by random numbers. No words, no names, no notes."),
    purpose=Purpose.OPERATION,
    controller=Controller.HOST,
    tie=Tie.ACCOUNT,
    recipients=(Recipient.ADMINISTRATORS,),
    retention=Retention(
        _("As long as Sirkel runs here. When you delete your account, nothing leads from the number to you.")
    ),
    rows=(
        Rows("AuditEvent", tells="actor target facts", other="id chain sequence at verb previous_hash hash"),
        Rows("AuditHead", "chain length hash"),
    ),
)
LIVE = DataClass(
    code="live",
    name=_("What moves in a running meeting"),
    what=_("That something changed on the wall, so that phones follow. No person."),
    purpose=Purpose.CIRCLE,
    controller=Controller.EMPLOYER,
    tie=Tie.NOBODY,
    recipients=(Recipient.CIRCLE,),
    retention=Retention(_("Until the meeting closes."), ("sirkel.circles.domain.closing.settle_meeting",)),
    rows=(Rows("LiveRoom", "id version"), Rows("LiveEvent", "id room version kind payload")),
)
WORK = DataClass(
    code="work",
    name=_("Work that waits"),
    what=_("What the server has to do later, by random numbers."),
    purpose=Purpose.OPERATION,
    controller=Controller.HOST,
    tie=Tie.ACCOUNT,
    recipients=(Recipient.NOBODY,),
    retention=Retention(
        _("%(time)s after it is done."), ("sirkel.kernel.tasks.tidy",), "sirkel.kernel.tasks.RESULTS_KEPT"
    ),
    rows=(
        Rows(
            "django_tasks_database.DBTaskResult",
            tells="args_kwargs return_value traceback",
            other="id status enqueued_at started_at finished_at priority task_path worker_ids queue_name "
            "backend_name run_after exception_class_path",
        ),
        Rows("TaskKey", tells="key", other="id result made_at"),
        Rows("Schedule", "id name task_path every_seconds next_run_at"),
        Rows("WorkerBeat", "id started_at seen_at"),
    ),
)
TRANSLATIONS = DataClass(
    code="translations",
    name=_("Translations of published texts"),
    what=_("The words of experience cards and recommendations in other languages."),
    purpose=Purpose.NETWORK,
    controller=Controller.HOST,
    tie=Tie.WORDS,
    recipients=(Recipient.PUBLIC,),
    retention=Retention(_("As long as the text that is translated."), ("sirkel.kernel.texts.forget_texts",)),
    rows=(
        Rows(
            "Text",
            tells="text",
            other="id owner field language source_language is_source is_machine_made needs_check source_version",
        ),
    ),
)
MACHINERY = DataClass(
    code="machinery",
    name=_("Inner tables"),
    what=_("Lists the framework needs. Empty, or the same everywhere."),
    purpose=Purpose.OPERATION,
    controller=Controller.HOST,
    tie=Tie.NOBODY,
    recipients=(Recipient.NOBODY,),
    retention=STAYS,
    rows=(
        Rows("auth.Permission", "id name content_type codename"),
        Rows("auth.Group", "id name permissions"),
        Rows("auth.Group_permissions", "id group permission"),
        Rows("contenttypes.ContentType", "id app_label model"),
        Rows("people.SetUpCode", "id code_hash"),
    ),
)
TRIES = DataClass(
    code="tries",
    name=_("How often somebody tried a code"),
    what=_("A number per hour or day, under a name that leads back to nobody. It stops guessing."),
    purpose=Purpose.OPERATION,
    controller=Controller.HOST,
    tie=Tie.NOBODY,
    recipients=(Recipient.NOBODY,),
    retention=Retention(_("Until the hour or the day is over."), ("sirkel.kernel.tries.tidy",)),
    rows=(Rows("Tries", "who until count"),),
)
CLASSES = (TRAIL, LIVE, WORK, TRANSLATIONS, TRIES, MACHINERY)
