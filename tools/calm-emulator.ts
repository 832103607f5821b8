import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { ResolvedPublicFile } from 'wxt';
import { IMAGE_MANIFEST, readImageManifest } from '../src/container/image/index.ts';
import { sha256 } from './vendor/digest.ts';

const ROOT = join(import.meta.dirname, '..');
const I32_CONST = 0x41;
/** How much of a page of code v86 interprets before it translates it; its own constant `JIT_THRESHOLD`, and ours (decision 0159). */
const ITS_THRESHOLD = 200_000;
const THRESHOLD = 1_000_000;

const EMULATOR = 'v86.wasm';
/** Where a vendored v86 lies among the public files, and what says of each file beside it how it is. */
const EMULATOR_FILE = `vendor/linux/${EMULATOR}`;
const MANIFEST_FILE = `vendor/linux/${IMAGE_MANIFEST}`;

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

/** Puts it into a package in place of the vendored one, with its digest in the manifest; a package without Linux stays as it is. */
export async function calmPackage(files: ResolvedPublicFile[]): Promise<void> {
  const [emulatorAt, manifestAt] = [EMULATOR_FILE, MANIFEST_FILE].map((file) =>
    files.findIndex(({ relativeDest }) => relativeDest === file),
  ) as [number, number];
  const [emulator, manifest] = [files[emulatorAt], files[manifestAt]];
  if (!emulator && !manifest) return;
  if (!emulator || !manifest || !('absoluteSrc' in emulator) || !('absoluteSrc' in manifest))
    throw new Error(`Linux is there without ${emulator ? MANIFEST_FILE : EMULATOR_FILE}`);
  const its = await readFile(emulator.absoluteSrc);
  const calm = calmEmulator(its);
  files[emulatorAt] = { ...emulator, absoluteSrc: await keepFile(calm) };
  const said = await readFile(manifest.absoluteSrc, 'utf8');
  files[manifestAt] = { relativeDest: MANIFEST_FILE, contents: calmManifest(said, sha256(its), sha256(calm)) };
}

function calmManifest(text: string, its: string, calm: string): string {
  const manifest = readImageManifest(text);
  if (!manifest?.files.some(({ name, sha256: said }) => name === EMULATOR && said === its))
    throw new Error(`${MANIFEST_FILE} is not of the ${EMULATOR} beside it: make Linux again`);
  const files = manifest.files.map((file) => (file.name === EMULATOR ? { ...file, sha256: calm } : file));
  return JSON.stringify({ ...manifest, files });
}

/** As a file, by its path. */
async function keepFile(wasm: Uint8Array): Promise<string> {
  const file = join(ROOT, '.cache', 'v86-calm.wasm');
  await mkdir(dirname(file), { recursive: true });
  // Two builds may do this at once: neither may read what the other has written half.
  const own = `${file}.${String(process.pid)}-${String(performance.now())}`;
  await writeFile(own, wasm);
  await rename(own, file);
  return file;
}
