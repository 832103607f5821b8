/**
 * Records what real Node prints for each program of tests/fixtures/javascript: `node tools/record-javascript.ts`. Writes
 * `<program>.json` beside it; the test compares what the runner prints. Lines of input stand behind `// stdin:`.
 */
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..');
const PROGRAMS = join(ROOT, 'tests/fixtures/javascript');
// Below the root, so that imports of bundled packages find them.
const CACHE = join(ROOT, '.cache');

mkdirSync(CACHE, { recursive: true });
for (const name of readdirSync(PROGRAMS).filter((file) => /\.(?:mjs|cjs|typescript)$/u.test(file))) {
  const code = readFileSync(join(PROGRAMS, name), 'utf8');
  const folder = mkdtempSync(join(CACHE, 'snippet-'));
  const place = join(folder, name.replace(/\.typescript$/u, '.mts'));
  copyFileSync(join(PROGRAMS, name), place);
  const input = /\/\/ stdin: (.*)$/mu
    .exec(code)?.[1]
    ?.split(' ')
    .map((line) => `${line}\n`);
  const ran = spawnSync(process.execPath, ['--no-warnings', '--experimental-transform-types', place], {
    cwd: folder,
    input: input?.join('') ?? '',
    encoding: 'utf8',
    env: { ...process.env, TZ: 'UTC' },
  });
  rmSync(folder, { recursive: true, force: true });
  const recorded = { node: process.version, exitCode: ran.status, stdout: ran.stdout, stderr: ran.stderr };
  writeFileSync(join(PROGRAMS, `${name}.json`), `${JSON.stringify(recorded, null, 2)}\n`);
  if (/Error/u.test(ran.stderr)) console.error(`${name}: ${ran.stderr.slice(0, 300)}`);
}
