import { sha256 } from '../digest.ts';
import { VendorError } from '../fatal.ts';
import { editModule, signed, type Site } from './wasm-edit.ts';
import { wideEntries, type EntryPoint, type ModuleFacts } from './widen.ts';

/** The compiled module that decides types, in numpy's tree. */
export const NUMPY_MODULE = 'numpy/_core/_multiarray_umath.cpython-313-wasm32-emscripten.so';

/** SHA-256 of the module as it is published in numpy 2.2.5 for Pyodide 0.29, and as `withWideIntegers` makes it. */
export const PUBLISHED = 'a7675607a833c70881f37f650c8de4ce4b0249e088972eb5a3a3f73f99693b4c';
export const WIDENED = 'd3c7d25a7eb5b8b0bf62ed1578429ecfe9a6af2d4616af7774e45c0e8ecfa500';

const [NPY_LONG, NPY_ULONG, NPY_LONGLONG, NPY_ULONGLONG] = [7, 8, 9, 10] as const;
const I32_CONST = 0x41;
const I64_CONST = 0x42;
const LOCAL_GET = 0x20;
const GLOBAL_GET = 0x23;

/** `i32.const NPY_LONG`, the argument of a type number, becomes NPY_LONGLONG. */
const long = (at: number, why: string): Site => ({
  at,
  was: [I32_CONST, NPY_LONG],
  becomes: [I32_CONST, NPY_LONGLONG],
  why,
});
const unsignedLong = (at: number, why: string): Site => ({
  at,
  was: [I32_CONST, NPY_ULONG],
  becomes: [I32_CONST, NPY_ULONGLONG],
  why,
});
/** NPY_ARRAY_SAME_KIND_CASTING: an argument of int64 is taken for indices, as on 64-bit Linux, and one of floats is not. */
const SAME_KIND = 0x4000000;
const sameKind = (at: number, flags: number, why: string): Site => ({
  at,
  was: [I32_CONST, ...signed(flags)],
  becomes: [I32_CONST, ...signed(flags + SAME_KIND)],
  why,
});

/**
 * Where numpy chooses an integer type for a person. C's long and indices (npy_intp) have 32 bits on wasm32, and numpy 2's
 * default integer is that of indices (numpy/_core/include/numpy/ndarraytypes.h: NPY_DEFAULT_INT). Sites that allocate or read indices stay.
 */
const SITES: readonly Site[] = [
  long(728_453, 'discover_descriptor_from_pylong: a list of small integers'),
  long(728_480, 'int_default_descriptor'),
  { at: 728_522, was: [GLOBAL_GET, 0x93, 1], becomes: [GLOBAL_GET, 0xb6, 1], why: 'int_common_dtype: bool and int' },
  { at: 728_712, was: [GLOBAL_GET, 0x93, 1], becomes: [GLOBAL_GET, 0xb6, 1], why: 'int_common_dtype: types of others' },
  long(861_742, 'PyArray_ArangeObj'),
  long(909_705, '_convert_from_type: dtype=int'),
  { at: 1_150_673, was: [LOCAL_GET, 5], becomes: [LOCAL_GET, 11], why: 'PyArray_DefaultIntDType' },
  { at: 1_167_024, was: [I32_CONST, NPY_LONG], becomes: [I32_CONST, NPY_LONGLONG], why: "the letter 'l'" },
  { at: 1_167_105, was: [I64_CONST, 0x88], becomes: [I64_CONST, 0x8a], why: "the letter 'L'" },
  long(1_170_431, "the name 'long'"),
  unsignedLong(1_170_629, "the name 'ulong'"),
  long(1_171_157, "the name 'intp', and so 'int_'"),
  unsignedLong(1_171_223, "the name 'uintp', and so 'uint'"),
  long(1_240_638, 'zero_pyint_like_arr'),
  {
    at: 1_241_463,
    was: [GLOBAL_GET, 0xb6, 1],
    becomes: [GLOBAL_GET, 0x93, 1],
    why: 'loops of StringDType write indices',
  },
  long(1_337_995, 'numpy.integer as a type'),
  unsignedLong(1_338_039, 'numpy.unsignedinteger as a type'),
  long(1_352_378, 'PyArray_CanCastArrayTo: a Python integer'),
  long(1_778_721, 'reducelike_promote_and_resolve: bool and int8'),
  {
    at: 1_778_737,
    was: [I32_CONST, 3],
    becomes: [I32_CONST, 7],
    why: 'reducelike_promote_and_resolve: what is narrow',
  },
  sameKind(785_623, 0x2501, 'argmax and argmin into an array'),
  sameKind(1_003_266, 0x501, 'PyArray_PutTo'),
  sameKind(1_010_332, 0x501, 'PyArray_Repeat'),
  sameKind(1_014_049, 0, 'PyArray_Choose'),
  sameKind(1_026_942, 0x300, 'PyArray_SearchSorted: sorter'),
  sameKind(1_760_246, 0x501, 'reduceat'),
  ...[NPY_ULONG, NPY_LONG, NPY_ULONG, NPY_LONG, NPY_ULONG, NPY_LONG, NPY_ULONG].map(
    (number, place): Site => ({
      at: 2_484_639 + 4 * place,
      was: [number, 0, 0, 0],
      becomes: [number + 2, 0, 0, 0],
      why: 'reducelike_promote_and_resolve: uint8 to unsigned long, in order of their numbers',
    }),
  ),
];

const FACTS: ModuleFacts = {
  functions: 5203,
  types: { 1: 3, 2: 1, 3: 4, 4: 5 },
  memoryBase: 1,
  call: { dealloc: 9, isSubtype: 0, descrFromType: 495, fromAny: 3033, toScalar: 3746 },
  data: { arrayType: 396_276, longScalarType: 382_180 },
};

/** Functions and methods that give indices to Python; found by their names in the method tables. */
const GIVES_INDICES: readonly EntryPoint[] = [
  { name: 'ndarray.argmax', place: 3356, index: 3464, parameters: 4 },
  { name: 'ndarray.argmin', place: 3357, index: 3465, parameters: 4 },
  { name: 'ndarray.argpartition', place: 3358, index: 3466, parameters: 4 },
  { name: 'ndarray.argsort', place: 3359, index: 3467, parameters: 4 },
  { name: 'ndarray.nonzero', place: 3378, index: 3487, parameters: 2 },
  { name: 'ndarray.searchsorted', place: 3387, index: 3496, parameters: 4 },
  { name: 'where', place: 3703, index: 3555, parameters: 3, arguments: 1 },
  { name: 'lexsort', place: 3704, index: 3556, parameters: 4 },
  { name: 'bincount', place: 3734, index: 2902, parameters: 4 },
  { name: 'ravel_multi_index', place: 3738, index: 2908, parameters: 3 },
  { name: 'unravel_index', place: 3739, index: 2910, parameters: 3 },
];

/** The module with default integers of 64 bits. Throws VendorError where it is not the one that the sites were found in. */
export function withWideIntegers(module: Uint8Array): Uint8Array {
  if (sha256(module) !== PUBLISHED) {
    throw new VendorError(`${NUMPY_MODULE} is another build: its sites are to be found anew (tools/vendor/integers).`);
  }
  const widened = editModule(module, { sites: SITES, ...wideEntries(FACTS, GIVES_INDICES) });
  if (sha256(widened) !== WIDENED) throw new VendorError(`${NUMPY_MODULE} was made otherwise than before.`);
  return widened;
}
