import { afterAll, beforeAll, expect, test } from 'vitest';
import { CONTAINER_CASES } from '../support/container/cases.ts';
import { openShell, type Shell, smallParts } from '../support/linux/node-machine.ts';
import { needsLinuxImage } from '../support/linux-image.ts';

let shell: Shell;
let state: Uint8Array;
beforeAll(async () => {
  needsLinuxImage();
  state = smallParts().state as Uint8Array;
  shell = await openShell({ state: async () => state });
});
const goBack = (given: Uint8Array): Promise<void> => {
  state = given;
  return shell.machine.reset();
};
afterAll(() => shell.machine.dispose());

test.for(CONTAINER_CASES)('a container in Node: $name', async ({ run, expected }) => {
  expect(await run(shell.machine, goBack)).toEqual(expected);
});
