"""The network as the installer of packages has it: the host's gate, without the proxy in between."""

from .ask_gate import ask


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
    answer = ask(url, headers=headers)
    try:
        if "error" not in answer.said:
            return Answer(url, answer)
        kind = NetworkOff if answer.said["code"] == "not-allowed" else NetworkFailed
        raise kind(answer.said["error"])
    finally:
        answer.close()
