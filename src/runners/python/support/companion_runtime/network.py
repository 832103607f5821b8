"""The network is off: each way out says so in one sentence."""

import errno
import socket
import sys

SENTENCE = "The network is off here: code runs on this device without internet. Add files to /mnt/data instead."


class NetworkOff(ConnectionError):
    """Raised for every try to reach another machine."""

    def __init__(self, *_):
        super().__init__(errno.ENETUNREACH, SENTENCE)


def is_refusal(error):
    if isinstance(error, NetworkOff) or SENTENCE in _text(error):
        return True
    return isinstance(getattr(error, "reason", None), NetworkOff)


def _text(error):
    try:
        return str(error) if isinstance(error, (OSError, RuntimeError)) else ""
    except BaseException:
        return ""


def _refuse(*_, **__):
    raise NetworkOff


async def _refuse_async(*_, **__):
    raise NetworkOff


def install():
    socket.create_connection = _refuse
    socket.getaddrinfo = _refuse
    socket.gethostbyname = _refuse
    socket.socket.connect = _refuse
    socket.socket.connect_ex = lambda *_: errno.ENETUNREACH


def patch_pyodide_http(module):
    module.pyfetch = _refuse_async
    module.open_url = _refuse


def patch_requests(module):
    def send(self, request, *_, **__):
        from requests.exceptions import ConnectionError as RequestsConnectionError

        raise RequestsConnectionError(SENTENCE, request=request) from NetworkOff()

    module.HTTPAdapter.send = send


def patch_urllib_request(module):
    original = module.OpenerDirector.open

    def open_local(self, fullurl, data=None, *args, **kwargs):
        address = fullurl if isinstance(fullurl, str) else getattr(fullurl, "full_url", "")
        if address.partition(":")[0].lower() in ("http", "https", "ftp"):
            raise module.URLError(NetworkOff())
        return original(self, fullurl, data, *args, **kwargs)

    if original.__name__ != open_local.__name__:
        module.OpenerDirector.open = open_local


def patch_urllib3(module):
    def urlopen(self, method, url, *_, **__):
        from urllib3.exceptions import NewConnectionError

        raise NewConnectionError(self, SENTENCE) from NetworkOff()

    module.HTTPConnectionPool.urlopen = urlopen


def patch_httpx(module):
    def refuse(*_, **__):
        raise module.ConnectError(SENTENCE) from NetworkOff()

    module.HTTPTransport.handle_request = refuse


def patch_micropip(module):
    async def install(requirements, *_, **__):
        from . import packages

        names = [requirements] if isinstance(requirements, str) else list(requirements)
        for name in names:
            sys.stdout.write(packages.install_answer(str(name)) + "\n")

    module.install = install
