"""The way out of this machine: a proxy for HTTP on 127.0.0.2:3128. It asks the host for each request.

The host sends requests, not bytes, so TLS ends here: each name gets a certificate of an authority that this machine alone
trusts. Its key is in the image for everyone to read: no connection of this machine goes anywhere but here.
"""

import contextlib
import gzip
import http.server
import io
import ipaddress
import os
import re
import ssl
import subprocess
import threading
import zlib

from .ask_gate import ask

TLS = "/usr/local/lib/guest/tls"
CERTIFICATES = "/run/companion-certificates"
NAME = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9_.-]{0,252}\Z")
#: The host's bound is 16 MiB, in base64.
BODY_MOST = 11 * 1024 * 1024
#: What is larger waits for a place: of the whole machine's memory, bodies on their way take a part.
BODY_SMALL = 64 * 1024
LARGE_AT_ONCE = 2
CONNECTIONS_MOST = 64
TRAILERS_MOST = 100
CONTEXTS_MOST = 100
#: Said about a connection, which is another one here.
OF_CONNECTION = {
    "connection",
    "content-length",
    "keep-alive",
    "proxy-authenticate",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
}
#: Said to a proxy or about a connection, or of use to a cache or a server only where the answer is as good without.
DROPPED = {
    "accept-charset",
    "cache-control",
    "connection",
    "content-encoding",
    "expect",
    "git-protocol",
    "if-range",
    "pragma",
    "priority",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade-insecure-requests",
    "want-digest",
}
STATUS = {"bad-request": 400, "not-allowed": 403, "used-up": 403, "too-many": 429, "stopped": 503, "timed-out": 504}

_contexts = {}
_making = threading.Lock()
_large = threading.BoundedSemaphore(LARGE_AT_ONCE)


class Unpackable(ValueError):
    """A body that is packed in a way that is not undone here. Its text is the name of that."""


def context_for(name):
    """The server's end of TLS for a name, with a certificate of its own."""
    with _making:
        if name not in _contexts:
            if len(_contexts) >= CONTEXTS_MOST:
                _contexts.clear()
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            path = _certificate(name)
            context.load_cert_chain(path, f"{TLS}/host.key")
            # In memory, and names are without end.
            os.remove(path)
            _contexts[name] = context
        return _contexts[name]


def _certificate(name):
    os.makedirs(CERTIFICATES, exist_ok=True)
    path = f"{CERTIFICATES}/{name}.pem"
    command = ["openssl", "req", "-new", "-x509", "-config", f"{TLS}/openssl.cnf", "-extensions", "host", "-days", "800"]
    command += ["-CA", f"{TLS}/authority.pem", "-CAkey", f"{TLS}/authority.key", "-key", f"{TLS}/host.key"]
    command += ["-subj", "/CN=gate", "-addext", f"subjectAltName={_kind(name)}:{name}", "-out", path]
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return path


