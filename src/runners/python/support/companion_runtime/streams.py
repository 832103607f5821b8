"""sys.stdin, sys.stdout and sys.stderr of a run."""

import codecs
import io
import sys

from . import host


# The streams of this run.
_raws = []


class _Out(io.RawIOBase):
    def __init__(self, number):
        self._number = number
        # A character may come in pieces.
        self._decode = codecs.getincrementaldecoder("utf-8")("replace").decode
        _raws.append(self)

    def writable(self):
        return True

    def fileno(self):
        return self._number

    def write(self, piece):
        view = bytes(piece)
        if host.functions.write(self._number, self._decode(view)):
            raise host.LimitReached("run/output-too-large")
        return len(view)

    def finish(self):
        """Says what a last character that never became whole began with."""
        rest = self._decode(b"", True)
        if rest:
            host.functions.write(self._number, rest)


class _Text(io.TextIOWrapper):
    """Passes whole strings on at once; only `.buffer` users pay for bytes."""

    def __init__(self, number):
        super().__init__(_Out(number), "utf-8", "backslashreplace", write_through=True)
        self._number = number
        self.mode = "w"

    def write(self, text):
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        if self.closed:
            raise ValueError("I/O operation on closed file.")
        if host.functions.write(self._number, text):
            raise host.LimitReached("run/output-too-large")
        return len(text)

    def writelines(self, lines):
        for line in lines:
            self.write(line)

    def flush(self):
        super().flush()
        host.functions.flush()

    def isatty(self):
        return False


class _In(io.TextIOBase):
    """Lines come from the answers given with the run, or from the person."""

    encoding = "utf-8"
    errors = "strict"
    name = "<stdin>"
    mode = "r"

    def __init__(self):
        self._left = ""
        self._ended = False

    def readable(self):
        return True

    def fileno(self):
        return 0

    def isatty(self):
        return False

    def _ask(self, prompt="", secret=False):
        """One line with its newline, or '' at the end of the input."""
        if self._ended:
            return ""
        from .waits import ask

        answer = ask(prompt, secret)
        if answer is None:
            self._ended = True
            return ""
        return answer + "\n"

    def readline(self, size=-1):
        if self.closed:
            raise ValueError("I/O operation on closed file.")
        line = self._left or self._ask()
        if size is not None and 0 <= size < len(line):
            line, self._left = line[:size], line[size:]
        else:
            self._left = ""
        return line

    def read(self, size=-1):
        pieces = []
        count = 0
        while size is None or size < 0 or count < size:
            line = self.readline(-1 if size is None or size < 0 else size - count)
            if not line:
                break
            pieces.append(line)
            count += len(line)
        return "".join(pieces)


def install():
    """Fresh streams for each run: a program may have closed or replaced the last ones."""
    _raws.clear()
    sys.stdin = _In()
    sys.stdout = _Text(1)
    sys.stderr = _Text(2)
    sys.__stdin__, sys.__stdout__, sys.__stderr__ = sys.stdin, sys.stdout, sys.stderr


def flush():
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except Exception:
            # A program's own replacement stream may refuse; its output is then its own loss.
            pass
    for raw in _raws:
        raw.finish()
