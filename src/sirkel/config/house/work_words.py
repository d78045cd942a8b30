"""What tasks do, in an administrator's words; whom or what one is about is never said."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

TASKS: Mapping[str, object] = {
    "kernel.tidy": _("Forget work that is done"),
    "people.send_mail": _("Send what lies in the outbox"),
    "people.forget_mail": _("Forget mails of long ago"),
    "people.forget_keys": _("Forget programs' keys of long ago"),
    "people.forget_sign_ins": _("Forget sign-ins that ended"),
    "people.end_sign_ins_of_leavers": _("End sign-ins of people whose last role is over"),
    "people.forget_tries": _("Forget tries to get in"),
    "people.forget_holds": _("Forget holds that ended, or that nobody confirmed"),
    "people.take_lost_factors_away": _("Take lost second steps away when their day is over"),
    "people.tell_heads": _("Mail the daily fingerprints of the trails"),
    "circles.mail_meeting": _("Put mails about a meeting into the outbox"),
    "circles.remind": _("Put reminders into the outbox"),
    "circles.ask_follow_ups": _("Ask for looks back at circles that closed"),
    "circles.forget_answers": _("Forget answers to invitations"),
    "circles.tell_who_takes_part": _("Tell leaders who gets to take part, in bands"),
    "circles.follow_lines": _("Follow lines between circles and leaders"),
    "circles.empty_circles": _("Delete what circles wrote when its time is over"),
}


def words_of(name: str) -> object:
    """Return what a task does; its name in the program where nobody wrote it down."""
    return TASKS.get(name, name)
