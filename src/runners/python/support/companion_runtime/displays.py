"""Values as people want to see them: tables, pictures, HTML, and plain text always."""

import base64
import builtins
import errno
import io
import os
import sys

from . import figures, host, plain_text, tracebacks

_TEXT_MOST = 1_000_000
_ROWS = 1_000
_COLUMNS = 100
#: Of one table and of all in a run: writing these takes about a third of a second, and a second.
_CSV_CELLS = 100_000
_CSV_CELLS_IN_RUN = 300_000
_CSV_CHARACTERS = 8_000_000

_METHODS = (
    ("_repr_html_", "text/html"),
    ("_repr_svg_", "image/svg+xml"),
    ("_repr_png_", "image/png"),
    ("_repr_jpeg_", "image/jpeg"),
    ("_repr_markdown_", "text/markdown"),
    ("_repr_latex_", "text/latex"),
)
_tables = 0
_cells_left = 0
#: What is shown at the end of the run, by the display's id.
_updates = {}
#: The value that `_` has from us.
_last = None


def before_run():
    global _tables, _cells_left
    _tables = 0
    _cells_left = _CSV_CELLS_IN_RUN
    _updates.clear()


def _as_text(value):
    if isinstance(value, (bytes, bytearray)):
        return base64.b64encode(value).decode()
    return value if isinstance(value, str) else str(value)


def _cut(text):
    return text if len(text) <= _TEXT_MOST else text[:_TEXT_MOST] + f"\n… {len(text) - _TEXT_MOST:,} more characters"


def _made(method, **given):
    """What a `_repr_…_` method gives; None where it fails: its traceback is printed and the value shows without it, as in IPython."""
    try:
        made = method(**given)
    except NotImplementedError:
        return None
    except MemoryError:
        raise
    except Exception as error:
        sys.stderr.write(tracebacks.program_error(error)["traceback"])
        return None
    return made[0] if isinstance(made, tuple) else made


def bundle(value):
    """{media type: text or base64} without text/plain; a method that fails is left out."""
    found = {}
    if isinstance(value, type):
        return found
    whole = getattr(value, "_repr_mimebundle_", None)
    if callable(whole):
        found.update({key: _as_text(item) for key, item in (_made(whole, include=None, exclude=None) or {}).items()})
    for name, mime in _METHODS:
        if mime in found or (mime == "image/jpeg" and "image/png" in found):
            continue
        method = getattr(value, name, None)
        if not callable(method):
            continue
        made = _made(method)
        if made is not None:
            found[mime] = _as_text(made)
    return found


def _pandas():
    return sys.modules.get("pandas")


def _is_frame(value):
    pandas = _pandas()
    return pandas is not None and isinstance(value, (pandas.DataFrame, pandas.Series))


def _cell(value):
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return value if abs(value) < 2**53 else str(value)
    if isinstance(value, float):
        return value if value == value and value not in (float("inf"), float("-inf")) else (None if value != value else str(value))
    if hasattr(value, "item") and getattr(value, "ndim", 1) == 0 and type(value).__module__ == "numpy":
        inner = value.item()
        if isinstance(inner, (bool, int, float, str)):
            return _cell(inner)
    if isinstance(value, str):
        return value[:2000]
    pandas = _pandas()
    try:
        if pandas is not None and pandas.isna(value) is True:
            return None
    except (TypeError, ValueError):
        pass
    return str(value)[:2000]


def _label(value):
    return " / ".join(str(part) for part in value)[:500] if isinstance(value, tuple) else str(value)[:500]


def _plain_index(index):
    pandas = _pandas()
    return isinstance(index, pandas.RangeIndex) and index.start == 0 and index.step == 1 and index.name is None


def table_of(frame, title=None):
    pandas = _pandas()
    if isinstance(frame, pandas.Series):
        frame = frame.to_frame(name=frame.name if frame.name is not None else "value")
    rows, columns = frame.shape
    part = frame.iloc[:_ROWS, :_COLUMNS]
    lists = [[_cell(value) for value in part.iloc[:, at].tolist()] for at in range(part.shape[1])]
    return {
        "title": None if title is None else str(title)[:1_000],
        "columns": [_label(name) for name in part.columns],
        "types": [str(dtype) for dtype in part.dtypes],
        "rows": [list(row) for row in zip(*lists)] if lists else [[] for _ in range(len(part))],
        "index": None if _plain_index(frame.index) else [_label(key) for key in part.index],
        "totalRows": rows,
        "totalColumns": columns,
    }


