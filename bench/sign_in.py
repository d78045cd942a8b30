"""Does the time of an answer tell which addresses are known? Codes are asked for, known and unknown in turn.

Every try has an address and a browser of its own: a page, a request for a code (the answer that is measured), and a
wrong code (measured too). Known and unknown take turns, so that what the machine does beside touches both alike. Run:
``./sirkel bench sign-in [--size small]``; the goal for both answers is a difference of the means under 10 ms or under
one standard deviation (T11). ``--size small`` tries 60 addresses of each kind, ``full`` 240.
"""

import http.client
import math
import re
import statistics
import sys
import time
import urllib.parse

from bench.common import options, table, write_result
from bench.servers import data_folder, free_port, migrate, run, serving

SMALL, FULL = 60, 240
KINDS = ("known", "unknown")
MOST_MS = 10.0
PER_ASKER = 15  # one network address may ask twenty times a minute
REDIRECT, OK = 302, 200
_GUARD = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


class Browser:
    """A fresh browser at one network address: keeps cookies, follows nothing, measures its forms."""

    def __init__(self, port: int, asker: int) -> None:
        source = (f"127.0.{1 + asker // 250}.{1 + asker % 250}", 0)
        self.line = http.client.HTTPConnection("127.0.0.1", port, timeout=30, source_address=source)
        self.cookies: dict[str, str] = {}
        self.guard = ""

    def ask(self, path: str, form: dict[str, str] | None = None) -> tuple[int, float]:
        """Send a request; return status and milliseconds until the whole answer was there."""
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        body = None
        if form is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            body = urllib.parse.urlencode({**form, "csrfmiddlewaretoken": self.guard})
        began = time.perf_counter()
        self.line.request("POST" if body else "GET", path, body, headers)
        answer = self.line.getresponse()
        text = answer.read().decode()
        took = (time.perf_counter() - began) * 1000
        for cookie in answer.headers.get_all("Set-Cookie", []):
            name, _equals, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        if found := _GUARD.search(text):
            self.guard = found[1]
        return answer.status, took


def attempt(port: int, asker: int, address: str) -> tuple[float, float]:
    """Ask for a code and type a wrong one; return the milliseconds of both answers.

    Raises:
        RuntimeError: an answer was not the usual one, so its time says nothing.

    """
    browser = Browser(port, asker)
    browser.ask("/accounts/login/")
    sent, asked_ms = browser.ask("/accounts/login/", {"email": address})
    browser.ask("/accounts/login/code/")
    refused, typed_ms = browser.ask("/accounts/login/code/", {"code": "BCDF-GHJK"})
    browser.line.close()
    if (sent, refused) != (REDIRECT, OK):
        raise RuntimeError(f"answers {sent} and {refused} to a try that should have gone its usual way")
    return asked_ms, typed_ms


def compared(known: list[float], unknown: list[float]) -> dict[str, float | bool]:
    """Compare two lists of milliseconds: means, pooled standard deviation, difference, and its standard error."""
    pooled = math.sqrt((statistics.variance(known) + statistics.variance(unknown)) / 2)
    difference = abs(statistics.fmean(known) - statistics.fmean(unknown))
    return {
        "known_mean_ms": statistics.fmean(known),
        "unknown_mean_ms": statistics.fmean(unknown),
        "difference_ms": difference,
        "difference_of_medians_ms": abs(statistics.median(known) - statistics.median(unknown)),
        "standard_deviation_ms": pooled,
        "standard_error_ms": pooled * math.sqrt(1 / len(known) + 1 / len(unknown)),
        "is_within_goal": difference < MOST_MS or difference < pooled,
    }


def people(count: int) -> None:
    """Make the known addresses, inside the environment of the server: ``bench.sign_in people COUNT``."""
    import django  # noqa: PLC0415 -- only this half needs it

    django.setup()
    from sirkel.people.models import Person  # noqa: PLC0415 -- after Django is set up

    for number in range(count):
        Person.objects.create_user(
            f"known{number:04}@example.org", first_name="Measured", family_name="Person"
        )


def main() -> None:
    """Measure, print a short table and write the result."""
    chosen = options("sign-in", __doc__)
    tries = SMALL if chosen.is_small else FULL
    times: dict[str, list[tuple[float, float]]] = {kind: [] for kind in KINDS}
    with data_folder() as environment:
        migrate(environment)
        run(["bench.sign_in", "people", str(tries)], environment)
        port = free_port()
        with serving(["sirkel.config.serve", "--port", str(port)], environment, port, "/healthz"):
            for number in range(-2, tries):
                for turn in range(2):
                    # Who comes first changes, too.
                    kind = KINDS[(number + turn) % 2]
                    address = f"{kind}{max(number, 0):04}@example.org"
                    asker = (2 * (number + 2) + turn) // PER_ASKER
                    took = attempt(port, asker, address)
                    if number >= 0:
                        times[kind].append(took)
    figures: dict[str, object] = {"tries_of_each": tries}
    for place, what in enumerate(("asking", "typing")):
        found = compared(*([took[place] for took in times[kind]] for kind in KINDS))
        table(["figure", what], found.items())
        figures[what] = found
    write_result("sign-in", chosen.json, figures)


if __name__ == "__main__":
    if sys.argv[1:2] == ["people"]:
        people(int(sys.argv[2]))
    else:
        main()
