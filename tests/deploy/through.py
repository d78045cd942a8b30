"""A service as an operator runs it: Sirkel's own server, nginx with the shipped configuration in front, TLS to the door."""

import functools
import http.client
import json
import random
import socket
import urllib.request
from contextlib import contextmanager
from dataclasses import dataclass

import httpx
from bench._nginx import NAME, Proxy, nginx
from bench.servers import data_folder, migrate, run
from bench.slow_clients import service_environment

from sirkel.config.bots.phone import Phone
from tests.attack.server import Server

ADDRESS = "127.0.0.77"
FORGED = "203.0.113.77"
AGENT = "PhoneOfNobody/77.5 (Eksempel)"


@dataclass
class Service:
    """What a test meets: the proxy in front, the server behind, and a meeting with one open step."""

    proxy: Proxy
    server: Server
    stage: dict

    def ask(self, method, path, *, headers=None, **more):
        """Send one request to the public name, as a stranger."""
        with httpx.Client(verify=self.proxy.trust, trust_env=False, timeout=20) as client:
            return client.request(
                method,
                f"https://127.0.0.1:{self.proxy.port}{path}",
                headers={"Host": NAME, **(headers or {})},
                extensions={"sni_hostname": NAME},
                **more,
            )

    def phone(self, number, *, address=ADDRESS):
        """Take a phone that comes from an address of its own and says so in every header it could forge."""
        phone = Phone(site=f"https://{NAME}", language="nb", dice=random.Random(number))
        jar = urllib.request.HTTPCookieProcessor(phone._jar)
        phone._opener = urllib.request.build_opener(jar, _Through(self.proxy, address))
        phone._opener.addheaders = [
            ("User-Agent", AGENT),
            ("X-Forwarded-For", FORGED),
            ("X-Real-IP", FORGED),
            ("Forwarded", f"for={FORGED}"),
        ]
        return phone


class _Connection(http.client.HTTPSConnection):
    """A connection to the public name that ends at the test's own nginx."""

    def __init__(self, host, *, proxy, address, **more):
        super().__init__(host, context=proxy.trust, source_address=(address, 0), **more)
        self.proxy = proxy

    def connect(self):
        raw = socket.create_connection(
            ("127.0.0.1", self.proxy.port), self.timeout, source_address=self.source_address
        )
        self.sock = self.proxy.trust.wrap_socket(raw, server_hostname=self.host)


class _Through(urllib.request.HTTPSHandler):
    def __init__(self, proxy, address):
        super().__init__()
        self.connection = functools.partial(_Connection, proxy=proxy, address=address)

    def https_open(self, request):
        return self.do_open(self.connection, request)


@contextmanager
def served(folder):
    """Run the whole service in front of an empty folder."""
    with data_folder() as fresh:
        environment = service_environment(fresh)
        migrate(environment)
        stage = json.loads(run(["bench.stage", "1", "0"], environment))[0]
        server = Server(environment)
        try:
            with nginx(folder, pages=server.port) as proxy:
                yield Service(proxy, server, stage)
        finally:
            server.stop()
