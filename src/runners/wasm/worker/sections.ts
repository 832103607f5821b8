import { ByteCursor, CutShort } from './byte-cursor.ts';

const MAGIC = [0x00, 0x61, 0x73, 0x6d];
const VERSION_1 = [1, 0, 0, 0];
export const SECTION = { type: 1, import: 2, function: 3, table: 4, memory: 5, export: 7 } as const;
const KIND = { function: 0, table: 1, memory: 2, global: 3, tag: 4 } as const;
/** Bits of a limit's flags. */
const FLAG = { maximum: 1, shared: 2, is64: 4, pageSize: 8 } as const;
const FUNCTION_FORM = 0x60;
/** Of one kind, in one section; browsers allow no more than a million functions. */
const MOST_ENTRIES = 1_000_000;

const VALUE_TYPES: Readonly<Record<number, string>> = {
  127: 'i32',
  126: 'i64',
  125: 'f32',
  124: 'f64',
  123: 'v128',
  112: 'funcref',
  111: 'externref',
};

export interface Signature {
  readonly parameters: readonly string[];
  readonly results: readonly string[];
}

/** `minimum` and `maximum` in pages for a memory, in entries for a table. */
export interface Bounds {
  readonly minimum: number;
  readonly maximum: number | null;
}

export interface ImportedThing {
  readonly module: string;
  readonly name: string;
  readonly kind: 'function' | 'table' | 'memory' | 'global' | 'tag';
  readonly signature: Signature | null;
  readonly bounds: Bounds | null;
  /** Of a global. */
  readonly type: string | null;
}

export interface ModuleParts {
  readonly imports: readonly ImportedThing[];
  /** Exported functions. */
  readonly functions: readonly {
    readonly name: string;
    readonly index: number;
    readonly signature: Signature | null;
  }[];
  /** Those of the module itself. */
  readonly memories: readonly Bounds[];
  readonly tables: readonly Bounds[];
}

/** Why a module is not taken, in words for a person. */
export class BadModule extends Error {
  readonly isMemory: boolean;

  constructor(message: string, isMemory = false) {
    super(message);
    this.isMemory = isMemory;
  }
}

interface Section {
  readonly id: number;
  readonly start: number;
  readonly contents: number;
  readonly end: number;
}

/** The sections of a module in order. Throws `BadModule` for what is none. */
export function sectionsOf(bytes: Uint8Array<ArrayBuffer>): Section[] {
  if (bytes.length === 0) throw new BadModule('The module is empty: it has no bytes.');
  if (!MAGIC.every((byte, at) => bytes[at] === byte)) {
    throw new BadModule('This is no WebAssembly module: it does not begin with the bytes "\\0asm".');
  }
  if (!VERSION_1.every((byte, at) => bytes[at + 4] === byte)) {
    const isComponent = bytes[6] === 1;
    throw new BadModule(
      isComponent
        ? 'This is a WebAssembly component; only core modules can run here.'
        : bytes.length < 8
          ? 'The module is damaged: it ends within its first eight bytes.'
          : 'The module is of another version of WebAssembly than 1.',
    );
  }
  const cursor = new ByteCursor(bytes, 8);
  const sections: Section[] = [];
  return whole(() => {
    while (cursor.at < bytes.length) {
      const start = cursor.at;
      const id = cursor.byte();
      const length = cursor.unsigned();
      const contents = cursor.at;
      if (contents + length > bytes.length) throw new CutShort();
      cursor.at = contents + length;
      sections.push({ id, start, contents, end: cursor.at });
    }
    return sections;
  });
}

/** Imports, exported functions with their types, memories and tables. Throws `BadModule`. */
export function readModule(bytes: Uint8Array<ArrayBuffer>): ModuleParts {
  const sections = sectionsOf(bytes);
  return whole(() => {
    const read = <T>(id: number, entry: (cursor: ByteCursor) => T): T[] =>
      sections.filter((section) => section.id === id).flatMap((section) => entriesOf(bytes, section, entry));
    const types = read(SECTION.type, readType);
    const imports = read(SECTION.import, (cursor) => readImport(cursor, types));
    const own = read(SECTION.function, (cursor) => types[cursor.unsigned()] ?? null);
    const functions = [...imports.filter(({ kind }) => kind === 'function').map(({ signature }) => signature), ...own];
    return {
      imports,
      functions: read(SECTION.export, readExport).flatMap(({ kind, name, index }) =>
        kind === KIND.function ? [{ name, index, signature: functions[index] ?? null }] : [],
      ),
      memories: read(SECTION.memory, readMemory),
      tables: tablesOf(bytes, sections),
    };
  });
}

