import type { EngineSpec } from '../../contracts/box.ts';
import type { ToWorker } from '../../contracts/runner-protocol.ts';
import type { Runner } from '../../contracts/runner.ts';
import { createEngineRunner, engineSpec, type EngineSource, type ImageSource } from '../kit/index.ts';
import { javascriptManifest } from './manifest.ts';

export interface JavaScriptRunnerOptions {
  /** Its `built` gives the guest as the build saved it. */
  readonly source: EngineSource;
}

const GUEST = 'javascript-guest.memory';
const MODULES = ['quickjs.wasm', 'encoding.wasm', 'crypto.wasm', 'headers.wasm', 'structured-clone.wasm'];
/** Large, and wanted by few programs: they come when one does. */
const LATE: ReadonlySet<string> = new Set(['swc.js', 'swc.wasm', 'packages.json', 'native.js']);

/** The shortest way through the engine that a program takes. */
const FIRST_LINE: ToWorker = {
  kind: 'execute',
  run: 1,
  language: 'javascript',
  code: 'console.log(1)',
  stdin: [],
  timeMs: 5_000,
  memoryMB: javascriptManifest.memoryMB,
  files: [],
};

/** What a box gets to run JavaScript. */
export function javascriptEngine(source: EngineSource): EngineSpec {
  const spec = engineSpec({ id: 'javascript', source, files: ['acorn.js'], modules: MODULES });
  const rehearsal = { posts: [FIRST_LINE], lastKind: 'result' };
  return { ...spec, rehearsal, files: [...spec.files, { name: GUEST, load: () => guestOf(source) }] };
}

/** JavaScript and TypeScript in boxes. */
export function createJavaScriptRunner({ source }: JavaScriptRunnerOptions): Runner {
  const engine = (): EngineSpec => javascriptEngine(source);
  return createEngineRunner({ manifest: javascriptManifest, engine, images: () => lateParts(source) });
}

async function guestOf(source: EngineSource): Promise<Blob> {
  if (!source.built) throw new Error(`this source has no ${GUEST}`);
  return source.built(GUEST);
}

function lateParts(source: EngineSource): ImageSource {
  const kept = new Map<string, Promise<Uint8Array | null>>();
  const read = async (name: string): Promise<Uint8Array | null> => {
    try {
      return new Uint8Array(await (await source.load(name)).arrayBuffer());
    } catch {
      return null; // the program that wanted it fails and says so
    }
  };
  return {
    load(name) {
      if (!LATE.has(name)) return Promise.resolve(null);
      const known = kept.get(name) ?? read(name);
      kept.set(name, known);
      return known;
    },
  };
}
