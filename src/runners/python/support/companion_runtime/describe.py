"""A data file in words: names, columns, types and counts; values only where they are asked for."""

import csv
import json
import os

_MOST_ROWS = 200_000
_MOST_COLUMNS = 200
_EXAMPLES = 3


def describe_file(path, with_values=False):
    """Text about the file at `path`. Without `with_values` no cell of it appears."""
    name = os.path.basename(path)
    size = os.path.getsize(path)
    ending = os.path.splitext(name)[1].lower()
    head = f"{name} ({size:,} bytes)"
    try:
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
    except (UnicodeDecodeError, ValueError, csv.Error) as error:
        return head + f"\nIt could not be read as {ending[1:]}: {type(error).__name__}."
    return head + "\nNot a kind of data file that can be described."


class _Column:
    def __init__(self, name):
        self.name = str(name)[:200]
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
                    count = sum(1 for _ in source)
                    return f"Text, {count:,} lines"
                delimiter = ","
        reader = csv.reader(source, delimiter=delimiter)
        names = next(reader, [])
        separator = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}.get(delimiter, delimiter)
        return f"Values separated by {separator}, " + _table(names, reader, with_values)


def _json(path, ending, with_values):
    with open(path, encoding="utf-8-sig") as source:
        content = [json.loads(line) for line in source if line.strip()] if ending in (".jsonl", ".ndjson") else json.load(source)
    if isinstance(content, list) and content and all(isinstance(row, dict) for row in content):
        names = list(dict.fromkeys(key for row in content[:_MOST_ROWS] for key in row))
        return "JSON list of objects, " + _table(names, ([row.get(name) for name in names] for row in content), with_values)
    if isinstance(content, dict):
        lines = [f"JSON object with {len(content):,} keys"]
        for key, value in list(content.items())[:_MOST_COLUMNS]:
            size = f" of {len(value):,}" if isinstance(value, (list, dict)) else ""
            lines.append(f"- {str(key)[:200]}: {_kind(value)[0] if value is not None else 'null'}{size}" + (f", {str(value)[:60]!r}" if with_values and not size else ""))
        return "\n".join(lines)
    return f"JSON {_kind(content)[0]}" + (f" of {len(content):,}" if isinstance(content, list) else "")


def _sheets(path, with_values):
    import openpyxl

    book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    parts = []
    for sheet in book.worksheets:
        rows = sheet.iter_rows(values_only=True)
        names = ["" if name is None else name for name in next(rows, ())]
        parts.append(f"Sheet {sheet.title}: " + _table(names, rows, with_values))
    book.close()
    return "\n".join(parts)
