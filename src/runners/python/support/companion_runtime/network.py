"""The one way out: the host's network gate, for hosts that a person allowed. Every other way says so in a sentence."""

import base64
import errno
import io
import json
import socket

from . import host
from .suspend import wait_for

OFF = "The network is off for programs here."
NO_SOCKETS = OFF + " There are no sockets: hosts that are allowed for this conversation are reached by urllib.request or requests."
NO_WAIT = OFF + " This browser has no way to wait for an answer of the network."


class NetworkOff(ConnectionError):
    """Raised for every try to reach a machine that was not allowed."""

    def __init__(self, sentence=NO_SOCKETS, *_):
        super().__init__(errno.ENETUNREACH, sentence)


class NetworkFailed(ConnectionError):
    """The host was allowed, and the request failed or was refused all the same."""


class Answer:
    #: The installer asks: only in Linux does an answer stand in the place of another.
    instead_of = None

    def __init__(self, told):
        self.status = told["status"]
        self.reason = told["statusText"]
        self.url = told["url"]
        self.headers = [(name, value) for name, value in told["headers"]]
        self.body = base64.b64decode(told["body"])


def fetch(url, method="GET", headers=(), body=None):
    """Asks the gate and waits. NetworkOff, NetworkFailed; KeyboardInterrupt when the run was stopped meanwhile."""
    content = _content(body)
    question = json.dumps(
        {
            "url": str(url),
            "method": str(method),
            "headers": [[_text(name), _text(value)] for name, value in headers],
            "body": None if content is None else base64.b64encode(content).decode("ascii"),
        }
    )
    way = host.functions.waits
    if way == "shared":
        told = host.functions.network(question)
    elif way == "promise":
        told = wait_for(host.functions.networkPromise(question))
    else:
        raise NetworkOff(NO_WAIT)
    told = json.loads(str(told))
    if "error" not in told:
        return Answer(told)
    if told["code"] == "stopped":
        host.functions.takeInterrupt()
        raise KeyboardInterrupt
    if told["code"] == "not-allowed":
        raise NetworkOff(told["error"])
    raise NetworkFailed(told["error"])


def _text(value):
    return value.decode("latin-1") if isinstance(value, bytes) else str(value)


def _content(body):
    if body is None:
        return None
    if isinstance(body, str):
        return body.encode()
    if hasattr(body, "read"):
        return _content(body.read())
    if isinstance(body, (bytes, bytearray, memoryview)):
        return bytes(body)
    return b"".join(_content(piece) for piece in body)


def is_refusal(error):
    if isinstance(error, NetworkOff) or OFF in _said(error):
        return True
    return isinstance(getattr(error, "reason", None), NetworkOff)


def _said(error):
    try:
        return str(error) if isinstance(error, (OSError, RuntimeError)) else ""
    except BaseException:
        return ""


def _refuse(*_, **__):
    raise NetworkOff


def install():
    socket.create_connection = _refuse
    socket.getaddrinfo = _refuse
    socket.gethostbyname = _refuse
    socket.socket.connect = _refuse
    socket.socket.connect_ex = lambda *_: errno.ENETUNREACH


class Fetched:
    """What pyfetch gives, as far as Python programs use it."""

    def __init__(self, answer):
        self.status = answer.status
        self.status_text = answer.reason
        self.ok = 200 <= answer.status < 300
        self.url = answer.url
        self.headers = dict(answer.headers)
        self._body = answer.body

    def raise_for_status(self):
        if self.status >= 400:
            raise OSError(f"{self.status} {self.status_text} for {self.url}")

    async def bytes(self):
        return self._body

    async def text(self):
        return self._body.decode("utf-8", "replace")

    string = text

    async def json(self, **kwargs):
        return json.loads(self._body, **kwargs)


def patch_pyodide_http(module):
    async def pyfetch(url, /, *, method="GET", headers=None, body=None, **_):
        return Fetched(fetch(url, method, dict(headers or {}).items(), body))

    def open_url(url):
        return io.StringIO(fetch(url).body.decode("utf-8", "replace"))

    module.pyfetch = pyfetch
    module.open_url = open_url


