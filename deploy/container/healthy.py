"""Ask this container's own server whether its databases answer; exit code 0 when they do."""

import os
import sys
import urllib.error
import urllib.request
from urllib.parse import urlsplit

PORT = os.environ.get("PORT", "8000")


def main() -> int:
    """Give the exit code that a health check means."""
    name = urlsplit(os.environ.get("SIRKEL_SITE_URL", "")).netloc or "127.0.0.1"
    request = urllib.request.Request(f"http://127.0.0.1:{PORT}/healthz", headers={"Host": name})
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=8):
            return 0
    except OSError as error:
        sys.stderr.write(f"{error}\n")
        return 1


if __name__ == "__main__":
    sys.exit(main())
