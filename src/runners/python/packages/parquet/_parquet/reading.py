"""Columns out of the bytes of a Parquet file."""

import numpy

from . import codecs, encodings
from .thrift import Reader

MAGIC = b"PAR1"
_OPTIONAL, _REPEATED = 1, 2
_LIST = 3
_DATA_PAGE, _, _DICTIONARY_PAGE, _DATA_PAGE_2 = range(4)


class Leaf:
    """A column of values: its place in the schema, and how far it may be absent (`most_defined`) or repeated (`most_repeated`)."""

    def __init__(self, path, element, most_defined, most_repeated, defined_in_list):
        self.path, self.element = path, element
        self.most_defined, self.most_repeated = most_defined, most_repeated
        #: The definition level from which on a list has an item at this place; None outside of lists.
        self.defined_in_list = defined_in_list

    @property
    def kind(self):
        return self.element[1]


class File:
    """A Parquet file in memory. Raises ValueError for what is none or damaged."""

    def __init__(self, data):
        self.data = memoryview(data)
        if len(data) < 12 or bytes(self.data[:4]) != MAGIC or bytes(self.data[-4:]) != MAGIC:
            raise ValueError("this is not a Parquet file, or it is encrypted")
        size = int.from_bytes(self.data[-8:-4], "little")
        if size > len(data) - 12:
            raise ValueError("the Parquet file ends too early")
        self.facts = Reader(self.data[len(data) - 8 - size : -8]).structure()
        self.rows = self.facts.get(3, 0)
        self.notes = {item[1].decode(): item.get(2, b"").decode("utf-8", "replace") for item in self.facts.get(5, [])}
        self.schema = self.facts[2]
        self.leaves, _ = self._leaves(0, [], 0, 0, None)

    def fields(self):
        """[name, index of its element, its leaves] of each column as a table has it."""
        found, at = [], 1
        for _ in range(self.schema[0].get(5, 0)):
            name = self.schema[at][4].decode()
            found.append((name, at, [leaf for leaf in self.leaves if leaf.path[0] == name]))
            at = self._after(at)
        return found

    def is_plain(self, at):
        """Whether the column whose element is `at` holds plain values, or a list of them in each row."""
        children = self.schema[at].get(5, 0)
        if not children:
            return True
        inner = self.schema[at + 1]
        is_list = self.schema[at].get(6) == _LIST or 3 in self.schema[at].get(10, {})
        return is_list and children == 1 and inner.get(3, 0) == _REPEATED and inner.get(5, 0) == 1 and not self.schema[at + 2].get(5) and self.schema[at + 2].get(3, 0) != _REPEATED

    def _after(self, at):
        children = self.schema[at].get(5, 0)
        at += 1
        for _ in range(children):
            at = self._after(at)
        return at

    def _leaves(self, at, path, defined, repeated, in_list):
        element = self.schema[at]
        if at > 0:
            path = [*path, element[4].decode()]
            if element.get(3, 0) == _REPEATED:
                in_list = defined + 1
            defined += element.get(3, 0) in (_OPTIONAL, _REPEATED)
            repeated += element.get(3, 0) == _REPEATED
        if not element.get(5):
            return [Leaf(path, element, defined, repeated, in_list)], at + 1
        found, at = [], at + 1
        for _ in range(element[5]):
            inner, at = self._leaves(at, path, defined, repeated, in_list)
            found += inner
        return found, at

    def read(self, leaf):
        """(values that are there, definition levels, repetition levels) of a leaf; levels are None where all are alike."""
        values = [encodings.plain(leaf.kind, b"", 0, leaf.element.get(2, 0))]
        defined, repeated = [], []
        for chunk in self._chunks(leaf):
            for part in self._pages(leaf, chunk):
                values.append(part[0])
                defined.append(part[1])
                repeated.append(part[2])
        none = numpy.empty(0, dtype=numpy.int64)
        return (
            numpy.concatenate(values),
            numpy.concatenate([none, *defined]) if leaf.most_defined else None,
            numpy.concatenate([none, *repeated]) if leaf.most_repeated else None,
        )

    def words(self, leaf):
        """The values that a leaf's pages refer to by number, of all its parts, in their order; empty where they do not."""
        found = [encodings.plain(leaf.kind, b"", 0, leaf.element.get(2, 0))]
        for chunk in self._chunks(leaf):
            if not chunk[5]:
                continue
            reader = Reader(self.data, _start_of(chunk))
            head = reader.structure()
            if head[1] == _DICTIONARY_PAGE:
                found.append(self._dictionary(leaf, chunk, head, self.data[reader.at : reader.at + head[3]]))
        return numpy.concatenate(found)

    def _chunks(self, leaf):
        path = [part.encode() for part in leaf.path]
        for group in self.facts.get(4, []):
            chunk = next((column[3] for column in group[1] if column[3][3] == path), None)
            if chunk is None:
                raise ValueError(f"the Parquet file lacks a part of column {'.'.join(leaf.path)}")
            yield chunk

    @staticmethod
    def _dictionary(leaf, chunk, head, body):
        data = codecs.inflate(chunk[4], bytes(body), head[2])
        return encodings.plain(leaf.kind, data, head[7][1], leaf.element.get(2, 0))

    def _pages(self, leaf, chunk):
        left, at, words = chunk[5], _start_of(chunk), None
        while left > 0:
            reader = Reader(self.data, at)
            head = reader.structure()
            body = self.data[reader.at : reader.at + head[3]]
            if len(body) != head[3]:
                raise ValueError("the Parquet file ends too early")
            at = reader.at + head[3]
            if head[1] == _DICTIONARY_PAGE:
                words = self._dictionary(leaf, chunk, head, body)
            elif head[1] in (_DATA_PAGE, _DATA_PAGE_2):
                many = head[5 if head[1] == _DATA_PAGE else 8][1]
                if many <= 0:
                    continue
                left -= many
                yield (_page if head[1] == _DATA_PAGE else _page_2)(leaf, chunk[4], head, bytes(body), words)


