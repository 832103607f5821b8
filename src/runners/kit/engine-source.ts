import type { EngineFile, EngineSpec } from '../../contracts/box.ts';
import type { MachineSpec } from '../../contracts/machine-spec.ts';
import { initializeMessage } from './start-worker.ts';

/** Where an engine's files come from: the extension's package, or a folder in tests. */
export interface EngineSource {
  /** A vendored file, by its name in public/vendor/<id>. */
  load(name: string): Promise<Blob>;
  /** The same as bytes that nobody else has. */
  readonly bytes?: (name: string) => Promise<ArrayBuffer>;
  /** The worker's script as text. */
  script(): Promise<string>;
  /** Another script of the build, by its name at the package's root. */
  built?(name: string): Promise<Blob>;
}

/** Parts of an engine that come late, when a running program wants them. */
export interface ImageSource {
  /** The bytes of a part, or null where there is none of this name. Never rejects. */
  load(name: string): Promise<Uint8Array | null>;
}

export const NO_IMAGES: ImageSource = { load: () => Promise.resolve(null) };

/**
 * Files of the extension's own package, from the page that calls: `vendor/<id>/<name>` and `<id>-worker.js`. `root` ends
 * with a slash. All reject where the package lacks the file. Each is read whole: Chromium checks what it reads of an
 * extension from the store against hashes of whole blocks, and takes the end of a range for a corrupted file. `ahead` gives
 * what is being read already, by its path in the package.
 */
export function packagedSource(
  root: string,
  id: string,
  ahead: (path: string) => Promise<Blob> | undefined = () => undefined,
): Required<EngineSource> {
  const open = async (path: string): Promise<Response> => {
    const response = await fetch(`${root}${path}`);
    if (!response.ok) throw new Error(`${path} is not in the package`);
    return response;
  };
  const get = async (path: string): Promise<Blob> => {
    const early = await ahead(path)?.catch(() => undefined); // asked for once more, and its failure told
    return early ?? (await open(path)).blob();
  };
  return {
    load: (name) => get(`vendor/${id}/${name}`),
    bytes: async (name) => (await open(`vendor/${id}/${name}`)).arrayBuffer(),
    script: async () => (await get(`${id}-worker.js`)).text(),
    built: (name) => get(name),
  };
}

/** A file of the package that a box reads for itself where that is quicker (decisions 0122, 0183); elsewhere, as all others. */
export const readAnew = (source: EngineSource, name: string): EngineFile => {
  const { bytes } = source;
  return { name, load: () => source.load(name), ...(bytes && { loadBytes: () => bytes(name) }) };
};

export interface EngineParts {
  readonly id: string;
  readonly source: EngineSource;
  /** Names of vendored files that the worker gets as bytes. */
  readonly files?: readonly string[];
  /** Names of vendored `.wasm` files that the worker gets compiled. */
  readonly modules?: readonly string[];
  /** Names of big vendored files that the worker gets as blobs and reads from as needed. */
  readonly blobs?: readonly string[];
  /** The same, of those without which it starts: they come after all else. */
  readonly lateBlobs?: readonly string[];
  /** True for a big one: all but its late blobs is read from the package for each box anew, where that is quicker (decision 0183). */
  readonly isReadAnew?: boolean;
  /** False for an engine that costs too much to be kept started ahead of need. */
  readonly startsWhole?: boolean;
  /** True for one that is started ahead of need only where somebody is about to want it. */
  readonly isCostly?: boolean;
  /** What its worker is told to make of itself. */
  readonly machine?: MachineSpec | undefined;
}

/** An engine without a saved heap: everything but late blobs comes before `initialize` is answered; so it can start ahead of need. */
export function engineSpec({
  id,
  source,
  files = [],
  modules = [],
  blobs = [],
  lateBlobs = [],
  isReadAnew = false,
  startsWhole = true,
  isCostly = false,
  machine,
}: EngineParts): EngineSpec {
  const file = (name: string): EngineFile => ({ name, load: () => source.load(name) });
  const early = (name: string) => (isReadAnew ? readAnew(source, name) : file(name));
  return {
    id,
    script: () => source.script(),
    files: [
      ...[...files, ...modules].map(early),
      ...blobs.map((name) => ({ ...early(name), asBlob: true })),
      ...lateBlobs.map((name) => ({ ...file(name), asBlob: true, stage: 1 as const })),
    ],
    modules: () => Promise.resolve(modules.map((name) => ({ name, file: name, slice: null }))),
    opening: initializeMessage('cold', machine),
    startsWhole,
    isCostly,
  };
}
