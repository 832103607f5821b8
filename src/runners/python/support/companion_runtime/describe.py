"""A data file in words: names, columns, types and counts; values only where they are asked for."""

import csv
import itertools
import json
import os
import re

_MOST_ROWS = 200_000
_MOST_COLUMNS = 200
_EXAMPLES = 3
# Whether a file has names is judged by so many rows.
_JUDGED_ROWS = 1_000
_MOST_KEYS = 100
_LONGEST_NAME = 60
_MOST_WORDS = 6
_NO_VALUE = {"", "-", "?", "na", "n/a", "n.a.", "nan", "null", "none", "nil", "unknown", "missing", "tbd"}
_NUMBERED = re.compile(r"\d{5}")
# "5,1", "$5.00", "12 kg", "01/02/1980", "10:30"
_MEASURE = re.compile(r"[^\w\s]{0,2}\s?\d[\d\s.,:/'-]*[^\d]{0,3}")
_IDENTIFIER = re.compile(r"[a-z_$@][A-Za-z0-9_$-]{0,39}")


def describe_file(path, with_values=False):
    """Text about the file at `path`. Without `with_values` nothing of it appears but names that are surely no data."""
    name = os.path.basename(path)
    size = os.path.getsize(path)
    ending = os.path.splitext(name)[1].lower()
    head = f"{name} ({size:,} bytes)"
    try:
        if ending == ".txt" and not with_values:
            return head + "\n" + _lines(path)
        if ending in (".csv", ".tsv", ".txt"):
            return head + "\n" + _delimited(path, ending, with_values)
        if ending in (".json", ".jsonl", ".ndjson", ".geojson"):
            return head + "\n" + _json(path, ending, with_values)
        if ending in (".xlsx", ".xlsm"):
            return head + "\n" + _sheets(path, with_values)
        if ending in (".parquet", ".feather", ".arrow"):
            return head + "\nParquet and Arrow files cannot be read on this device; a CSV or XLSX export can."
        if ending in (".png", ".jpg", ".jpeg", ".gif", ".webp", ".bmp", ".tif", ".tiff"):
            from PIL import Image

            with Image.open(path) as picture:
                return head + f"\nPicture: {picture.format}, {picture.width} × {picture.height} pixels, mode {picture.mode}"
    except ImportError as error:
        return head + f"\nIts kind cannot be read here: {error}."
    except MemoryError:
        raise
    except Exception as error:
        # Each reader fails in its own ways. What they say may quote the file: only the error's name is told.
        return head + f"\nIt could not be read as {ending[1:]}: {type(error).__name__}."
    return head + "\nNot a kind of data file that can be described."


class _Column:
    def __init__(self, name):
        self.name = " ".join(str(name).split())[:200]
        self.kinds = {}
        self.missing = 0
        self.examples = []
        self.low = self.high = None

    def add(self, value):
        if value is None or (isinstance(value, str) and value.strip() in ("", "NA", "N/A", "NaN", "nan", "null", "None")):
            self.missing += 1
            return
        kind, parsed = _kind(value)
        self.kinds[kind] = self.kinds.get(kind, 0) + 1
        if kind in ("integer", "number"):
            self.low = parsed if self.low is None else min(self.low, parsed)
            self.high = parsed if self.high is None else max(self.high, parsed)
        if len(self.examples) < _EXAMPLES and value not in self.examples:
            self.examples.append(value)

    def line(self, with_values):
        kinds = set(self.kinds)
        kind = "integer" if kinds == {"integer"} else "number" if kinds and kinds <= {"integer", "number"} else "/".join(sorted(kinds)) or "empty"
        text = f"- {self.name}: {kind}" + (f", {self.missing:,} missing" if self.missing else "")
        if with_values:
            if self.low is not None and kind in ("integer", "number"):
                text += f", from {self.low} to {self.high}"
            text += ", e.g. " + ", ".join(repr(str(value)[:40]) for value in self.examples) if self.examples else ""
        return text


def _kind(value):
    import datetime

    if isinstance(value, bool):
        return "boolean", value
    if isinstance(value, int):
        return "integer", value
    if isinstance(value, float):
        return "number", value
    if isinstance(value, (datetime.date, datetime.datetime)):
        return "date", value
    if isinstance(value, (list, tuple)):
        return "list", value
    if isinstance(value, dict):
        return "object", value
    text = str(value).strip()
    try:
        return "integer", int(text)
    except ValueError:
        pass
    try:
        return "number", float(text)
    except ValueError:
        pass
    if text.lower() in ("true", "false"):
        return "boolean", text
    try:
        datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))
        return "date", text
    except ValueError:
        return "text", text


def _lines(path):
    with open(path, encoding="utf-8-sig", errors="replace") as source:
        return f"Text, {sum(1 for _ in source):,} lines"


def _is_name(cell):
    """Whether it looks like the name of a column, and like nothing that stands below one."""
    text = cell.strip() if isinstance(cell, str) else ""
    return (
        (text[:1].isalpha() or text[:1] == "_")
        and len(text) <= _LONGEST_NAME
        and len(text.split()) <= _MOST_WORDS
        and text.isprintable()
        and "@" not in text
        and text.casefold() not in _NO_VALUE
        and _NUMBERED.search(text) is None
        and _kind(text)[0] == "text"
    )


def _is_missing(value):
    return value is None or (isinstance(value, str) and value.strip().casefold() in _NO_VALUE)


