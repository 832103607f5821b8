import type { RunnerManifest } from '../../contracts/runner.ts';

export const pythonManifest: RunnerManifest = {
  id: 'python',
  languages: ['python'],
  capabilities: { keepsVariables: true, readsInput: true, showsFigures: true, liveFiles: 'withSharedMemory' },
};
