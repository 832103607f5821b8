import { LIMITS } from '../../contracts/limits.ts';
import type { RunnerManifest } from '../../contracts/runner.ts';

export const pythonManifest: RunnerManifest = {
  id: 'python',
  languages: ['python'],
  extensions: { python: ['py'] },
  capabilities: {
    keepsVariables: true,
    readsInput: true,
    showsFigures: true,
    hostFunctions: true,
    network: true,
    liveFiles: 'withSharedMemory',
  },
  memoryMB: LIMITS.pythonMemoryMB.standard,
  cannot: [
    'reach hosts that nobody allowed for its conversation',
    'start other programs, or threads that run at the same time',
    'use packages that have no build for browsers, such as torch and tensorflow',
  ],
};
