import type { Runner } from '../../contracts/runner.ts';
import { createEngineRunner, engineSpec, type EngineSource, type ImageSource } from '../kit/index.ts';
import { wasmManifest } from './manifest.ts';

export interface WasmRunnerOptions {
  readonly source: EngineSource;
}

/** Parts that come when a program is written as text. */
const LATE_PARTS = new Set(['wabt.js']);

/** A loop of compiled code looks at nothing: only a program that waits or calls the host can end in this time. */
const STOP_GRACE_MS = 40;

/** WebAssembly in boxes. */
export function createWasmRunner({ source }: WasmRunnerOptions): Runner {
  return createEngineRunner({
    manifest: wasmManifest,
    engine: () => engineSpec({ id: 'wasm', source }),
    images: () => lateParts(source),
    stopGraceMs: STOP_GRACE_MS,
  });
}

function lateParts(source: EngineSource): ImageSource {
  return {
    async load(name) {
      if (!LATE_PARTS.has(name)) return null;
      try {
        return new Uint8Array(await (await source.load(name)).arrayBuffer());
      } catch {
        return null; // the engine says that it lacks the part
      }
    },
  };
}
