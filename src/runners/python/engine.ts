import type { EngineFile, EngineModule, EngineSpec, EngineStage } from '../../contracts/box.ts';
import type { EngineStart } from '../../contracts/runner-protocol.ts';
import type { Settings } from '../../contracts/settings.ts';
import { type EngineSource, type ImageSource, readAnew } from '../kit/index.ts';
import { heapMapName, heapPieces, type ModulePlace, type ReplayRecord } from './heap/index.ts';

const WASM = 'pyodide.asm.wasm';
/** The side modules that every science start uses. */
const FIRST_IMAGE = 'first.image';
/** Side modules of the science heap, and what its packages import late. */
const CORE_IMAGE = 'core.image';
/** Stand for the science heap's side modules until they are used. */
const STUBS = 'science.stubs.wasm';
/** Lie in the package as they are, because starts wait for them; the others are gzip. */
const PLAIN_IMAGES = new Set(['base.image', FIRST_IMAGE, CORE_IMAGE]);
/** Devices with this much memory or less (GB) get the small start. */
const SHORT_MEMORY_GB = 4;

/** Which start a device gets; `deviceMemory` in GB as the browser tells it, undefined where it does not. */
export function chooseStart(setting: Settings['pythonStart'], deviceMemory: number | undefined): EngineStart {
  if (setting !== 'auto') return setting;
  return deviceMemory !== undefined && deviceMemory <= SHORT_MEMORY_GB ? 'base' : 'science';
}

/** Names the files that a start needs. Every start also holds what a cold start needs, the fallback. */
export function createEngineSpec(source: EngineSource, start: EngineStart): EngineSpec {
  const file = (name: string, stage: EngineStage): EngineFile => ({ ...readAnew(source, name), stage });
  const files = [
    file('pyodide.js', 0),
    file('pyodide.asm.js', 0),
    // what an interpreter is made of before its heap is there
    file(WASM, 1),
    file('python-stdlib.bin', 1),
    file('lock.json', 1),
    file('manifest.json', 1),
    file('known-packages.json', 1),
    ...(start === 'science'
      ? [file(FIRST_IMAGE, 1), file(STUBS, 1), file('science.replay.json', 1), file('core.index.json', 1)]
      : []),
    file('base.image', 1),
    ...(start === 'cold' ? [] : [file(heapMapName(start), 1)]),
    // what is restored last, and most of all bytes
    ...(start === 'cold' ? [] : heapPieces(start).map((name) => file(name, 2))),
    ...(start === 'science' ? [{ ...file(CORE_IMAGE, 1), asBlob: true }] : []),
  ];
  return {
    id: `python-${start}`,
    script: () => source.script(),
    files,
    modules: () => modulesOf(source, start),
  };
}

/** Raw sizes of the packed images, by their names without `.gz`. */
async function readSizes(source: EngineSource): Promise<Readonly<Record<string, number>>> {
  return JSON.parse(await (await source.load('sizes.json')).text()) as Readonly<Record<string, number>>;
}

/**
 * The main module, and those side modules that lie in the saved heap; others are loaded when they are imported. Those of
 * the heap come late: their stand-ins load what is used before.
 */
async function modulesOf(source: EngineSource, start: EngineStart): Promise<readonly EngineModule[]> {
  const main: EngineModule = { name: WASM, file: WASM, slice: null };
  if (start !== 'science') return [main];
  const [places, record] = await Promise.all(
    ['science.modules.json', 'science.replay.json'].map(async (name) => (await source.load(name)).text()),
  );
  const placeOf = JSON.parse(places ?? '') as Readonly<Record<string, ModulePlace>>;
  const sides = (JSON.parse(record ?? '') as ReplayRecord).libraries.flatMap(({ name }): EngineModule[] => {
    const place = placeOf[name];
    return place ? [{ name, file: place.file, slice: { offset: place.offset, length: place.length } }] : [];
  });
  return [main, { name: STUBS, file: STUBS, slice: null }, ...sides];
}

/** Images of packages that come when a program imports them. Keeps the last one, which is read piece by piece. */
export function createImageSource(source: EngineSource): ImageSource {
  let sizes: Promise<Readonly<Record<string, number>>> | null = null;
  let last: { readonly name: string; readonly bytes: Promise<Uint8Array | null> } | null = null;
  const read = async (name: string): Promise<Uint8Array | null> => {
    try {
      sizes ??= readSizes(source);
      const raw = (await sizes)[name];
      if (raw === undefined || !name.endsWith('.image')) return null;
      const packed = await source.load(PLAIN_IMAGES.has(name) ? name : `${name}.gz`);
      const stream = packed.stream();
      const inflated = PLAIN_IMAGES.has(name) ? stream : stream.pipeThrough(new DecompressionStream('gzip'));
      return new Uint8Array(await new Response(inflated).arrayBuffer());
    } catch {
      return null; // the import that asked fails and says so
    }
  };
  return {
    load(name) {
      if (last?.name !== name) last = { name, bytes: read(name) };
      return last.bytes;
    },
  };
}
