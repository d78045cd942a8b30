"""What a backup does not hold, and why. See decision 30."""

EMPTIED = {
    # A meeting that is under way: what ties a note to a phone until the shuffled batch.
    "circles_inboxnote": "notes of a step that is open, each with its phone's token",
    "circles_ballot": "choices of a step that is open",
    "circles_pulseanswer": "check-outs of a step that is open",
    "circles_accessasked": "which phone has answered in an open step",
    "circles_voicerun": "the secret of a meeting's perspectives",
    "circles_voicetag": "the perspective of each note",
    "circles_voicewindow": "sums of perspectives that have not been told yet",
    "people_seat": "phones in a meeting",
    "kernel_liveevent": "what screens of a running meeting still have to learn",
    # What would let somebody in again, or names the addresses of those who tried.
    "people_session": "who is signed in",
    "axes_accessattempt": "failed sign-ins, with addresses",
    "axes_accessfailurelog": "failed sign-ins, with addresses",
    "axes_accesslog": "sign-ins, with addresses",
}
"""Tables whose rows stay out, by name, each with what its rows are."""

BLANKED = {"circles_round": "secret"}
"""Columns that are emptied, by table: the secret from which an open step's tokens are made."""

FILES = ("started.json",)
FOLDERS = ("media",)
"""What of the data folder is taken beside the databases; keys never are."""
