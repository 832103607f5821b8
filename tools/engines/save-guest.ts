import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { build } from 'esbuild';
import { QuickJS } from 'quickjs-wasi';
import type { HostCalls } from '../../src/runners/javascript/guest/host-calls.ts';
import { packGuest, type SavedGuest } from '../../src/runners/javascript/saved-guest.ts';
import { EXTENSIONS, GUEST_FILE } from '../../src/runners/javascript/worker/guest-vm.ts';

const ROOT = join(import.meta.dirname, '../..');
/** Zeros that are worth a piece of their own: a piece costs some 15 bytes. */
const GAP_BYTES = 32;
/** What the engine is given where it asks for random bytes: the stack's canary, once. To be found again. */
const CANARY = Buffer.from([0xa5, 0x3c, 0x96, 0xd1]);
const STATE_BITS = (1n << 64n) - 1n;

/** What the guest may ask, by name; none of it while it starts. */
const HOST_CALLS: Readonly<Record<keyof HostCalls, true>> = {
  write: true,
  setTimer: true,
  clearTimer: true,
  holdTimer: true,
  promiseState: true,
  promiseResult: true,
  isProxy: true,
  proxyTarget: true,
  file: true,
  locate: true,
  compile: true,
  importNow: true,
  url: true,
  intl: true,
  zoneTold: true,
  readLine: true,
  readLineLater: true,
  display: true,
  callHost: true,
  fetch: true,
  endFetch: true,
  callees: true,
  native: true,
  memory: true,
  wantTicks: true,
  exit: true,
  now: true,
};

/** What `saveGuest` makes as a file, by its path. */
export async function savedGuestFile(): Promise<string> {
  const file = join(ROOT, '.cache', 'javascript-guest.memory');
  await mkdir(dirname(file), { recursive: true });
  // Two builds may do this at once: neither may read what the other has written half.
  const own = `${file}.${String(process.pid)}-${String(performance.now())}`;
  await writeFile(own, await saveGuest());
  await rename(own, file);
  return file;
}

/**
 * Starts the guest of JavaScript in the vendored engine, as of this source tree, and gives its memory in the form that
 * `unpackGuest` reads. The same bytes each time. Throws where the start asks the host for anything, looks at the clock or
 * draws random numbers: what it were told here would be the same in every session of everybody.
 */
export async function saveGuest(): Promise<Uint8Array<ArrayBuffer>> {
  const compile = async (name: string): Promise<WebAssembly.Module> =>
    WebAssembly.compile(await readFile(join(ROOT, 'public/vendor/javascript', `${name}.wasm`)));
  const refused = (what: string) => (): never => {
    throw new Error(`the guest asks for ${what} while it starts`);
  };
  let draws = 0;
  let isStarting = false;
  const vm = await QuickJS.create({
    wasm: await compile('quickjs'),
    extensions: await Promise.all(EXTENSIONS.map(async (name) => ({ name, wasm: await compile(name) }))),
    timezoneOffset: refused('the time zone'),
    wasi: (memory) => ({
      // To the engine itself, all clocks stand at zero.
      clock_time_get(_clock: number, _precision: bigint, place: number): number {
        if (isStarting) refused('the time')();
        new DataView(memory.buffer).setBigUint64(place, 0n, true);
        return 0;
      },
      random_get(place: number, length: number): number {
        draws += 1;
        if (draws > 1 || length !== CANARY.length) throw new Error('the guest draws random bytes while it starts');
        new Uint8Array(memory.buffer, place, length).set(CANARY);
        return 0;
      },
      fd_write: refused('a terminal'),
    }),
  });
  const { memory: fresh } = vm.snapshot();
  isStarting = true;
  const host = vm.newObject();
  for (const name of Object.keys(HOST_CALLS)) {
    const handle = vm.newFunction(name, refused(name));
    host.setProp(name, handle);
    handle.dispose();
  }
  vm.global.setProp('__host', host);
  host.dispose();
  vm.evalCode(await guestScript(), GUEST_FILE).dispose();
  const guest = vm.global.getProp('__guest');
  // Never disposed: they are part of what is saved.
  const calls = Object.fromEntries(guest.keys().map((name) => [name, vm.exportHandle(guest.getProp(name))]));
  guest.dispose();
  vm.evalCode('delete globalThis.__guest', GUEST_FILE).dispose();
  vm.runGC();
  const { memory, ...places } = vm.snapshot();
  // What calls left on the stack, which lies below all data, is nothing that anybody reads.
  memory.fill(0, 0, places.stackPointer);
  const stateAt = randomStateAt(memory, vm);
  if (Buffer.compare(fresh.subarray(stateAt, stateAt + 8), memory.subarray(stateAt, stateAt + 8)) !== 0)
    throw new Error('the guest draws random numbers while it starts');
  const random = [[stateAt, 8] as const, [canaryAt(memory), CANARY.length] as const];
  for (const [at, length] of random) memory.fill(0, at, at + length);
  const saved: SavedGuest = { memoryBytes: memory.length, pieces: piecesOf(memory), ...places, calls, random };
  return packGuest(saved, memory);
}

/** One classic script; what functions say of themselves stays short. */
async function guestScript(): Promise<string> {
  const built = await build({
    stdin: {
      contents: `import { startGuest } from './src/runners/javascript/guest.ts'; startGuest();`,
      resolveDir: ROOT,
      loader: 'ts',
    },
    bundle: true,
    format: 'iife',
    minify: true,
    target: 'es2022',
    write: false,
    logLevel: 'silent',
  });
  return built.outputFiles[0]?.text ?? '';
}

/** The one place that `Math.random` moves as its generator does (xorshift64*, `js_math_random` in quickjs.c). */
function randomStateAt(before: Uint8Array, vm: QuickJS): number {
  vm.evalCode('Math.random()').dispose();
  const after = vm.snapshot().memory;
  const [from, to] = [new DataView(before.buffer), new DataView(after.buffer)];
  const found: number[] = [];
  for (let at = 0; at < before.length; at += 8) {
    let state = from.getBigUint64(at, true);
    if (state === 0n) continue;
    state ^= state >> 12n;
    state ^= (state << 25n) & STATE_BITS;
    state ^= state >> 27n;
    if (state === to.getBigUint64(at, true)) found.push(at);
  }
  const [place] = found;
  if (place === undefined || found.length > 1) {
    throw new Error(`the random state of the engine was found ${String(found.length)} times`);
  }
  return place;
}

/** The one place that holds it. */
function canaryAt(memory: Uint8Array): number {
  const bytes = Buffer.from(memory.buffer);
  const at = bytes.indexOf(CANARY);
  if (at < 0 || bytes.includes(CANARY, at + 1)) throw new Error('what the engine drew is not in one place');
  return at;
}

function piecesOf(memory: Uint8Array): [number, number][] {
  const pieces: [number, number][] = [];
  let end = Number.NEGATIVE_INFINITY;
  for (let at = 0; at < memory.length; at += 1) {
    if (memory[at] === 0) continue;
    const last = pieces.at(-1);
    if (last && at - end <= GAP_BYTES) last[1] = at + 1 - last[0];
    else pieces.push([at, 1]);
    end = at + 1;
  }
  return pieces;
}
