import { LIMITS } from '../../contracts/limits.ts';
import type { RunnerManifest } from '../../contracts/runner.ts';

export const javascriptManifest: RunnerManifest = {
  id: 'javascript',
  languages: ['javascript', 'typescript'],
  extensions: { javascript: ['js', 'mjs', 'cjs'], typescript: ['ts', 'mts', 'cts'] },
  capabilities: {
    keepsVariables: true,
    readsInput: true,
    showsFigures: false,
    hostFunctions: true,
    network: true,
    liveFiles: 'withSharedMemory',
  },
  memoryMB: LIMITS.otherMemoryMB.standard,
  cannot: [
    'change a web page: there is no document and no window',
    'reach hosts that nobody allowed for its conversation',
    'start other programs or threads, or open sockets',
    'import packages of npm that are not bundled',
    'load native modules or WebAssembly',
  ],
};
