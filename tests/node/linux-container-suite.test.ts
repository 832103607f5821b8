import { afterAll, beforeAll, expect, test } from 'vitest';
import { CONTAINER_CASES } from '../support/container/cases.ts';
import { openShell, type Shell } from '../support/linux/node-machine.ts';
import { needsLinuxImage } from '../support/linux-image.ts';

let shell: Shell;
beforeAll(async () => {
  needsLinuxImage();
  shell = await openShell();
});
afterAll(() => shell.machine.dispose());

test.for(CONTAINER_CASES)('a container in Node: $name', async ({ run, expected }) => {
  expect(await run(shell.machine, async (state) => (await openShell({ state })).machine)).toEqual(expected);
});