def _is_no_text(value):
    return _kind(value)[0] in ("integer", "number", "boolean", "date") or (isinstance(value, str) and _MEASURE.fullmatch(value.strip()) is not None)


def _is_header(first, below, with_values):
    """Whether the first row names the columns. Without values, only where the rows below show that it is not one of them."""
    named = first
    if first and _is_missing(first[0]) and [str(row[0]) for row in below if row] == [str(at) for at in range(len(below))]:
        # The row numbers that pandas writes have no name.
        named = first[1:]
    if not named or not all(_is_name(cell) for cell in named) or len({cell.strip().casefold() for cell in named}) < len(named):
        return False
    if with_values:
        return True
    is_other = False
    for at in range(len(first) - len(named), len(first)):
        values = [row[at] for row in below if at < len(row) and not _is_missing(row[at])]
        if first[at] in values:
            return False
        is_other = is_other or (bool(values) and all(_is_no_text(value) for value in values))
    return is_other


def _rows(rows, with_values):
    """The description of a table whose first row may hold names."""
    rows = iter(rows)
    first = list(next(rows, ()))
    below = list(itertools.islice(rows, _JUDGED_ROWS))
    while first and first[-1] in (None, "") and all(row[len(first) - 1 : len(first)] in ((), [], (None,), [None], [""]) for row in below):
        first.pop()
    if _is_header(first, [row for row in below if row], with_values):
        names = [f"column {at}" if _is_missing(cell) else cell for at, cell in enumerate(first, 1)]
        return _table(names, itertools.chain(below, rows), with_values)
    names = [f"column {at}" for at in range(1, len(first) + 1)]
    told = "" if not first else "\nNo names of columns: the first row is counted as data."
    return _table(names, itertools.chain([first] if first else [], below, rows), with_values) + told


def _table(names, rows, with_values):
    columns = [_Column(name) for name in names[:_MOST_COLUMNS]]
    count = 0
    for row in rows:
        count += 1
        if count > _MOST_ROWS:
            continue
        for column, value in zip(columns, row):
            column.add(value)
    lines = [f"{count:,} rows, {len(names):,} columns" + (f" (types from the first {_MOST_ROWS:,} rows)" if count > _MOST_ROWS else "")]
    lines += [column.line(with_values) for column in columns]
    if len(names) > _MOST_COLUMNS:
        lines.append(f"… and {len(names) - _MOST_COLUMNS:,} more columns")
    return "\n".join(lines)


def _delimited(path, ending, with_values):
    with open(path, newline="", encoding="utf-8-sig", errors="replace") as source:
        sample = source.read(65536)
        source.seek(0)
        if ending == ".tsv":
            delimiter = "\t"
        else:
            try:
                delimiter = csv.Sniffer().sniff(sample, ",;\t|").delimiter
            except csv.Error:
                if ending == ".txt":
                    return _lines(path)
                delimiter = ","
        separator = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}[delimiter]
        return f"Values separated by {separator}, " + _rows(csv.reader(source, delimiter=delimiter), with_values)


def _json(path, ending, with_values):
    with open(path, encoding="utf-8-sig") as source:
        content = [json.loads(line) for line in source if line.strip()] if ending in (".jsonl", ".ndjson") else json.load(source)
    if isinstance(content, list) and content and all(isinstance(row, dict) for row in content):
        keys = list(dict.fromkeys(key for row in content[:_MOST_ROWS] for key in row))
        shown = _shown_keys(keys, content, with_values)
        return "JSON list of objects, " + _table(shown, ([row.get(key) for key in keys] for row in content), with_values)
    if isinstance(content, dict):
        lines = [f"JSON object with {len(content):,} keys"]
        shown = _shown_keys(list(content), [content], with_values)
        for name, value in list(zip(shown, content.values()))[:_MOST_COLUMNS]:
            size = f" of {len(value):,}" if isinstance(value, (list, dict)) else ""
            lines.append(f"- {str(name)[:200]}: {_kind(value)[0] if value is not None else 'null'}{size}" + (f", {str(value)[:60]!r}" if with_values and not size else ""))
        return "\n".join(lines)
    return f"JSON {_kind(content)[0]}" + (f" of {len(content):,}" if isinstance(content, list) else "")


def _shown_keys(keys, objects, with_values):
    """The keys, each that may be data replaced by its number: `{"Alice": 52000}` is a table, not a record."""
    if with_values:
        return keys
    if len(keys) > _MOST_KEYS:
        shown = set()
    elif len(objects) > 1:
        shown = {key for key in keys if _is_name(key) and 2 * sum(key in row for row in objects) > len(objects)}
    else:
        kinds = {_kind(value)[0].replace("integer", "number") for value in objects[0].values() if value is not None}
        shown = set(keys) if len(kinds) > 1 and all(_IDENTIFIER.fullmatch(key) and _is_name(key) for key in keys) else set()
    return [key if key in shown else f"key {at}" for at, key in enumerate(keys, 1)]


def _sheets(path, with_values):
    import openpyxl

    book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    parts = []
    for number, sheet in enumerate(book.worksheets, 1):
        title = sheet.title if with_values or _is_name(sheet.title) else str(number)
        rows = sheet.iter_rows(values_only=True)
        parts.append(f"Sheet {title}: " + _rows(rows, with_values))
    book.close()
    return "\n".join(parts)
