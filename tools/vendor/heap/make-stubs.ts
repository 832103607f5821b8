/**
 * Makes the stand-ins for the side modules of a saved heap: one small module that fills their table slots with functions
 * of the same types. A stand-in asks for its module to be put in place, then calls the slot again.
 * Arguments: folder with the images, science.modules.json and science.replay.json; the file to write.
 * Needs --experimental-wasm-type-reflection: JavaScript has no other way to learn a function's type.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import loadWabt from 'wabt';
import { type ModulePlace, readRecord, type RecordedLibrary } from '../../../src/runners/python/heap/index.ts';

interface FunctionType {
  readonly parameters: readonly string[];
  readonly results: readonly string[];
}
type Typed = (() => unknown) & { type(): FunctionType };
type TypedImport = WebAssembly.ModuleImportDescriptor & {
  readonly type?: { readonly mutable?: boolean; readonly value?: WebAssembly.ValueType };
};
interface TagConstructor {
  new (type: { readonly parameters: readonly string[] }): WebAssembly.ImportValue;
}

/** Far more than any of the libraries needs. */
const MEMORY_PAGES = 1024;
const TABLE_SLOTS = 20_000;

const [folder = '', output = ''] = process.argv.slice(2);
const parse = async (name: string): Promise<unknown> =>
  JSON.parse(await readFile(join(folder, name), 'utf8')) as unknown;
const record = readRecord(await parse('science.replay.json'));
if (!record.ok) throw new Error(record.error.detail);
const places = (await parse('science.modules.json')) as Record<string, ModulePlace>;
const names = new Set(Object.values(places).map(({ file }) => file));
const images = new Map(
  await Promise.all([...names].map(async (name) => [name, await readFile(join(folder, name))] as const)),
);
const { libraries, slots } = record.value;

const instances = libraries.map(instantiateAlone);
const rows = libraries.flatMap((library, number) => {
  const table = instances[number]?.table;
  const own = Array.from({ length: library.tableSize }, (_, at) => ({
    library: number,
    slot: library.tableBase + at,
    target: table?.get(at) as Typed | null,
  }));
  const added = slots.flatMap((slot) =>
    slot.kind === 'side' && slot.library === number
      ? [{ library: number, slot: slot.index, target: instances[number]?.exports[slot.name] as Typed }]
      : [],
  );
  return [...own, ...added].flatMap(({ target, ...row }) => (target ? [{ ...row, type: target.type() }] : []));
});
const wabt = await loadWabt();
const parsed = wabt.parseWat('stubs.wat', textOf(rows));
await writeFile(output, parsed.toBinary({}).buffer);

/** Gives a library everything that it asks for, so that it fills a table of its own. Nothing of it is run. */
function instantiateAlone(library: RecordedLibrary): {
  readonly table: WebAssembly.Table;
  readonly exports: WebAssembly.Exports;
} {
  const place = places[library.name];
  const image = place && images.get(place.file);
  if (!image) throw new Error(`no file for ${library.name}`);
  const module = new WebAssembly.Module(image.subarray(place.offset, place.offset + place.length));
  const table = new WebAssembly.Table({ initial: TABLE_SLOTS, element: 'anyfunc' });
  const imports: Record<string, Record<string, WebAssembly.ImportValue>> = {};
  for (const wanted of WebAssembly.Module.imports(module) as TypedImport[]) {
    (imports[wanted.module] ??= {})[wanted.name] = standIn(wanted, table);
  }
  return { table, exports: new WebAssembly.Instance(module, imports).exports };
}

function standIn(wanted: TypedImport, table: WebAssembly.Table): WebAssembly.ImportValue {
  switch (wanted.kind as string) {
    case 'function':
      return () => 0;
    case 'memory':
      return new WebAssembly.Memory({ initial: MEMORY_PAGES });
    case 'table':
      return table;
    case 'global':
      return wanted.type?.mutable ? new WebAssembly.Global({ value: 'i32', mutable: true }, 0) : 0;
    case 'tag':
      return new (WebAssembly as unknown as { Tag: TagConstructor }).Tag({ parameters: ['i32'] });
    default:
      throw new Error(`cannot stand in for a ${wanted.kind}`);
  }
}

function textOf(
  stubs: readonly { readonly library: number; readonly slot: number; readonly type: FunctionType }[],
): string {
  const types = [...new Set(stubs.map(({ type }) => signature(type)))];
  const functions = stubs.map(({ library, slot, type }) => {
    const given = type.parameters.map((_, at) => `local.get ${at}`).join(' ');
    const kind = types.indexOf(signature(type));
    return `(func $s${slot} (type ${kind + 1}) i32.const ${library} call 0 ${given} i32.const ${slot} call_indirect (type ${kind + 1}))`;
  });
  return [
    '(module (type (func (param i32)))',
    ...types.map((type) => `(type (func ${type}))`),
    '(import "env" "load" (func (type 0)))',
    `(import "env" "table" (table ${TABLE_SLOTS / 20} funcref))`,
    ...functions,
    ...runsOf(stubs.map(({ slot }) => slot)).map(
      ([first, ...rest]) => `(elem (i32.const ${first}) ${[first, ...rest].map((slot) => `$s${slot}`).join(' ')})`,
    ),
    ')',
  ].join('\n');
}

function signature({ parameters, results }: FunctionType): string {
  const part = (word: string, values: readonly string[]): string =>
    values.length > 0 ? `(${word} ${values.join(' ')})` : '';
  return `${part('param', parameters)}${part('result', results)}`;
}

/** Slots that follow each other share an element segment. */
function runsOf(sorted: readonly number[]): number[][] {
  const runs: number[][] = [];
  for (const slot of [...sorted].sort((a, b) => a - b)) {
    const last = runs.at(-1);
    if (last?.at(-1) === slot - 1) last.push(slot);
    else runs.push([slot]);
  }
  return runs;
}
