import { LIMITS } from '../../contracts/limits.ts';
import type { RunnerManifest } from '../../contracts/runner.ts';

export const wasmManifest: RunnerManifest = {
  id: 'wasm',
  languages: ['wasm'],
  extensions: { wasm: ['wasm', 'wat'] },
  capabilities: {
    keepsVariables: false,
    readsInput: true,
    showsFigures: false,
    hostFunctions: true,
    network: false,
    liveFiles: 'withSharedMemory',
  },
  memoryMB: LIMITS.otherMemoryMB.standard,
  cannot: [
    'reach the network',
    'use threads, 64-bit memories, garbage-collected types or components',
    'see the files of the workspace unless it says ";; files: on"',
    'be stopped without losing its state: its worker is ended',
  ],
};
