const PAGE_BYTES = 65_536;
const MEMORY_SECTION = 5;
const HEADER_BYTES = 8;

/** An unsigned number of a WebAssembly file, and where it ends. */
function readNumber(bytes: Uint8Array, from: number): { readonly value: number; readonly end: number } {
  let value = 0;
  for (let at = from, shift = 0; ; at += 1, shift += 7) {
    const byte = bytes[at];
    if (byte === undefined) throw new Error('the WebAssembly file ends within a number');
    value += (byte & 0x7f) * 2 ** shift;
    if (byte < 0x80) return { value, end: at + 1 };
  }
}

function writeNumber(value: number): number[] {
  const bytes: number[] = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return [...bytes, rest];
    bytes.push((rest % 128) | 0x80);
  }
}

/**
 * Gives the one memory of a module a maximum, so that it cannot grow past it whatever the engine inside believes of its
 * limits (`memory.grow` gives -1 there). Other sections stay as they are.
 */
export function withMemoryCap(module: Uint8Array, megabytes: number): Uint8Array {
  for (let at = HEADER_BYTES; at < module.length; ) {
    const { value: length, end: start } = readNumber(module, at + 1);
    if (module[at] !== MEMORY_SECTION) {
      at = start + length;
      continue;
    }
    const count = readNumber(module, start);
    const flags = module[count.end] ?? 0;
    const smallest = readNumber(module, count.end + 1);
    if (count.value !== 1 || flags > 1) throw new Error('the module has another memory than this tool knows');
    const body = [1, 1, ...writeNumber(smallest.value), ...writeNumber((megabytes * 1024 * 1024) / PAGE_BYTES)];
    const section = [MEMORY_SECTION, ...writeNumber(body.length), ...body];
    return new Uint8Array(
      Buffer.concat([module.subarray(0, at), Uint8Array.from(section), module.subarray(start + length)]),
    );
  }
  throw new Error('the module has no memory of its own');
}
