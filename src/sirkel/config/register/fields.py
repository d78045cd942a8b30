"""Who reads and who changes which field: the handbook's list, from the register. ``python -m sirkel.config.register.fields`` writes it.

Readers and fields are the register's own. Who changes a class is said here, for those who check: the rules themselves stand
in each room's ``domain/``, and the role matrix in the tests asks every address for every role.
"""

import sys

from django.utils.translation import override

from sirkel.config.handbook import WrittenList

NOBODY = "nobody: the server alone"

WRITERS = {
    "notes": "whoever holds the phone or the receipt writes and takes back; facilitators move, hold and give back, and change no word",
    "membership": "facilitators of the circle; the member's own answer and leaving",
    "private_log": "its owner",
    "answers": "whoever holds the phone, while the step is open",
    "asked": NOBODY,
    "trial_logs": "members and whoever has the trial's card",
    "promises": "the workplace's leader; comments and concerns by representatives; nobody changes what is signed",
    "offer": "administrators of the organisation",
    "trials": "facilitators of the circle, in a meeting",
    "frame": "facilitators of the circle; its phase and pause also by leader and representatives, where the rules say so",
    "lines": "the circle's facilitators write, after its yes; the leader answers, once",
    "closing": "facilitators of the circle, until it is finished; members answer a look back",
    "balance": "the leader says how many work where; sums by the server alone",
    "account": "the owner the name; administrators make an account with a first role; whoever runs the server the address",
    "roles": "administrators of the organisation; for networks whoever keeps the installation",
    "mail": NOBODY,
    "mail_settings": "its owner",
    "sign_in": "the server alone; its owner ends sessions, an administrator all of a person's",
    "factors": "its owner, after a fresh sign-in; two administrators take away what was lost",
    "identities": "its owner, after a fresh sign-in here and there",
    "api_keys": "its owner, after a fresh sign-in",
    "holds": "two administrators of the organisation",
    "seats": "whoever holds the phone; facilitators open and close the meeting",
    "places": "administrators of the organisation; networks and programmes with the first start",
    "cards": "facilitators of the circle let go and take back; coordinators of the network hold back, and change no word",
    "recommendations": "policy officers and coordinators",
    "decisions": "policy officers and coordinators",
    "trail": "nobody: rows are only ever added, by what is done",
    "live": NOBODY,
    "work": "the server alone; whoever keeps the installation lets a task be tried again",
    "translations": "policy officers and coordinators with what they write",
    "tries": NOBODY,
    "machinery": NOBODY,
}
"""By the code of a data class. A test asks for every one of them."""


def rows() -> str:
    """Return the list: a row for each class of data, in the register's order, in English."""
    from sirkel.config.register.gather import register  # noqa: PLC0415 -- Django is set up when this is run as a command
    from sirkel.config.register.words import RECIPIENTS  # noqa: PLC0415 -- as above

    lines = ["| what | who reads | who changes | fields |", "|---|---|---|---|"]
    with override("en"):
        for one in register():
            readers = ", ".join(str(RECIPIENTS[reader]) for reader in one.recipients)
            fields = "; ".join(f"{kept.model}: {' '.join(kept.fields())}" for kept in one.rows)
            lines.append(f"| {one.name} | {readers} | {WRITERS[one.code]} | `{fields}` |")
    return "\n".join(lines) + "\n"


LIST = WrittenList("administrator/fields.md", "sirkel.config.register", rows)

if __name__ == "__main__":
    sys.exit(LIST.write())
