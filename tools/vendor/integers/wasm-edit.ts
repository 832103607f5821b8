import { VendorError } from '../fatal.ts';

/** Section numbers of a module (WebAssembly core specification 2.0, 5.5.2). */
const SECTION = { functions: 3, elements: 9, code: 10 } as const;
const HEADER_BYTES = 8;
/** Most bytes that a 32-bit number takes (5.2.2). */
const LONGEST = 5;

interface Section {
  readonly id: number;
  readonly content: Uint8Array;
}

/** A function to add: the index of its type among the module's types, and its body as `body` in assemble.ts makes it. */
export interface AddedFunction {
  readonly type: number;
  readonly body: readonly number[];
}

/** A number as unsigned LEB128 (5.2.2). */
export function unsigned(value: number): number[] {
  const bytes: number[] = [];
  let rest = value >>> 0;
  do {
    const low = rest & 0x7f;
    rest >>>= 7;
    bytes.push(rest === 0 ? low : low | 0x80);
  } while (rest !== 0);
  return bytes;
}

/** A number of 32 bits as signed LEB128 (5.2.2), as `i32.const` has it. */
export function signed(value: number): number[] {
  const bytes: number[] = [];
  for (let rest = value | 0; ; rest >>= 7) {
    if (rest >> 6 === 0 || rest >> 6 === -1) return [...bytes, rest & 0x7f];
    bytes.push((rest & 0x7f) | 0x80);
  }
}

/** The unsigned LEB128 number at `at`, and where it ends. */
export function readUnsigned(bytes: Uint8Array, at: number): { value: number; end: number } {
  let value = 0;
  for (let count = 0; count < LONGEST; count += 1) {
    const byte = bytes[at + count] ?? 0;
    value += (byte & 0x7f) * 2 ** (7 * count);
    if (byte < 0x80) return { value, end: at + count + 1 };
  }
  throw new VendorError(`not a WebAssembly number at byte ${String(at)}`);
}

/** Bytes of an instruction, or of data, at a place in the file, and what is to stand there. */
export interface Site {
  readonly at: number;
  readonly was: readonly number[];
  /** As many bytes, but in the code, where functions may grow. */
  readonly becomes: readonly number[];
  readonly why: string;
}

export interface Edits {
  readonly sites: readonly Site[];
  readonly added: readonly AddedFunction[];
  /** Places in the module's only table segment that are to lead to other functions. */
  readonly table: ReadonlyMap<number, number>;
}

/**
 * The module with other instructions, with functions added at its end, and with a table that leads elsewhere. Indexes of the
 * functions that are there stay what they are. Throws VendorError where other bytes stand than a site expects.
 */
export function editModule(module: Uint8Array, { sites, added, table }: Edits): Uint8Array {
  const left = new Set(sites);
  const sections = readSections(module).map(({ id, content }): Section => {
    const edit = (part: Uint8Array): Uint8Array => withSites(part, part.byteOffset - module.byteOffset, left);
    if (id === SECTION.functions)
      return {
        id,
        content: withItems(
          content,
          added.map(({ type }) => unsigned(type)),
        ),
      };
    if (id === SECTION.code) return { id, content: withItems(withBodies(content, edit), added.map(sized)) };
    return { id, content: id === SECTION.elements ? withEntries(content, table) : edit(content) };
  });
  for (const { at, why } of left) throw new VendorError(`no section has byte ${String(at)}: ${why}`);
  return joined([
    module.subarray(0, HEADER_BYTES),
    ...sections.flatMap(({ id, content }) => [Uint8Array.of(id, ...unsigned(content.length)), content]),
  ]);
}

/** A part of the module that begins at `start`, with the sites that lie in it, which are taken out of `left`. */
function withSites(part: Uint8Array, start: number, left: Set<Site>): Uint8Array {
  const parts: Uint8Array[] = [];
  let done = 0;
  for (const site of [...left].sort((a, b) => a.at - b.at)) {
    const at = site.at - start;
    if (at < 0 || at >= part.length) continue;
    if (site.was.some((byte, place) => part[at + place] !== byte)) {
      throw new VendorError(`other bytes at ${String(site.at)}: ${site.why}`);
    }
    parts.push(part.subarray(done, at), Uint8Array.from(site.becomes));
    done = at + site.was.length;
    left.delete(site);
  }
  return parts.length === 0 ? part : joined([...parts, part.subarray(done)]);
}

/** The code section with each function edited: a function says how long it is (5.5.13). */
function withBodies(content: Uint8Array, edit: (body: Uint8Array) => Uint8Array): Uint8Array {
  let { value: count, end: at } = readUnsigned(content, 0);
  const parts = [content.subarray(0, at)];
  for (; count > 0; count -= 1) {
    const { value: length, end } = readUnsigned(content, at);
    const body = edit(content.subarray(end, end + length));
    parts.push(Uint8Array.from(unsigned(body.length)), body);
    at = end + length;
  }
  return joined(parts);
}

const sized = ({ body }: AddedFunction): number[] => [...unsigned(body.length), ...body];

function readSections(module: Uint8Array): Section[] {
  const sections: Section[] = [];
  for (let at = HEADER_BYTES; at < module.length; ) {
    const { value: length, end } = readUnsigned(module, at + 1);
    sections.push({ id: module[at] ?? 0, content: module.subarray(end, end + length) });
    at = end + length;
  }
  return sections;
}

/** A vector with more items at its end (5.1.3). */
function withItems(content: Uint8Array, items: readonly (readonly number[])[]): Uint8Array {
  const { value: count, end } = readUnsigned(content, 0);
  return joined([
    Uint8Array.from(unsigned(count + items.length)),
    content.subarray(end),
    ...items.map((item) => Uint8Array.from(item)),
  ]);
}

/** Side modules have one active segment, whose offset is the global `__table_base` (5.5.12, form 0). */
function withEntries(content: Uint8Array, entries: ReadonlyMap<number, number>): Uint8Array {
  const offset = content.indexOf(0x0b);
  if (content[0] !== 1 || content[1] !== 0 || content[2] !== 0x23 || offset < 0) {
    throw new VendorError('the table of this module is not filled by one segment');
  }
  let { value: count, end: at } = readUnsigned(content, offset + 1);
  const indexes: number[] = [];
  for (; count > 0; count -= 1) {
    const { value, end } = readUnsigned(content, at);
    indexes.push(value);
    at = end;
  }
  for (const [place, index] of entries) indexes[place] = index;
  return joined([
    content.subarray(0, offset + 1),
    Uint8Array.from([...unsigned(indexes.length), ...indexes.flatMap(unsigned)]),
  ]);
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}
