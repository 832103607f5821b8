import { LIMITS } from '../../contracts/limits.ts';
import type { RunnerManifest } from '../../contracts/runner.ts';

export const luaManifest: RunnerManifest = {
  id: 'lua',
  languages: ['lua'],
  extensions: { lua: ['lua'] },
  capabilities: {
    keepsVariables: true,
    readsInput: true,
    showsFigures: false,
    hostFunctions: true,
    network: false,
    liveFiles: 'withSharedMemory',
  },
  memoryMB: LIMITS.otherMemoryMB.standard,
  cannot: [
    'reach the network',
    'start other programs',
    'load compiled chunks or C modules, or packages from LuaRocks that are no files of the workspace',
    'use __gc finalizers, or reach into other functions with the debug library',
  ],
};
