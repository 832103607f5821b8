import { createHash } from 'node:crypto';
import { existsSync, globSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { runStep } from './run-step.ts';

export type BuildTarget = 'chrome' | 'firefox' | 'chromium-android';
export type BuildMode = 'development' | 'staging' | 'production';

const ROOT = join(import.meta.dirname, '..');

/** Kiwi and its like take the same package as Chrome: no background page, features found at run time. */
const WXT_BROWSER: Record<BuildTarget, string> = { chrome: 'chrome', firefox: 'firefox', 'chromium-android': 'chrome' };

/** The folder under `extension/` that a build lands in, absolute. */
export function builtFolder(target: BuildTarget, mode: BuildMode = 'production'): string {
  const suffix = mode === 'production' ? '' : mode === 'development' ? '-dev' : '-staging';
  return join(ROOT, 'extension', `${WXT_BROWSER[target]}-mv3${suffix}`);
}

/** What a build reads; the lock file stands for the packages. */
const INPUTS = [
  'src/**/*',
  'entrypoints/**/*',
  'public/**/*',
  'package.json',
  'package-lock.json',
  'wxt.config.ts',
  'tsconfig*.json',
  'LICENSE',
  'NOTICE',
  'tools/bundled-packages.ts',
  'tools/calm-emulator.ts',
  'tools/licence-text.ts',
  'tools/node-parts.ts',
  'tools/shared-ports.ts',
  'tools/short-words.ts',
  'tools/engines/save-guest.ts',
  'tools/vendor/digest.ts',
];

/** The files that the extension is made of, tests left out, relative to the root. */
export function buildInputs(): string[] {
  return globSync(INPUTS, { cwd: ROOT })
    .filter((file) => !/\.test\.tsx?$/.test(file) && statSync(join(ROOT, file)).isFile())
    .sort();
}

/** One hash over everything that goes into the extension; large vendored files count by size and time. */
function inputHash(target: BuildTarget, mode: BuildMode): string {
  const hash = createHash('sha256').update(`${WXT_BROWSER[target]} ${mode}\n`);
  for (const file of buildInputs()) {
    const path = join(ROOT, file);
    const stat = statSync(path);
    hash.update(`${file}\n`);
    if (file.startsWith(join('public', 'vendor'))) hash.update(`${stat.size} ${stat.mtimeMs}\n`);
    else hash.update(readFileSync(path));
  }
  return hash.digest('hex');
}

/** Builds the extension unless the same inputs were built before. Returns the folder. */
export async function ensureBuilt(target: BuildTarget, mode: BuildMode = 'production'): Promise<string> {
  const folder = builtFolder(target, mode);
  const key = inputHash(target, mode);
  // One for each folder, whoever asked for it.
  const marker = join(ROOT, '.cache', 'build', basename(folder));
  if (existsSync(join(folder, 'manifest.json')) && existsSync(marker) && readFileSync(marker, 'utf8') === key)
    return folder;
  await runStep(`build for ${target}`, join(ROOT, 'node_modules', '.bin', 'wxt'), [
    'build',
    '-b',
    WXT_BROWSER[target],
    '-m',
    mode,
  ]);
  mkdirSync(join(ROOT, '.cache', 'build'), { recursive: true });
  writeFileSync(marker, key);
  return folder;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { browser: { type: 'string', default: 'chrome' }, mode: { type: 'string', default: 'production' } },
  });
  if (!(values.browser in WXT_BROWSER))
    throw new Error(`--browser takes chrome, firefox or chromium-android, not ${values.browser}`);
  if (!['development', 'staging', 'production'].includes(values.mode)) {
    throw new Error(`--mode takes development, staging or production, not ${values.mode}`);
  }
  const { ensureVendored, sayWhetherLinux } = await import('./vendored.ts');
  await ensureVendored();
  await sayWhetherLinux();
  process.stdout.write(`${await ensureBuilt(values.browser as BuildTarget, values.mode as BuildMode)}\n`);
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  main().catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  });
}
