import type { RunnerManifest } from '../../contracts/runner.ts';

export const linuxManifest: RunnerManifest = {
  id: 'linux',
  languages: ['shell'],
  extensions: { shell: ['sh', 'bash'] },
  capabilities: {
    keepsVariables: true,
    readsInput: true,
    showsFigures: false,
    hostFunctions: false,
    network: true,
    liveFiles: 'always',
  },
  // What the machine itself holds; a program's own bound is the run's.
  memoryMB: 256,
  cannot: [
    'reach the network but by HTTP and HTTPS, and not at all from the small image',
    'use more than one processor, and works 10 to 25 times slower than on the device itself',
    'be sure of a file outside of /mnt/data after its session: it is kept only as it was when the machine was saved last',
  ],
};
