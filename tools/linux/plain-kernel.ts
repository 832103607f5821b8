import { gunzipSync } from 'node:zlib';

/** Offsets in a bzImage: Linux, Documentation/x86/boot.rst. */
const SETUP_SECTORS = 0x1f1;
const SYSTEM_SIZE = 0x1f4;
const PAYLOAD_OFFSET = 0x248;
const PAYLOAD_LENGTH = 0x24c;
const SECTOR_BYTES = 512;
/** Where the boot loader puts what follows the setup, and jumps to. */
const LOADED_AT = 0x10_0000;
/** What moves the kernel to its place has a page of its own. */
const MOVER_BYTES = 4096;
const LOADABLE = 1;

/**
 * A bzImage that holds its kernel as it lies in memory, instead of compressed with a program that unpacks it: so nearly all
 * of it is found again in the memory of a machine that it booted. It starts quicker, too.
 */
export function plainKernel(bzImage: Uint8Array): Uint8Array<ArrayBuffer> {
  const view = new DataView(bzImage.buffer, bzImage.byteOffset);
  const setupBytes = ((bzImage[SETUP_SECTORS] ?? 0) + 1) * SECTOR_BYTES;
  const payload = setupBytes + view.getUint32(PAYLOAD_OFFSET, true);
  const elf = gunzipSync(bzImage.subarray(payload, payload + view.getUint32(PAYLOAD_LENGTH, true)));
  const { entry, start, memory } = loadElf(elf);
  const words = Math.ceil(memory.length / 4);
  const image = new Uint8Array(setupBytes + MOVER_BYTES + words * 4);
  image.set(bzImage.subarray(0, setupBytes));
  image.set(mover(LOADED_AT + MOVER_BYTES, start, words, entry), setupBytes);
  image.set(memory, setupBytes + MOVER_BYTES);
  const head = new DataView(image.buffer);
  // In paragraphs of 16 bytes.
  head.setUint32(SYSTEM_SIZE, Math.ceil((image.length - setupBytes) / 16), true);
  head.setUint32(PAYLOAD_OFFSET, 0, true);
  head.setUint32(PAYLOAD_LENGTH, 0, true);
  return image;
}

/** What a 32-bit ELF file puts into memory, from the lowest physical address on. */
function loadElf(elf: Uint8Array): { readonly entry: number; readonly start: number; readonly memory: Uint8Array } {
  const view = new DataView(elf.buffer, elf.byteOffset);
  const [entry, table] = [view.getUint32(24, true), view.getUint32(28, true)];
  const segments = Array.from({ length: view.getUint16(44, true) }, (_none, at) => {
    const row = table + at * view.getUint16(42, true);
    const [type = 0, offset = 0, , address = 0, bytes = 0] = [0, 4, 8, 12, 16].map((field) =>
      view.getUint32(row + field, true),
    );
    return { type, offset, address, bytes };
  }).filter(({ type, bytes }) => type === LOADABLE && bytes > 0);
  const start = Math.min(...segments.map(({ address }) => address));
  const memory = new Uint8Array(Math.max(...segments.map(({ address, bytes }) => address + bytes)) - start);
  for (const { offset, address, bytes } of segments) memory.set(elf.subarray(offset, offset + bytes), address - start);
  return { entry, start, memory };
}

const word = (value: number): readonly number[] => [...new Uint8Array(new Uint32Array([value]).buffer)];

/** Moves so many words and jumps to the kernel, as a boot loader would: esi names what the setup found out. */
function mover(from: number, to: number, words: number, entry: number): Uint8Array {
  return Uint8Array.from(
    [
      [0xfc], // cld
      [0x89, 0xf5], // mov ebp, esi
      [0xbe, ...word(from)], // mov esi, from
      [0xbf, ...word(to)], // mov edi, to
      [0xb9, ...word(words)], // mov ecx, words
      [0xf3, 0xa5], // rep movsd
      [0x89, 0xee], // mov esi, ebp
      [0x31, 0xed], // xor ebp, ebp
      [0x31, 0xff], // xor edi, edi
      [0x31, 0xdb], // xor ebx, ebx
      [0xb8, ...word(entry)], // mov eax, entry
      [0xff, 0xe0], // jmp eax
    ].flat(),
  );
}
