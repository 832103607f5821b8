"""Asks the host's network gate, which listens here for as long as it has a session.

A question is four bytes of length (little-endian), JSON and a body up to the end; so is an answer, whose JSON says how long its
body is. The gate alone decides what leaves this machine; nothing here is a wall.
"""

import json
import socket
import struct

GATE = ("127.0.0.1", 3129)
OFF = "The network is off for programs here."
CUT = {"code": "failed", "error": "The host gave no answer."}


class Answer:
    """What the gate said: `said` is its JSON, with `status` or with `error`; the body is read from it."""

    def __init__(self, said, file=None):
        self.said = said
        self.bytes = said.get("bodyBytes", 0)
        self._file = file

    def pieces(self):
        left = self.bytes
        while left > 0:
            piece = self._file.read(min(left, 65536))
            if not piece:
                raise ConnectionError(CUT["error"])
            left -= len(piece)
            yield piece

    def close(self):
        if self._file is not None:
            self._file.close()


def ask(url, method="GET", headers=(), body=b"", upgrades=False):
    question = {"url": url, "method": method, "headers": list(headers), "upgrades": upgrades}
    head = json.dumps(question).encode()
    try:
        with socket.create_connection(GATE) as connection:
            connection.sendall(struct.pack("<I", len(head)) + head)
            connection.sendall(body)
            connection.shutdown(socket.SHUT_WR)
            file = connection.makefile("rb")
        length = file.read(4)
        said = file.read(struct.unpack("<I", length)[0]) if len(length) == 4 else b""
        return Answer(json.loads(said), file) if said else Answer(CUT)
    except ConnectionRefusedError:
        return Answer({"code": "not-allowed", "error": OFF})
    except (OSError, ValueError):
        # The machine is being saved, or the question was larger than one may be.
        return Answer(CUT)