function whole<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof CutShort)
      throw new BadModule('The module is damaged: it ends in the middle, or a length is wrong.');
    throw error;
  }
}

function entriesOf<T>(bytes: Uint8Array<ArrayBuffer>, section: Section, read: (cursor: ByteCursor) => T): T[] {
  const cursor = new ByteCursor(bytes, section.contents);
  const count = cursor.unsigned();
  if (count > MOST_ENTRIES) throw new BadModule('The module has more than a million parts of one kind.');
  return Array.from({ length: count }, () => {
    const entry = read(cursor);
    if (cursor.at > section.end) throw new CutShort();
    return entry;
  });
}

function readType(cursor: ByteCursor): Signature {
  const form = cursor.byte();
  if (form !== FUNCTION_FORM) {
    throw new BadModule(
      'The module uses garbage-collected types; they lie outside of its memory, where nothing could limit them.',
    );
  }
  const list = (): string[] => Array.from({ length: boundedCount(cursor) }, () => readValueType(cursor));
  return { parameters: list(), results: list() };
}

function boundedCount(cursor: ByteCursor): number {
  const count = cursor.unsigned();
  if (count > 1_000) throw new BadModule('A function of the module has more than a thousand arguments or results.');
  return count;
}

function readValueType(cursor: ByteCursor): string {
  const code = cursor.byte();
  // A reference to a type of its own: `(ref $t)`, `(ref null $t)`.
  if (code === 0x63 || code === 0x64) {
    cursor.unsigned(35);
    return 'ref';
  }
  return VALUE_TYPES[code] ?? 'ref';
}

function readImport(cursor: ByteCursor, types: readonly Signature[]): ImportedThing {
  const module = cursor.name();
  const name = cursor.name();
  const kind = cursor.byte();
  const none = { module, name, signature: null, bounds: null, type: null };
  switch (kind) {
    case KIND.function:
      return { ...none, kind: 'function', signature: types[cursor.unsigned()] ?? null };
    case KIND.table:
      readValueType(cursor);
      return { ...none, kind: 'table', bounds: readBounds(cursor, 'table') };
    case KIND.memory:
      return { ...none, kind: 'memory', bounds: readMemory(cursor) };
    case KIND.global: {
      const type = readValueType(cursor);
      cursor.byte();
      return { ...none, kind: 'global', type };
    }
    case KIND.tag:
      cursor.byte();
      cursor.unsigned();
      return { ...none, kind: 'tag' };
    default:
      throw new BadModule('The module is damaged: it imports something of an unknown kind.');
  }
}

function readExport(cursor: ByteCursor): { readonly name: string; readonly kind: number; readonly index: number } {
  return { name: cursor.name(), kind: cursor.byte(), index: cursor.unsigned() };
}

const readMemory = (cursor: ByteCursor): Bounds => readBounds(cursor, 'memory');

export function readBounds(cursor: ByteCursor, what: 'memory' | 'table'): Bounds {
  const flags = cursor.byte();
  if ((flags & FLAG.is64) !== 0) throw new BadModule(`The module has a 64-bit ${what}, which cannot run here.`);
  if ((flags & FLAG.shared) !== 0)
    throw new BadModule('The module shares its memory between threads; there are none here.');
  if ((flags & FLAG.pageSize) !== 0 || flags > FLAG.maximum) {
    throw new BadModule(`The module has a ${what} of a kind that is not known here.`);
  }
  return { minimum: cursor.unsigned(), maximum: (flags & FLAG.maximum) === 0 ? null : cursor.unsigned() };
}

/** Tables that begin with a value of their own (0x40) are seldom, and refused: their end is not to be found without a decoder. */
function tablesOf(bytes: Uint8Array<ArrayBuffer>, sections: readonly Section[]): Bounds[] {
  return sections
    .filter(({ id }) => id === SECTION.table)
    .flatMap((section) =>
      entriesOf(bytes, section, (cursor) => {
        if (cursor.bytes[cursor.at] === 0x40)
          throw new BadModule('The module has a table with a first value, which cannot run here.');
        readValueType(cursor);
        return readBounds(cursor, 'table');
      }),
    );
}
