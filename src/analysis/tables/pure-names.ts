const set = (text: string): ReadonlySet<string> => new Set(text.split(' '));

/** Python built-ins that read nothing from outside. Not `hash`, `id`, `input`, `open`, `vars`, `set` (its order changes). */
export const PYTHON_PURE = set(
  'abs all any ascii bin bool bytearray bytes callable chr complex dict divmod enumerate filter float format getattr hasattr int isinstance issubclass iter len list map max memoryview min next object oct ord pow print property range repr reversed round setattr slice sorted staticmethod classmethod str sum super tuple type zip True False None NotImplemented Ellipsis __name__ __debug__ Exception BaseException ValueError TypeError KeyError IndexError AttributeError ZeroDivisionError RuntimeError StopIteration StopAsyncIteration ArithmeticError AssertionError LookupError NameError NotImplementedError OverflowError RecursionError GeneratorExit UnicodeError UnicodeDecodeError UnicodeEncodeError ImportError ModuleNotFoundError FloatingPointError Warning UserWarning DeprecationWarning int.from_bytes',
);

/** Modules whose functions give the same for the same arguments; `IMPURE_MEMBERS` are their exceptions. */
export const PYTHON_PURE_MODULES = set(
  '__future__ abc array ast base64 bisect binascii calendar cmath collections colorsys contextlib copy csv dataclasses datetime decimal difflib enum fractions functools hashlib heapq hmac html io itertools json keyword math numbers numpy operator os.path pandas pickle pprint re statistics string struct sympy textwrap types typing typing_extensions unicodedata urllib.parse zlib mpmath',
);

/** Last parts of names that read or change something outside, whatever they belong to. */
export const PYTHON_IMPURE_MEMBERS = set(
  'now today utcnow time fromtimestamp random rand randn randint shuffle permutation choice seed default_rng Generator RandomState sample localtime ctime load loads_from fromfile loadtxt genfromtxt memmap save savez savetxt savez_compressed tofile open open_code read_csv read_excel read_json read_parquet read_pickle read_html read_sql read_clipboard read_table read_fwf read_feather read_xml to_csv to_excel to_json to_parquet to_pickle to_sql to_clipboard to_hdf to_feather to_html to_latex to_markdown plot hist boxplot exists isfile isdir getsize getmtime getctime getatime realpath abspath expanduser expandvars samefile islink lexists dump Timestamp date_range getenv environ urandom show_versions test info urlopen FileIO datetime64 to_datetime fromregex DataSource Unpickler load_module',
);
/** Members of the list above that are harmless for these modules. */
export const PYTHON_PURE_ANYWAY = set('datetime.time math.perm pandas.Timestamp()');
/** Loading an object may run what made it. A module handed on whole may be used for anything. */
export const PYTHON_IMPURE = set('pickle.loads pickle.load os io operator.attrgetter operator.methodcaller');

export const SCRIPT_PURE = set(
  'undefined NaN Infinity Object Array String Number Boolean Symbol BigInt Math JSON Map Set WeakMap WeakSet Error TypeError RangeError SyntaxError ReferenceError EvalError URIError AggregateError RegExp parseInt parseFloat isNaN isFinite encodeURIComponent decodeURIComponent encodeURI decodeURI escape unescape Int8Array Uint8Array Uint8ClampedArray Int16Array Uint16Array Int32Array Uint32Array Float32Array Float64Array BigInt64Array BigUint64Array ArrayBuffer DataView Proxy Reflect Iterator console structuredClone globalThis arguments',
);
/** Parts of names that read or change something outside, whatever they belong to: `this.Date` is the clock as well. */
export const SCRIPT_IMPURE_PARTS = set(
  'random Date performance crypto fetch process require Intl constructor stack toLocaleString toLocaleDateString toLocaleTimeString localeCompare time timeEnd timeLog trace profile memory globalThis import.meta setTimeout setInterval caller callee Math[] fromAsync',
);
/** Objects of which one member is not pure; handed on whole they may be used for it. */
export const SCRIPT_IMPURE_WHOLE = set('Math globalThis console');

export const LUA_PURE = set(
  'print tostring tonumber type ipairs select unpack error assert pcall xpcall setmetatable getmetatable rawget rawset rawequal rawlen string table math utf8 coroutine io _VERSION self',
);
/** Numbers by chance, the person's input, files; and what may be used for them when it is handed on whole. */
export const LUA_IMPURE = set('math.random math.randomseed math[] math io');
/** All that `io` may be used for. */
export const LUA_PURE_IO = set('io.write io.stdout io.stdout.write io.stderr.write io.stdout.flush io.flush');
