/** A text of a package's Python that is exchanged where it stands, once. */
export interface PythonEdit {
  readonly file: string;
  readonly was: string;
  readonly becomes: string;
}

/** numpy 2.2.5: who takes the letters and names that have 64 bits now for C's long, and what gives lengths and places. */
export const NUMPY_EDITS: readonly PythonEdit[] = [
  {
    file: 'numpy/_core/_internal.py',
    was: "    'l': 'l',\n    'L': 'L',\n",
    becomes: "    'l': 'i',\n    'L': 'I',\n",
  },
  {
    file: 'numpy/_core/_dtype_ctypes.py',
    was: `    if getattr(t, '__ctype_be__', None) is t:
        return np.dtype('>' + t._type_)
    elif getattr(t, '__ctype_le__', None) is t:
        return np.dtype('<' + t._type_)
    else:
        return np.dtype(t._type_)
`,
    becomes: `    letter = {'l': 'i', 'L': 'I'}.get(t._type_, t._type_)
    if getattr(t, '__ctype_be__', None) is t:
        return np.dtype('>' + letter)
    elif getattr(t, '__ctype_le__', None) is t:
        return np.dtype('<' + letter)
    else:
        return np.dtype(letter)
`,
  },
  {
    file: 'numpy/_core/strings.py',
    was: '\nMAX = np.iinfo(np.int64).max\n',
    becomes: `
MAX = np.iinfo(np.int64).max

_narrow_str_len, _narrow_find, _narrow_rfind, _narrow_index, _narrow_rindex, _narrow_count = (
    str_len, _find_ufunc, _rfind_ufunc, _index_ufunc, _rindex_ufunc, _count_ufunc)


def str_len(x):
    return _narrow_str_len(x).astype(np.int64)


def _find_ufunc(*args):
    return _narrow_find(*args).astype(np.int64)


def _rfind_ufunc(*args):
    return _narrow_rfind(*args).astype(np.int64)


def _index_ufunc(*args):
    return _narrow_index(*args).astype(np.int64)


def _rindex_ufunc(*args):
    return _narrow_rindex(*args).astype(np.int64)


def _count_ufunc(*args):
    return _narrow_count(*args).astype(np.int64)
`,
  },
  {
    // Numbers of bins, which index two arrays: as C has them they need no conversion, a tenth of a histogram's time.
    file: 'numpy/lib/_histograms_impl.py',
    was: 'indices = f_indices.astype(np.intp)\n',
    becomes: 'indices = f_indices.astype(np.int32)\n',
  },
  {
    file: 'numpy/random/__init__.py',
    was: 'from .mtrand import *\n',
    becomes: 'from . import _wide\nfrom .mtrand import *\n',
  },
];

