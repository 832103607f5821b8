import { V86 } from 'v86';
import { openMachine, type V86Constructor } from '../../../src/container/machine/index.ts';
import { type CreateEngine, serveEngine, type WorkerScope } from '../../../src/runners/kit/worker/index.ts';
import { bytesOf, readImage } from '../../../src/runners/linux/worker/image.ts';
import { CONTAINER_CASES } from './cases.ts';

// In the place of the Linux runner's worker, in the product's box and with its image: a program is the name of a case of the
// container suite, and its value what the case saw, as JSON.

const createSuite: CreateEngine = async (host) => {
  const wasm = host.modules.get('v86.wasm');
  if (!wasm) throw new Error('there is no emulator');
  const image = readImage(host, wasm);
  let state: Uint8Array = await image.state();
  const machine = await openMachine({
    V86: V86 as unknown as V86Constructor,
    wasm,
    bios: bytesOf(host, 'bios.bin'),
    vgaBios: bytesOf(host, 'vgabios.bin'),
    state: async () => state,
    disk: image.disk,
    memoryMB: image.memoryMB,
    vgaMemoryMB: image.vgaMemoryMB,
    share: () => undefined,
  });
  const goBack = (given: Uint8Array): Promise<void> => {
    state = given;
    return machine.reset();
  };
  return {
    version: 'container suite',
    memoryBytes: () => 0,
    async execute({ code }) {
      const found = CONTAINER_CASES.find(({ name }) => name === code);
      if (found === undefined) throw new Error(`there is no case ${code}`);
      return { exitCode: 0, result: JSON.stringify(await found.run(machine, goBack)), error: null };
    },
    validate: async () => null,
  };
};

export function startContainerSuite(scope: WorkerScope): void {
  serveEngine(scope, createSuite);
}
