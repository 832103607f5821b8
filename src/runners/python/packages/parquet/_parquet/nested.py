"""Rows of structures, lists and maps put together from their leaves (Dremel; https://parquet.apache.org/docs/file-format/nestedencoding/)."""

import numpy
import pandas

from . import values

_OPTIONAL, _REPEATED = 1, 2
_MAP, _MAP_KEY_VALUE, _LIST = 1, 2, 3
_MOST_NESTED = 32


class _Cursor:
    """Where the rows are in one leaf: its levels, and its values that are there."""

    def __init__(self, leaf, file):
        raw, defined, repeated = file.read(leaf)
        self.values = pandas.Series(values.meaning(leaf, raw)).tolist()
        places = len(raw) if defined is None else len(defined)
        self.defined = [leaf.most_defined] * places if defined is None else defined.tolist()
        self.repeated = [0] * places if repeated is None else repeated.tolist()
        self.most_defined = leaf.most_defined
        self.at = self.taken = 0

    def level(self):
        return self.defined[self.at]

    def goes_on(self, depth):
        """Whether what comes next is another item of the list of this depth."""
        return self.at < len(self.repeated) and self.repeated[self.at] == depth

    def skip(self):
        self.at += 1

    def take(self):
        is_there = self.defined[self.at] == self.most_defined
        self.at += 1
        self.taken += is_there
        return self.values[self.taken - 1] if is_there else None


class _Node:
    """An element of the schema with what is below it; `defined` and `repeated` are the levels at which it is there."""

    def __init__(self, file, at, defined, repeated, cursors, depth=0):
        if depth > _MOST_NESTED:
            raise ValueError("the Parquet file is nested too deeply")
        element = file.schema[at]
        self.name, self.repetition = element[4].decode(), element.get(3, 0)
        self.defined = defined + (self.repetition in (_OPTIONAL, _REPEATED))
        self.repeated = repeated + (self.repetition == _REPEATED)
        self.kind, logical = element.get(6), element.get(10, {})
        self.is_list = self.kind == _LIST or 3 in logical
        self.is_map = self.kind in (_MAP, _MAP_KEY_VALUE) or 2 in logical
        self.children, self.after = [], at + 1
        for _ in range(element.get(5, 0)):
            child = _Node(file, self.after, self.defined, self.repeated, cursors, depth + 1)
            self.children.append(child)
            self.after = child.after
        self.cursors = [one for child in self.children for one in child.cursors] if self.children else [next(cursors)]

    def read(self):
        """What the next row, or the next item, has here."""
        first = self.cursors[0]
        if self.repetition == _REPEATED:
            if first.level() < self.defined:
                return self._absent([])
            found = [self._content()]
            while first.goes_on(self.repeated):
                found.append(self._content())
            return found
        if self.repetition == _OPTIONAL and first.level() < self.defined:
            return self._absent(None)
        return self._content()

    def _absent(self, what):
        for cursor in self.cursors:
            cursor.skip()
        return what

    def _content(self):
        if not self.children:
            return self.cursors[0].take()
        only = self.children[0]
        if len(self.children) == 1 and only.repetition == _REPEATED and (self.is_list or self.is_map):
            items = only.read()
            if self.is_map:
                return [tuple(item.values()) for item in items]
            # Between a list and what is in it stands a group, except where an old program left it out.
            is_group = len(only.children) == 1 and only.name != "array" and only.name != f"{self.name}_tuple"
            return _array([next(iter(item.values())) for item in items] if is_group else items)
        return {child.name: _array(child.read()) if child.repetition == _REPEATED else child.read() for child in self.children}


def _array(items):
    if items and all(type(item) in (int, float) for item in items) and len({type(item) for item in items}) == 1:
        return numpy.array(items)
    out = numpy.empty(len(items), dtype=object)
    for at, item in enumerate(items):
        out[at] = item
    return out


def rows_of(file, at, leaves):
    """A series of the rows of the column whose element is `at`: dicts, arrays, lists of pairs, None for what is not there."""
    cursors = iter([_Cursor(leaf, file) for leaf in leaves])
    root = _Node(file, at, 0, 0, cursors)
    out = numpy.empty(file.rows, dtype=object)
    for row in range(file.rows):
        found = root.read()
        out[row] = _array(found) if root.repetition == _REPEATED else found
    return pandas.Series(out, dtype=object)
