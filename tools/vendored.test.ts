import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import { testFolder } from '../tests/support/test-folder.ts';

const root = join(import.meta.dirname, '..');
const clone = join(testFolder('no-linux'), 'clone');
const linux = join(clone, 'public/vendor/linux');

const SAY = `(await import('./tools/vendored.ts')).sayWhetherLinux()`;

/** What `sayWhetherLinux` says in a clone; it has no program on its path to build with. */
async function said(): Promise<string> {
  const tool = spawn(process.execPath, ['--no-warnings', '--eval', SAY], {
    cwd: clone,
    env: { PATH: '', HOME: clone },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  return text(tool.stderr);
}

it('a clone without Linux, or with an older one, is told of it, and nothing is built', async () => {
  mkdirSync(clone);
  for (const folder of ['tools', 'src']) cpSync(join(root, folder), join(clone, folder), { recursive: true });
  writeFileSync(join(clone, 'package.json'), '{"type":"module"}');
  symlinkSync(join(root, 'node_modules'), join(clone, 'node_modules'));
  expect(await said()).toBe('The Linux images are not built; npm run build:linux makes them, in some minutes.\n');
  expect(existsSync(linux)).toBe(false);

  mkdirSync(linux, { recursive: true });
  const image = { state: 'x', memoryMB: 128, vgaMemoryMB: 1, disk: null, python: null };
  const older = { version: 1, madeFrom: 'x', v86Version: '1', files: [], images: { full: image, small: image } };
  writeFileSync(join(linux, 'manifest.json'), JSON.stringify(older));
  expect(await said()).toBe(
    'The Linux images are older than their sources; npm run build:linux makes them, in some minutes.\n',
  );
  expect(readFileSync(join(linux, 'manifest.json'), 'utf8')).toBe(JSON.stringify(older));
});
