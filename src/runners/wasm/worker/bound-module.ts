import { joinBytes } from '../../../base/index.ts';
import { ByteCursor, lebOf } from './byte-cursor.ts';
import { BadModule, type Bounds, type ModuleParts, readBounds, SECTION, sectionsOf } from './sections.ts';

const PAGES_PER_MB = 16;
/** Of a 32-bit memory. */
const PAGES_MOST = 65_536;
/** Entries of all tables together; an entry takes some 16 bytes of the browser's memory. */
const TABLE_MOST = 1_000_000;

/** `16 MB`, or kilobytes where it is less than one. */
const sizeOf = (pages: number): string =>
  pages >= PAGES_PER_MB ? `${Math.round((pages / PAGES_PER_MB) * 10) / 10} MB` : `${pages * 64} kB`;

/** The most that each memory of a module may become, in pages. Throws `BadModule` where it starts with more. */
export function pagesFor(parts: ModuleParts, memoryMB: number): number {
  const imported = parts.imports.flatMap(({ kind, bounds }) => (kind === 'memory' && bounds ? [bounds] : []));
  const all = [...imported, ...parts.memories];
  const cap = Math.min(Math.floor((memoryMB * PAGES_PER_MB) / Math.max(all.length, 1)), PAGES_MOST);
  for (const { minimum } of all) {
    if (minimum > cap) {
      throw new BadModule(`The module asks for ${sizeOf(minimum)} of memory; the limit is ${sizeOf(cap)}.`, true);
    }
  }
  const tables = parts.imports.flatMap(({ kind, bounds }) => (kind === 'table' && bounds ? [bounds] : []));
  const entries = [...tables, ...parts.tables].reduce((sum, { minimum }) => sum + minimum, 0);
  if (entries > TABLE_MOST) throw new BadModule('The module asks for a table of more than a million entries.', true);
  return cap;
}

/**
 * The module with a maximum in every memory and table of its own, so that growing past it gives -1: nothing else limits
 * `memory.grow`, which never comes by JavaScript.
 */
export function boundModule(bytes: Uint8Array<ArrayBuffer>, pages: number): Uint8Array<ArrayBuffer> {
  const pieces: Uint8Array<ArrayBuffer>[] = [bytes.subarray(0, 8)];
  for (const { id, start, contents, end } of sectionsOf(bytes)) {
    if (id === SECTION.memory) pieces.push(rewritten(bytes, contents, id, pages));
    else if (id === SECTION.table) pieces.push(rewritten(bytes, contents, id, TABLE_MOST));
    else pieces.push(bytes.subarray(start, end));
  }
  return joinBytes(pieces);
}

function rewritten(bytes: Uint8Array<ArrayBuffer>, at: number, id: number, most: number): Uint8Array<ArrayBuffer> {
  const cursor = new ByteCursor(bytes, at);
  const count = cursor.unsigned();
  const body = lebOf(count);
  for (let entry = 0; entry < count; entry += 1) {
    if (id === SECTION.table) body.push(...copiedType(cursor));
    const bounds: Bounds = readBounds(cursor, id === SECTION.table ? 'table' : 'memory');
    const maximum = Math.max(Math.min(bounds.maximum ?? most, most), bounds.minimum);
    body.push(1, ...lebOf(bounds.minimum), ...lebOf(maximum));
  }
  return new Uint8Array([id, ...lebOf(body.length), ...body]);
}

/** The bytes of a reference type: one, or a head and the number of a type. */
function copiedType(cursor: ByteCursor): Uint8Array {
  const from = cursor.at;
  const head = cursor.byte();
  if (head === 0x63 || head === 0x64) cursor.unsigned(35);
  return cursor.bytes.subarray(from, cursor.at);
}
