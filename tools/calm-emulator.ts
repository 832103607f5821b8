import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

const ROOT = join(import.meta.dirname, '..');
const I32_CONST = 0x41;
/** How much of a page of code v86 interprets before it translates it; its own constant `JIT_THRESHOLD`, and ours (decision 0159). */
const ITS_THRESHOLD = 200_000;
const THRESHOLD = 1_000_000;

/** Where a vendored v86 lies among the public files. */
export const EMULATOR_FILE = 'vendor/linux/v86.wasm';

/** `i32.const` of a number that takes three bytes. */
const constant = (value: number): Buffer =>
  Buffer.from([I32_CONST, (value & 0x7f) | 0x80, ((value >> 7) & 0x7f) | 0x80, (value >> 14) & 0x7f]);

/** v86 that translates a page of the guest's code later. Throws unless its threshold is where one is, and once. */
export function calmEmulator(wasm: Uint8Array): Uint8Array<ArrayBuffer> {
  const calm = Buffer.from(wasm);
  const its = constant(ITS_THRESHOLD);
  const at = calm.indexOf(its);
  if (at < 0 || calm.includes(its, at + 1))
    throw new Error('v86.wasm has its threshold elsewhere: look at JIT_THRESHOLD');
  constant(THRESHOLD).copy(calm, at);
  return new Uint8Array(calm);
}

/** The same as a file, by its path, of the emulator at that path. */
export async function calmEmulatorFile(path: string): Promise<string> {
  const file = join(ROOT, '.cache', 'v86-calm.wasm');
  await mkdir(dirname(file), { recursive: true });
  // Two builds may do this at once: neither may read what the other has written half.
  const own = `${file}.${String(process.pid)}-${String(performance.now())}`;
  await writeFile(own, calmEmulator(await readFile(path)));
  await rename(own, file);
  return file;
}
