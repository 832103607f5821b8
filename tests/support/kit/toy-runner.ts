import type { Runner, RunnerManifest } from '../../../src/contracts/runner.ts';
import { createEngineRunner, engineSpec, type EngineSource } from '../../../src/runners/kit/index.ts';

const manifest: RunnerManifest = {
  id: 'toy',
  languages: ['shell'],
  extensions: { shell: ['toy'] },
  capabilities: {
    keepsVariables: true,
    readsInput: true,
    showsFigures: false,
    hostFunctions: true,
    network: false,
    liveFiles: 'withSharedMemory',
  },
  memoryMB: 16,
  cannot: ['be of any use outside of tests'],
};

/** The runner of the toy language. */
export function createToyRunner(source: EngineSource, parts: Readonly<Record<string, string>> = {}): Runner {
  return createEngineRunner({
    manifest,
    engine: () => engineSpec({ id: 'toy', source }),
    images: () => ({
      load: async (name) => (parts[name] === undefined ? null : new TextEncoder().encode(parts[name])),
    }),
  });
}