def patch_requests(module):
    def send(self, request, *_, **__):
        from requests.exceptions import ConnectionError as RequestsConnectionError
        from urllib3.response import HTTPResponse

        try:
            answer = fetch(request.url, request.method, request.headers.items(), request.body)
        except (NetworkOff, NetworkFailed) as error:
            raise RequestsConnectionError(_sentence(error), request=request) from error
        return self.build_response(request, _urllib3_response(HTTPResponse, answer, request.method, False))

    module.HTTPAdapter.send = send


def _sentence(error):
    return str(error.strerror or error)


def _urllib3_response(kind, answer, method, preloads):
    return kind(
        body=io.BytesIO(answer.body),
        headers=answer.headers,
        status=answer.status,
        reason=answer.reason,
        version=11,
        preload_content=preloads,
        request_method=method,
        request_url=answer.url,
    )


def patch_urllib_request(module):
    original = module.OpenerDirector.open

    def open_by_gate(self, fullurl, data=None, *args, **kwargs):
        address = fullurl if isinstance(fullurl, str) else getattr(fullurl, "full_url", "")
        kind = address.partition(":")[0].lower()
        if kind == "ftp":
            raise module.URLError(NetworkOff())
        if kind not in ("http", "https"):
            return original(self, fullurl, data, *args, **kwargs)
        request = module.Request(fullurl) if isinstance(fullurl, str) else fullurl
        if data is not None:
            request.data = data
        return _opened(module, request)

    if original.__name__ != open_by_gate.__name__:
        module.OpenerDirector.open = open_by_gate


def _opened(module, request):
    from http.client import HTTPMessage
    from urllib.response import addinfourl

    headers = request.header_items()
    if request.data is not None and not request.has_header("Content-type"):
        headers.append(("Content-type", "application/x-www-form-urlencoded"))
    try:
        answer = fetch(request.full_url.partition("#")[0], request.get_method(), headers, request.data)
    except (NetworkOff, NetworkFailed) as error:
        raise module.URLError(error) from error
    message = HTTPMessage()
    for name, value in answer.headers:
        message[name] = value
    body = io.BytesIO(answer.body)
    if not 200 <= answer.status < 300:
        raise module.HTTPError(answer.url, answer.status, answer.reason, message, body)
    response = addinfourl(body, message, answer.url, answer.status)
    response.msg = response.reason = answer.reason
    return response


def patch_urllib3(module):
    def urlopen(self, method, url, body=None, headers=None, *_, preload_content=True, **__):
        from urllib3.exceptions import NewConnectionError
        from urllib3.response import HTTPResponse

        port = f":{self.port}" if self.port else ""
        address = url if "://" in url else f"{self.scheme}://{self.host}{port}{url}"
        try:
            answer = fetch(address, method, dict(headers or {}).items(), body)
        except (NetworkOff, NetworkFailed) as error:
            raise NewConnectionError(self, _sentence(error)) from error
        return _urllib3_response(HTTPResponse, answer, method, preload_content)

    module.HTTPConnectionPool.urlopen = urlopen


def patch_httpx(module):
    def answered(request, content):
        try:
            answer = fetch(request.url, request.method, request.headers.items(), content)
        except (NetworkOff, NetworkFailed) as error:
            raise module.ConnectError(_sentence(error), request=request) from error
        return module.Response(answer.status, headers=answer.headers, content=answer.body)

    def handle_request(self, request):
        return answered(request, request.read())

    async def handle_async_request(self, request):
        return answered(request, await request.aread())

    for kind in (module.HTTPTransport, module.AsyncHTTPTransport):
        # What it opens and closes is a pool of connections, which cannot even be made without ssl.
        kind.__init__ = lambda self, *_, **__: None
        for name in ("__enter__", "__exit__", "close", "__aenter__", "__aexit__", "aclose"):
            if name in kind.__dict__:
                delattr(kind, name)
    module.HTTPTransport.handle_request = handle_request
    module.AsyncHTTPTransport.handle_async_request = handle_async_request