class _TooLong(Exception):
    pass


class _Bounded(io.StringIO):
    def write(self, text):
        if self.tell() + len(text) > _CSV_CHARACTERS:
            raise _TooLong
        return super().write(text)


def _csv(frame, title):
    """The whole table as a file, written ahead of need; None where that would take a time that a person notices."""
    global _tables, _cells_left
    _tables += 1
    if frame.size > min(_CSV_CELLS, _cells_left):
        return None
    _cells_left -= frame.size
    keep_index = not _plain_index(frame.index)
    safe = "".join(letter if letter.isalnum() or letter in "-_ " else "-" for letter in title or "")[:60].strip()
    kept = f"table-{_tables}.csv"
    name = f"{safe}.csv" if safe else kept
    out = _Bounded()
    try:
        frame.to_csv(out, index=keep_index, chunksize=1_000)
    except _TooLong:
        return None
    text = out.getvalue()
    path = host.functions.save(kept, text, "text/csv", None)
    return {"kind": "table", "name": name, "path": path, "mime": "text/csv", "bytes": len(text.encode())}


def _plain(value):
    """What stands for a value where only text can go: its own words, where its repr would only name its class."""
    if isinstance(value, _Shown):
        return value.plain()
    if _is_styler(value):
        value = value.data
    return repr(value)


def _is_styler(value):
    return type(value).__name__ == "Styler" and _is_frame(getattr(value, "data", None))


def show(value, title=None, plain=None):
    """One display event for a value."""
    if type(value).__module__ == "matplotlib.figure" and hasattr(value, "savefig"):
        figures.show_figure(value)
        return
    data = bundle(value)
    data["text/plain"] = _cut(_plain(value) if plain is None else plain)
    table = artifact = None
    if _is_frame(value):
        table = table_of(value, title)
        artifact = _csv(value, title)
    elif _is_styler(value):
        table = table_of(value.data, title or getattr(value, "caption", None))
    host.emit("display", data=data, table=table, artifact=artifact)


def show_result(value):
    """The last expression: rich form as a display, plain form as the run's result. None shows nothing."""
    if value is None:
        return None
    text = _cut(_plain(value))
    if type(value).__module__ == "matplotlib.figure" and hasattr(value, "savefig"):
        figures.show_figure(value)
        return text
    if _is_frame(value) or bundle_wanted(value):
        show(value, plain=text)
    return text


def keep_last(value):
    """`_` is the last value that showed, as at a prompt; not where a program gave the name to something else, as gettext does."""
    global _last
    if value is not None and getattr(builtins, "_", _last) is _last:
        builtins._ = _last = value


def forget_last():
    global _last
    if getattr(builtins, "_", None) is _last:
        builtins.__dict__.pop("_", None)
    _last = None


def bundle_wanted(value):
    if isinstance(value, type):
        return False
    return any(callable(getattr(value, name, None)) for name in ("_repr_mimebundle_", *(method for method, _ in _METHODS)))


class _Shown:
    """Base of IPython's display classes: some text or bytes with a media type."""

    mime = "text/plain"

    def __init__(self, data=None, url=None, filename=None, **_):
        if data is None and filename is not None:
            with open(filename, "rb") as source:
                data = source.read()
        elif isinstance(data, str) and self.reads_files:
            if data.startswith(("http://", "https://")):
                data, url = None, data
            elif data[:1] not in "<" and len(data) < 1000 and os.path.exists(data):
                with open(data, "rb") as source:
                    data = source.read()
        self.data = data
        #: Only named: what is shown loads nothing.
        self.url = url

    reads_files = False

    def _repr_mimebundle_(self, include=None, exclude=None):
        return {} if self.data is None else {self._mime(): self.data if self._mime().startswith("image/") else self._text()}

    def _text(self):
        return bytes(self.data).decode("utf-8", "replace") if isinstance(self.data, (bytes, bytearray)) else str(self.data)

    def _mime(self):
        return self.mime

    def plain(self):
        if self.data is None:
            return self.url or repr(self)
        return self._text() if self._mime().startswith("text/") else repr(self)

    def __repr__(self):
        return f"<IPython.core.display.{type(self).__name__} object>"


class HTML(_Shown):
    mime = "text/html"

    def plain(self):
        return super().plain() if self.data is None else plain_text.of_html(self._text())


class Markdown(_Shown):
    mime = "text/markdown"


class Latex(_Shown):
    mime = "text/latex"