def _kind(name):
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return "DNS"
    return "IP"


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    #: Of the tunnel that this connection has become.
    origin = ""

    def __getattr__(self, name):
        if name.startswith("do_"):
            return self._pass_on
        raise AttributeError(name)

    def do_CONNECT(self):
        name, _, port = self.path.rpartition(":")
        if self.origin or not NAME.match(name) or not port.isdecimal():
            return self._say(400, "The proxy of this machine does not understand this address.")
        self.send_response_only(200, "Connected")
        self.end_headers()
        try:
            self.connection = context_for(name.lower()).wrap_socket(self.connection, server_side=True)
        except (OSError, subprocess.CalledProcessError):
            self.close_connection = True
            return
        self.rfile = self.connection.makefile("rb")
        self.wfile = self.connection.makefile("wb")
        self.origin = f"https://{name}" if port == "443" else f"https://{name}:{port}"
        self.close_connection = False

    def finish(self):
        super().finish()
        if self.origin:
            self.connection.close()

    def _pass_on(self):
        address = self.origin + self.path
        if not address.lower().startswith(("http://", "https://")):
            return self._say(400, "This is the proxy of this machine: it takes whole addresses.")
        with contextlib.ExitStack() as place:
            try:
                body = self._body(place)
            except Unpackable as packed:
                self.close_connection = True
                return self._say(415, f"A body goes out plain, or packed by gzip or deflate, not by {packed}.")
            except (ValueError, EOFError, OSError, zlib.error):
                self.close_connection = True
                return self._say(400, f"The body of the request is not well formed, or larger than {BODY_MOST >> 20} MB.")
            headers = [(name, value) for name, value in self.headers.items() if name.lower() not in DROPPED]
            answer = ask(address, self.command, headers, body, upgrades=not self.origin)
        try:
            self._give(answer)
        finally:
            answer.close()

    def _give(self, answer):
        said = answer.said
        if "error" in said:
            return self._refuse(STATUS.get(said["code"], 502), said["error"])
        self.send_response_only(said["status"], _line(said["statusText"]))
        for name, value in said["headers"]:
            if name not in OF_CONNECTION:
                self.send_header(name, _line(value))
        has_body = self.command != "HEAD" and said["status"] not in (204, 304)
        if has_body:
            self.send_header("Content-Length", str(answer.bytes))
        self.end_headers()
        for piece in answer.pieces() if has_body else ():
            self.wfile.write(piece)

    def _say(self, status, sentence):
        """The sentence is where each program shows it: some show the first line of an answer, some its body."""
        body = f"{sentence}\n".encode()
        self.send_response_only(status, _line(sentence))
        self.send_header("Content-Type", "text/plain; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def _refuse(self, status, sentence):
        """No server has answered, so nothing may come out as if one had: the body that is announced never comes, and whoever waits
        for it fails, as curl does. Programs that end at the status show the sentence; the host shows it in any case."""
        self.close_connection = True
        if self.command == "HEAD":
            return
        self.send_response_only(status, _line(sentence))
        self.send_header("Content-Type", "text/plain; charset=utf-8")
        self.send_header("Content-Length", "1")
        self.end_headers()

    def _body(self, place):
        """A large one has one of the places for such until `place` is left."""
        coding = self.headers.get("Transfer-Encoding", "").lower()
        if coding not in ("", "chunked"):
            raise ValueError(coding)
        packing = self.headers.get("Content-Encoding", "").strip().lower()
        if packing not in ("", "identity", "gzip", "x-gzip", "deflate"):
            raise Unpackable(packing[:40])
        length = int(self.headers.get("Content-Length", "0"))
        if coding or packing or length > BODY_SMALL:
            place.enter_context(_large)
        body = self._chunks() if coding else self._exactly(length, BODY_MOST)
        if packing in ("", "identity"):
            return body
        with gzip.GzipFile(fileobj=io.BytesIO(body)) if "gzip" in packing else _Deflated(body) as file:
            body = file.read(BODY_MOST + 1)
        if len(body) > BODY_MOST:
            raise ValueError("too large")
        return body

    def _exactly(self, length, most):
        if not 0 <= length <= most:
            raise ValueError("too large")
        body = self.rfile.read(length)
        if len(body) < length:
            raise EOFError
        return body

    def _chunks(self):
        body = bytearray()
        while length := int(self.rfile.readline(100).split(b";")[0], 16):
            body += self._exactly(length, BODY_MOST - len(body))
            if self.rfile.readline(3) not in (b"\r\n", b"\n"):
                raise ValueError("chunk")
        for _ in range(TRAILERS_MOST):
            if self.rfile.readline(8192) in (b"\r\n", b"\n", b""):
                return bytes(body)
        raise ValueError("trailers")

    def log_message(self, *_):
        pass


def _line(text):
    """Of a line of HTTP: Latin-1, and one line."""
    return re.sub(r"[^\t\x20-\x7e\xa0-\xff]", "?", text)


class _Deflated(contextlib.AbstractContextManager):
    """As a file of what was packed by deflate, which has a head of its own or, with some, none."""

    def __init__(self, body):
        self._body = body

    def read(self, most):
        try:
            return self._read(most, zlib.MAX_WBITS)
        except zlib.error:
            return self._read(most, -zlib.MAX_WBITS)

    def _read(self, most, bits):
        undoing = zlib.decompressobj(bits)
        plain = undoing.decompress(self._body, most)
        if not undoing.eof and len(plain) < most:
            raise EOFError
        return plain

    def __exit__(self, *_):
        return None


class _Server(http.server.ThreadingHTTPServer):
    """Each connection has a thread, so there are not without end of them."""

    def __init__(self, *arguments, **options):
        super().__init__(*arguments, **options)
        self._places = threading.BoundedSemaphore(CONNECTIONS_MOST)

    def process_request(self, request, client_address):
        if self._places.acquire(blocking=False):
            try:
                return super().process_request(request, client_address)
            except RuntimeError:  # no thread can be started
                self._places.release()
                raise
        with contextlib.suppress(OSError):
            request.sendall(b"HTTP/1.1 503 Too many connections at once.\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        self.shutdown_request(request)

    def process_request_thread(self, request, client_address):
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._places.release()

    def handle_error(self, request, client_address):
        """Who asked has gone, or gets no answer; nobody reads what would be printed."""


def serve(listening):
    server = _Server(("127.0.0.2", 0), Handler, bind_and_activate=False)
    server.socket.close()
    server.socket = listening
    server.serve_forever()
