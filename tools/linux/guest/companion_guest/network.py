"""The network as the installer of packages has it: the host's gate, without the proxy in between.

Where the usual index cannot be asked, the host has a page of it for a few packages whose wheels lie in the extension itself.
"""

import json

from .ask_gate import ask

INDEX = "https://pypi.org/simple/"
#: Before the name of a package or of a file: asked of the host, and of no network.
BUNDLED = "bundled:"

#: Name of a package → the version that lies in the extension, of those that were taken from there.
taken = {}


class NetworkOff(ConnectionError):
    """Nothing allows it. `strerror` is the sentence."""

    def __init__(self, sentence):
        super().__init__(101, sentence)


class NetworkFailed(ConnectionError):
    """It was allowed, and failed or was refused all the same."""


class Answer:
    def __init__(self, url, answer):
        self.status = answer.said["status"]
        self.url = url
        self.body = b"".join(answer.pieces())


def fetch(url, headers=()):
    try:
        return _fetch(url, headers)
    except ConnectionError:
        name = url.removeprefix(INDEX).strip("/")
        page = _fetch(BUNDLED + name) if url.startswith(INDEX) else None
        if page is None or page.status != 200:
            raise
        taken[name] = json.loads(page.body)["versions"][0]
        return page


def bundle():
    """What the host says of the whole: names of the `wheels`, and of what only the conversation's Python has, `compiled` for it."""
    try:
        return json.loads(_fetch(BUNDLED).body)
    except ConnectionError:
        return {"wheels": [], "compiled": []}  # it cannot be read; who needs one of them is told so


def _fetch(url, headers=()):
    answer = ask(url, headers=headers)
    try:
        if "error" not in answer.said:
            return Answer(url, answer)
        kind = NetworkOff if answer.said["code"] == "not-allowed" else NetworkFailed
        raise kind(answer.said["error"])
    finally:
        answer.close()
