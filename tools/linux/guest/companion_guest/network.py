"""The network as the installer of packages has it: the host's gate, without the proxy in between.

Where the usual index cannot be asked, the host has a page of it for a few packages whose wheels lie in the extension itself.
"""

import json

from .ask_gate import ask

INDEX = "https://pypi.org/simple/"
#: Before the name of a package or of a file: asked of the host, and of no network.
BUNDLED = "bundled:"

#: Name of a package → the version that lies in the extension, of those whose file was taken from there.
taken = {}
#: Address of a file in the extension → name and version of its package.
_offered = {}


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
        #: Why the index did not give its page, where this is the one of the extension in its place.
        self.instead_of = None


def fetch(url, headers=()):
    try:
        answer = _fetch(url, headers)
    except ConnectionError as error:
        page = _page_here(url.removeprefix(INDEX).strip("/"), error) if url.startswith(INDEX) else None
        if page is None:
            raise
        return page
    taken.update([_offered[url]] if url in _offered else [])
    return answer


def _page_here(name, error):
    """The page that the extension has of a package; None where it has none."""
    try:
        page = _fetch(BUNDLED + name)
    except ConnectionError as unread:
        # Nobody knows whether it would have been there, and the index may be a matter of one press.
        raise NetworkFailed(f"{unread} {error.strerror or error}") from None
    if page.status != 200:
        return None
    page.instead_of = error
    said = json.loads(page.body)
    _offered.update((file["url"], (name, version)) for file, version in zip(said["files"], said["versions"]))
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
