"""Logs without persons: JSON lines that carry no address, agent, path secret or text of anybody."""

import json
import logging
import re

from sirkel.kernel import clock

_SECRET_PATHS = re.compile(
    r"(/(?:b|m|room|live|receipt|demo|link|t|r|c|i)/(?:answer/|leave/|join/|mail/|calendar/)?)[^\s\"'?]+"
)
_ADDRESS = re.compile(r"\b(?:\d{1,3}\.){3}\d{1,3}\b|\b[0-9a-fA-F]*:[0-9a-fA-F:]*:[0-9a-fA-F]+\b")
_MAIL = re.compile(r"[^\s@<>\"']+@[^\s@<>\"']+\.[^\s@<>\"']+")


def without_persons(text: str) -> str:
    """Return the text with network addresses, mail addresses and secret path parts replaced."""
    text = _SECRET_PATHS.sub(r"\1…", text)
    text = _MAIL.sub("…@…", text)
    return _ADDRESS.sub("…", text)


class NoPersonalData(logging.Filter):
    """Clean every record before any handler writes it; a traceback keeps its places, not its values."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Replace the record's text; never drop a record."""
        record.msg = without_persons(record.getMessage())
        record.args = ()
        return True


class JsonFormatter(logging.Formatter):
    """One JSON object a line: time (UTC, to the minute), level, logger, message, and where it broke."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line. Times are no finer than the minute: finer ones would order people's acts."""
        line: dict[str, object] = {
            "at": clock.now().strftime("%Y-%m-%dT%H:%MZ"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info and record.exc_info[0]:
            line["error"] = record.exc_info[0].__name__
            places = []
            trace = record.exc_info[2]
            while trace is not None:
                code = trace.tb_frame.f_code
                places.append(f"{code.co_filename.rpartition('sirkel/')[2]}:{trace.tb_lineno} {code.co_name}")
                trace = trace.tb_next
            line["places"] = places[-12:]
        return json.dumps(line, ensure_ascii=False)
