import type { EngineFile, EngineModule, EngineSpec, EngineStage } from '../../contracts/box.ts';
import type { EngineStart } from '../../contracts/runner-protocol.ts';
import type { Settings } from '../../contracts/settings.ts';
import type { ImageIndex, ReplayRecord } from './heap/index.ts';

/** Where the engine's files come from: the extension's package, or a folder in tests. */
export interface EngineSource {
  /** Bytes of a vendored file, by its name in public/vendor/python. */
  load(name: string): Promise<ArrayBuffer>;
  /** The worker's script as text. */
  script(): Promise<string>;
}

const WASM = 'pyodide.asm.wasm';
const IMAGE = 'packages.image';
/** Devices with this much memory or less (GB) get the small start. */
const SHORT_MEMORY_GB = 4;

/** Files of the extension's own package, from the page that calls. `root` ends with a slash. */
export function packagedSource(root: string): EngineSource {
  const get = async (path: string): Promise<Response> => {
    const response = await fetch(`${root}${path}`);
    if (!response.ok) throw new Error(`${path} is not in the package`);
    return response;
  };
  return {
    load: async (name) => (await get(`vendor/python/${name}`)).arrayBuffer(),
    script: async () => (await get('python-worker.js')).text(),
  };
}

/** Which start a device gets; `deviceMemory` in GB as the browser tells it, undefined where it does not. */
export function chooseStart(setting: Settings['pythonStart'], deviceMemory: number | undefined): EngineStart {
  if (setting !== 'auto') return setting;
  return deviceMemory !== undefined && deviceMemory <= SHORT_MEMORY_GB ? 'base' : 'science';
}

/** Names the files that a start needs. Every start also holds what a cold start needs, the fallback. */
export async function createEngineSpec(source: EngineSource, start: EngineStart): Promise<EngineSpec> {
  const sizes = await readSizes(source, start);
  const plain = (name: string, stage: EngineStage): EngineFile => ({
    name,
    stage,
    inflatedBytes: null,
    load: () => source.load(name),
  });
  const packed = (name: string): EngineFile => ({
    name,
    stage: 2,
    inflatedBytes: sizes[name] ?? 0,
    load: () => source.load(`${name}.gz`),
  });
  const files = [
    plain('pyodide.js', 0),
    plain('pyodide.asm.js', 0),
    plain(WASM, 1),
    plain('python-stdlib.bin', 2),
    plain('lock.json', 2),
    plain('packages.index.json', 2),
    packed(IMAGE),
    ...(start === 'cold' ? [] : [packed(`${start}.heap`)]),
    ...(start === 'science' ? [plain('science.replay.json', 2)] : []),
  ];
  return {
    id: `python-${start}`,
    script: () => source.script(),
    files,
    modules: () => modulesOf(source, start),
  };
}

/** Raw sizes of the packed files; from the trailer of each where the table is missing. */
async function readSizes(source: EngineSource, start: EngineStart): Promise<Readonly<Record<string, number>>> {
  try {
    return JSON.parse(text(await source.load('sizes.json'))) as Readonly<Record<string, number>>;
  } catch {
    // An older vendored folder has no table; gzip says the size itself, in its last four bytes.
    const names = [IMAGE, ...(start === 'cold' ? [] : [`${start}.heap`])];
    const entries = names.map(async (name): Promise<[string, number]> => {
      const packed = await source.load(`${name}.gz`);
      return [name, new DataView(packed).getUint32(packed.byteLength - 4, true)];
    });
    return Object.fromEntries(await Promise.all(entries));
  }
}

/** The main module, and those side modules that lie in the saved heap; others are loaded when they are imported. */
async function modulesOf(source: EngineSource, start: EngineStart): Promise<readonly EngineModule[]> {
  const main: EngineModule = { name: WASM, file: WASM, slice: null };
  if (start !== 'science') return [main];
  const [index, record] = await Promise.all([source.load('packages.index.json'), source.load('science.replay.json')]);
  const places = new Map((JSON.parse(text(index)) as ImageIndex).entries.map((entry) => [entry[0], entry]));
  const sides = (JSON.parse(text(record)) as ReplayRecord).libraries.flatMap(({ name }): EngineModule[] => {
    const place = places.get(name);
    return place ? [{ name, file: IMAGE, slice: { offset: place[1], length: place[2] } }] : [];
  });
  return [main, ...sides];
}

const text = (bytes: ArrayBuffer): string => new TextDecoder().decode(bytes);
