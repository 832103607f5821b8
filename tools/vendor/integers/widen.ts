import { signed, unsigned, type AddedFunction } from './wasm-edit.ts';

/** What the code below calls and reads in the module, by index and address. */
export interface ModuleFacts {
  /** Functions that the module has and imports; added ones are numbered from here. */
  readonly functions: number;
  /** Types by count of parameters: so many numbers of 32 bits give one. */
  readonly types: Readonly<Record<1 | 2 | 3 | 4, number>>;
  /** Index of the global `__memory_base`. */
  readonly memoryBase: number;
  readonly call: Readonly<Record<'dealloc' | 'isSubtype' | 'descrFromType' | 'fromAny' | 'toScalar', number>>;
  /** Addresses of type objects in the module's own data. */
  readonly data: Readonly<Record<'arrayType' | 'longScalarType', number>>;
}

/** A function that Python calls: where the table has it, its index, and how many parameters it has. */
export interface EntryPoint {
  readonly name: string;
  readonly place: number;
  readonly index: number;
  readonly parameters: 2 | 3 | 4;
  /** Only calls of exactly so many arguments are widened; METH_FASTCALL has the count as its third parameter. */
  readonly arguments?: number;
}

/** Layouts of CPython 3.13 and numpy 2 on wasm32: bytes from the start of the object. */
const AT = { refcount: 0, type: 4, size: 8, tupleItems: 12, highTypeFlags: 87, descr: 28, typeNumber: 16 } as const;
/** Py_TPFLAGS_TUPLE_SUBCLASS, 1 << 26, in the highest byte of tp_flags. */
const TUPLE_FLAG = 4;
/** Reference count of an object that is never freed: UINT_MAX >> 2 (Include/internal/pycore_object.h of 3.13, 32 bits). */
const IMMORTAL = 0x3fffffff;
const NPY_LONG = 7;
const NPY_LONGLONG = 9;
const NPY_ARRAY_FORCECAST = 16;

const I32 = 0x7f;
const VOID = 0x40;
const get = (local: number): number[] => [0x20, ...unsigned(local)];
const set = (local: number): number[] => [0x21, ...unsigned(local)];
const number = (value: number): number[] => [0x41, ...signed(value)];
const call = (index: number): number[] => [0x10, ...unsigned(index)];
const load = (offset: number): number[] => [0x28, 2, ...unsigned(offset)];
const loadByte = (offset: number): number[] => [0x2d, 0, ...unsigned(offset)];
const store = (offset: number): number[] => [0x36, 2, ...unsigned(offset)];
const when = (...then: number[][]): number[] => [0x04, VOID, ...then.flat(), 0x0b];
const repeat = (...body: number[][]): number[] => [0x03, VOID, ...body.flat(), 0x0b];
const [ISZERO, EQUAL, LESS, ADD, SUBTRACT, AND, SHIFT, RETURN] = [
  [0x45],
  [0x46],
  [0x49],
  [0x6a],
  [0x6b],
  [0x71],
  [0x74],
  [0x0f],
];
const AGAIN = [0x0c, 1];

function body(locals: number, ...code: readonly (readonly number[])[]): number[] {
  return [...(locals === 0 ? [0] : [1, ...unsigned(locals), I32]), ...code.flat(), 0x0b];
}

/**
 * Functions to add, and where the table is to lead: each entry point gets one that calls it and makes what it gives 64 bits
 * wide where it is indices of C, alone or in a tuple. Within numpy's own C nothing changes: it calls the old ones.
 */
export function wideEntries(
  facts: ModuleFacts,
  entries: readonly EntryPoint[],
): { added: AddedFunction[]; table: Map<number, number> } {
  const release = facts.functions;
  const widen = release + 1;
  const wrapped = entries.map((entry): AddedFunction => {
    const parameters = Array.from({ length: entry.parameters }, (_, at) => get(at)).flat();
    const plain = [...parameters, ...call(entry.index)];
    const otherwise =
      entry.arguments === undefined ? [] : [...get(2), ...number(entry.arguments), 0x47, ...when(plain, RETURN)];
    return { type: facts.types[entry.parameters], body: body(0, otherwise, plain, call(widen)) };
  });
  return {
    added: [
      { type: facts.types[1], body: releaseBody(facts) },
      { type: facts.types[1], body: widenBody(facts, release, widen) },
      ...wrapped,
    ],
    table: new Map(entries.map(({ place }, at) => [place, widen + 1 + at])),
  };
}

/** Py_DECREF; gives 0. */
function releaseBody(facts: ModuleFacts): number[] {
  const object = 0;
  const count = 1;
  return body(
    1,
    [...get(object), ...load(AT.refcount), ...set(count)],
    [...get(count), ...number(IMMORTAL), ...EQUAL, ...when(number(0), RETURN)],
    [...get(object), ...get(count), ...number(1), ...SUBTRACT, ...store(AT.refcount)],
    [...get(count), ...number(1), ...EQUAL, ...when(get(object), call(facts.call.dealloc))],
    number(0),
  );
}

/** Takes a reference and gives one, or 0 with an exception set: of int64 where it was an array or scalar of C's long. */
function widenBody(facts: ModuleFacts, release: number, widen: number): number[] {
  const [object, type, item, at] = [0, 1, 2, 3];
  const address = (place: number): number[] => [0x23, ...unsigned(facts.memoryBase), ...number(place), ...ADD];
  const place = [...get(object), ...get(at), ...number(2), ...SHIFT, ...ADD];
  const converted = [
    ...get(object),
    ...number(NPY_LONGLONG),
    ...call(facts.call.descrFromType),
    ...[0, 0, NPY_ARRAY_FORCECAST, 0].flatMap(number),
    ...call(facts.call.fromAny),
    ...set(item),
    ...get(object),
    ...call(release),
    0x1a,
  ];
  return body(
    3,
    [...get(object), ...ISZERO, ...when(number(0), RETURN)],
    [...get(object), ...load(AT.type), ...set(type)],
    [
      ...get(type),
      ...loadByte(AT.highTypeFlags),
      ...number(TUPLE_FLAG),
      ...AND,
      ...when(
        repeat(
          get(at),
          get(object),
          load(AT.size),
          LESS,
          when(
            [...place, ...load(AT.tupleItems), ...call(widen), ...set(item)],
            [...place, ...get(item), ...store(AT.tupleItems)],
            [...get(item), ...ISZERO, ...when(get(object), call(release), RETURN)],
            [...get(at), ...number(1), ...ADD, ...set(at)],
            AGAIN,
          ),
        ),
        get(object),
        RETURN,
      ),
    ],
    [
      ...get(type),
      ...address(facts.data.longScalarType),
      ...EQUAL,
      ...when(
        converted,
        [...get(item), ...ISZERO, ...when(number(0), RETURN)],
        get(item),
        call(facts.call.toScalar),
        RETURN,
      ),
    ],
    [
      ...get(type),
      ...address(facts.data.arrayType),
      ...call(facts.call.isSubtype),
      ...when([
        ...get(object),
        ...load(AT.descr),
        ...load(AT.typeNumber),
        ...number(NPY_LONG),
        ...EQUAL,
        ...when(converted, get(item), RETURN),
      ]),
    ],
    get(object),
  );
}