def _start_of(chunk):
    start, words = chunk[9], chunk.get(11, 0)
    return words if 0 < words < start else start


def _width(most):
    return int(most).bit_length()


def _page(leaf, codec, head, body, words):
    data, facts = codecs.inflate(codec, body, head[2]), head[5]
    at, levels = 0, {}
    for name, most, encoding in (("repeated", leaf.most_repeated, facts.get(4)), ("defined", leaf.most_defined, facts.get(3))):
        if not most:
            continue
        if encoding != encodings.RLE:
            raise NotImplementedError("this Parquet file tells its gaps in a way of before 2013, which is not read here")
        size = int.from_bytes(data[at : at + 4], "little")
        levels[name] = encodings.hybrid(data[at + 4 : at + 4 + size], _width(most), facts[1])
        at += 4 + size
    return _of_page(leaf, levels, data[at:], facts[1], facts[2], words)


def _page_2(leaf, codec, head, body, words):
    facts, levels, at = head[8], {}, 0
    for name, most, size in (("repeated", leaf.most_repeated, facts[6]), ("defined", leaf.most_defined, facts[5])):
        if most:
            levels[name] = encodings.hybrid(body[at : at + size], _width(most), facts[1])
        at += size
    data = body[at:]
    if facts.get(7, True):
        data = codecs.inflate(codec, data, head[2] - at) if head[2] > at else b""
    return _of_page(leaf, levels, data, facts[1], facts[4], words)


def _of_page(leaf, levels, data, count, encoding, words):
    defined = levels.get("defined")
    present = count if defined is None else int((defined == leaf.most_defined).sum())
    return _values(leaf, data, present, encoding, words), defined, levels.get("repeated")


def _values(leaf, data, count, encoding, words):
    kind, length = leaf.kind, leaf.element.get(2, 0)
    if encoding == encodings.PLAIN:
        return encodings.plain(kind, data, count, length)
    if encoding in (encodings.PLAIN_DICTIONARY, encodings.RLE_DICTIONARY):
        places = encodings.hybrid(data[1:], data[0], count) if count else numpy.empty(0, dtype=numpy.int64)
        if words is None or (count and places.max() >= len(words)):
            raise ValueError("a page of the Parquet file is damaged")
        return words[places]
    if encoding == encodings.RLE and kind == encodings.BOOLEAN:
        return encodings.hybrid(data[4:], 1, count).astype(bool)
    if encoding == encodings.DELTA:
        return encodings.deltas(data)[0].astype("<i4" if kind == encodings.INT32 else "<i8")
    if encoding == encodings.DELTA_LENGTH:
        return encodings.lengths_first(data, count)
    if encoding == encodings.DELTA_BYTES:
        return encodings.shared_starts(data, count)
    if encoding == encodings.SPLIT:
        return encodings.split(kind, data, count, length)
    raise NotImplementedError(f"this Parquet file is written in encoding {encoding}, which is not read here")
