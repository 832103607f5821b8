import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { beforeAll, expect, test } from 'vitest';
import type { V86Constructor } from '../../src/container/machine/index.ts';
import { V86_SCRIPT, withSharedPorts } from '../../tools/shared-ports.ts';
import { needsLinuxImage } from '../support/linux-image.ts';
import { openShell } from '../support/linux/node-machine.ts';
import { testFolder } from '../support/test-folder.ts';

/** As the extension's build finds it. */
const SCRIPT = fileURLToPath(import.meta.resolve('v86'));

const folder = testFolder('shared-ports', { 'libv86.mjs': withSharedPorts(readFileSync(SCRIPT, 'utf8')) });
beforeAll(needsLinuxImage);

test('a machine works whose ports without a device are one entry', async () => {
  const made: { readonly v86: { readonly cpu: { readonly io: { readonly ports: readonly unknown[] } } } }[] = [];
  const { V86 } = (await import(pathToFileURL(join(folder, 'libv86.mjs')).href)) as { readonly V86: V86Constructor };
  class Seen extends V86 {
    constructor(options: ConstructorParameters<V86Constructor>[0]) {
      super(options);
      made.push(this as unknown as (typeof made)[number]);
    }
  }
  const { machine, run } = await openShell({ V86: Seen });
  expect(await run('seq 3 | sort -r | tr -d "\\n"; ls /dev/hvc0')).toMatchObject({
    end: { kind: 'exited', code: 0 },
    stdout: '321/dev/hvc0\n',
  });
  const ports = made[0]?.v86.cpu.io.ports ?? [];
  expect(ports).toHaveLength(65_536);
  // Those of devices; the rest is one.
  expect(new Set(ports).size).toBeGreaterThan(100);
  expect(new Set(ports).size).toBeLessThan(2_000);
  await machine.dispose();
});

test('the script of v86 is the one that a build changes', () => {
  expect(SCRIPT).toMatch(V86_SCRIPT);
});

test('a script with other ports, or other ways to a device, is refused', () => {
  expect(() => withSharedPorts('this.ports=[];')).toThrow('class IO');
  const script = readFileSync(SCRIPT, 'utf8');
  expect(() => withSharedPorts(script.replaceAll('register_read=', 'listen='))).toThrow('class IO');
});