class Math(Latex):
    def __init__(self, data=None, **more):
        super().__init__(f"$\\displaystyle {data}$", **more)


class SVG(_Shown):
    mime = "image/svg+xml"
    reads_files = True

    def _repr_mimebundle_(self, include=None, exclude=None):
        return {} if self.data is None else {self.mime: self._text()}


class Pretty(_Shown):
    pass


class JSON(_Shown):
    mime = "application/json"

    def _repr_mimebundle_(self, include=None, exclude=None):
        import json

        return {"application/json": json.dumps(self.data, default=str)}

    def plain(self):
        return repr(self)


class Code(_Shown):
    reads_files = True


class Javascript(_Shown):
    def _repr_mimebundle_(self, include=None, exclude=None):
        return {}

    def plain(self):
        return repr(self)


class _Elsewhere:
    """Sound, film and pages: a card plays none, and says what it would be."""

    def __init__(self, data=None, filename=None, url=None, **_):
        named = filename or url or (data if isinstance(data, str) else None)
        self._name = "" if named is None else str(named)

    def __repr__(self):
        return f"<{type(self).__name__}{': ' * bool(self._name)}{self._name[:1_000]}>"


class Audio(_Elsewhere):
    pass


class Video(_Elsewhere):
    pass


class IFrame(_Elsewhere):
    def __init__(self, src, width=None, height=None, **_):
        super().__init__(url=src)


class YouTubeVideo(_Elsewhere):
    def __init__(self, id, width=None, height=None, **_):
        super().__init__(url=f"https://www.youtube.com/watch?v={id}")


class Image(_Shown):
    reads_files = True

    def __init__(self, data=None, url=None, filename=None, **more):
        super().__init__(data, url, filename, **more)
        if isinstance(self.data, str):
            try:
                self.data = base64.b64decode(self.data, validate=True)
            except ValueError:
                raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), self.data[:1_000]) from None

    def _mime(self):
        head = bytes(self.data[:12]) if isinstance(self.data, (bytes, bytearray)) else b""
        if head.startswith(b"\xff\xd8"):
            return "image/jpeg"
        if head.startswith(b"GIF8"):
            return "image/gif"
        if head[8:12] == b"WEBP":
            return "image/webp"
        return "image/png"


class FileLink:
    def __init__(self, path, *_, **__):
        self.path = path

    def __repr__(self):
        return str(self.path)


class DisplayHandle:
    """What display(…, display_id=…) gives. The card keeps what it shows: see update_display."""

    def __init__(self, display_id=None):
        self.display_id = os.urandom(16).hex() if display_id is None else display_id

    def display(self, *values, **more):
        display(*values, display_id=self.display_id, **more)

    def update(self, value, **_):
        update_display(value, display_id=self.display_id)

    def __repr__(self):
        return f"<DisplayHandle display_id={self.display_id}>"


def update_display(value, *, display_id, **_):
    """IPython's update_display(), in a card that keeps what it shows: the last update of a display shows at the end of the run."""
    _updates[display_id] = value


def show_updates():
    for display_id in list(_updates):
        show(_updates.pop(display_id))


def display(*values, raw=False, include=None, exclude=None, metadata=None, display_id=None, **_):
    """IPython's display()."""
    for value in values:
        if raw and isinstance(value, dict):
            host.emit("display", data={key: _as_text(item) for key, item in value.items()}, table=None, artifact=None)
        else:
            show(value)
    if display_id is None or display_id is False:
        return None
    return DisplayHandle(None if display_id is True else display_id)


def _display_as(kind):
    def shown(*values, **_):
        for value in values:
            show(value if isinstance(value, kind) else kind(value))

    return shown


PUBLIC = {
    "display": display,
    "update_display": update_display,
    "DisplayHandle": DisplayHandle,
    "clear_output": lambda wait=False: None,
    "HTML": HTML,
    "Markdown": Markdown,
    "Latex": Latex,
    "Math": Math,
    "SVG": SVG,
    "Image": Image,
    "JSON": JSON,
    "Pretty": Pretty,
    "Javascript": Javascript,
    "Code": Code,
    "Audio": Audio,
    "Video": Video,
    "IFrame": IFrame,
    "YouTubeVideo": YouTubeVideo,
    "FileLink": FileLink,
    "FileLinks": FileLink,
    "display_html": _display_as(HTML),
    "display_markdown": _display_as(Markdown),
    "display_png": _display_as(Image),
    "set_matplotlib_formats": lambda *_, **__: None,
}