/** pandas asks its own indexes for places by other names, which give C's indices; the names for a person are added below. */
export const PANDAS_NAMES = [
  [/(?<!_engine)\.(get_indexer(?:_for|_non_unique)?)\(/g, '._c_$1('],
  [/^ {4}def (get_indexer(?:_for|_non_unique)?)\((?=\s*self\b)/gm, '    def _c_$1('],
] as const;

/** pandas 2.3.3: what it gives to a person as indices. */
export const PANDAS_EDITS: readonly PythonEdit[] = [
  {
    file: 'pandas/core/frame.py',
    was: '            index=self.columns,\n            dtype=np.intp,\n',
    becomes: '            index=self.columns,\n            dtype=np.int64,\n',
  },
  {
    file: 'pandas/core/series.py',
    was: 'result, index=self.index, name=self.name, dtype=np.intp, copy=False',
    becomes: 'result, index=self.index, name=self.name, dtype=np.int64, copy=False',
  },
  {
    file: 'pandas/core/base.py',
    was: '                uniques = Index(uniques)\n        return codes, uniques\n',
    becomes: '                uniques = Index(uniques)\n        return codes.astype(np.int64, copy=False), uniques\n',
  },
  {
    file: 'pandas/core/internals/managers.py',
    was: `            self._blklocs = np.append(self._blklocs, 0)
            self._blknos = np.append(self._blknos, len(self.blocks))
`,
    becomes: `            self._blklocs = np.append(self._blklocs, np.intp(0))
            self._blknos = np.append(self._blknos, np.intp(len(self.blocks)))
`,
  },
  {
    file: 'pandas/core/internals/managers.py',
    was: `            self._blklocs = np.append(self._blklocs[::-1], 0)[::-1]
            self._blknos = np.append(self._blknos[::-1], len(self.blocks))[::-1]
`,
    becomes: `            self._blklocs = np.append(self._blklocs[::-1], np.intp(0))[::-1]
            self._blknos = np.append(self._blknos[::-1], np.intp(len(self.blocks)))[::-1]
`,
  },
  {
    file: 'pandas/core/indexes/base.py',
    was: '        return self._data.argsort(*args, **kwargs).astype(np.intp, copy=False)\n',
    becomes: '        return self._data.argsort(*args, **kwargs).astype(np.int64, copy=False)\n',
  },
  {
    file: 'pandas/core/reshape/tile.py',
    was: '        result = ids - 1\n',
    becomes: '        result = (ids - 1).astype(np.int64, copy=False)\n',
  },
  {
    file: 'pandas/core/groupby/groupby.py',
    was: '        return self._grouper.indices\n',
    becomes: `        return {
            name: places.astype(np.int64, copy=False) if isinstance(places, np.ndarray) else places
            for name, places in self._grouper.indices.items()
        }
`,
  },
  {
    file: 'pandas/core/groupby/ops.py',
    was: '            out_dtype = "intp"\n',
    becomes: '            out_dtype = "int32"\n',
  },
  {
    file: 'pandas/core/api.py',
    was: '    factorize,\n    unique,\n    value_counts,\n)\n',
    becomes: `    unique,
    value_counts,
)
from pandas.core.algorithms import factorize as _factorize


def factorize(values, sort=False, use_na_sentinel=True, size_hint=None):
    codes, uniques = _factorize(values, sort, use_na_sentinel, size_hint)
    return codes.astype("int64", copy=False), uniques


factorize.__doc__ = _factorize.__doc__
factorize.__module__ = "pandas"
`,
  },
  {
    file: 'pandas/core/algorithms.py',
    was: '        return values.factorize(sort=sort, use_na_sentinel=use_na_sentinel)\n',
    becomes: `        codes, uniques = values.factorize(sort=sort, use_na_sentinel=use_na_sentinel)
        return codes.astype(np.intp, copy=False), uniques
`,
  },
  {
    file: 'pandas/core/indexes/base.py',
    was: '            return sorted_index, _as\n',
    becomes: '            return sorted_index, _as.astype(np.int64, copy=False)\n',
  },
  {
    file: 'pandas/core/indexes/multi.py',
    was: '        return lexsort_indexer(keys, na_position=na_position, codes_given=True)\n\n    @Appender',
    becomes: `        order = lexsort_indexer(keys, na_position=na_position, codes_given=True)
        return order.astype(np.int64, copy=False)

    @Appender`,
  },
  {
    file: 'pandas/core/indexes/range.py',
    was: `            result = np.arange(len(self), dtype=np.intp)
        else:
            result = np.arange(len(self) - 1, -1, -1, dtype=np.intp)
`,
    becomes: `            result = np.arange(len(self), dtype=np.int64)
        else:
            result = np.arange(len(self) - 1, -1, -1, dtype=np.int64)
`,
  },
  {
    file: 'pandas/core/indexes/range.py',
    was: '        codes = np.arange(len(self), dtype=np.intp)\n        uniques = self\n',
    becomes: '        codes = np.arange(len(self), dtype=np.int64)\n        uniques = self\n',
  },
  {
    file: 'pandas/core/indexes/multi.py',
    was: '        return self._reorder_indexer(seq, pos_indexer)\n',
    becomes: '        return self._reorder_indexer(seq, pos_indexer).astype(np.int64, copy=False)\n',
  },
  {
    file: 'pandas/core/indexes/base.py',
    was: '    @final\n    def _should_partial_index(',
    becomes: `    def get_indexer(self, target, method=None, limit=None, tolerance=None):
        return self._c_get_indexer(target, method, limit, tolerance).astype(np.int64, copy=False)

    def get_indexer_for(self, target):
        return self._c_get_indexer_for(target).astype(np.int64, copy=False)

    def get_indexer_non_unique(self, target):
        indexer, missing = self._c_get_indexer_non_unique(target)
        return indexer.astype(np.int64, copy=False), missing.astype(np.int64, copy=False)

    @final
    def _should_partial_index(`,
  },
];
