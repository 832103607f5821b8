import { spawnSync } from 'node:child_process';
import { chromiumPrograms, firefoxPrograms } from '../tests/support/browsers/extension-under-test.ts';
import { findProgram } from './find-program.ts';

interface Program {
  readonly variable: string;
  readonly candidates: readonly string[];
  /** The Debian package that brings it. */
  readonly packageName: string;
}

const programs: Readonly<Record<'chromium' | 'firefox', Program>> = {
  chromium: { variable: 'CHROMIUM', candidates: chromiumPrograms, packageName: 'chromium' },
  firefox: { variable: 'FIREFOX', candidates: firefoxPrograms, packageName: 'firefox-esr' },
};

/**
 * Makes sure that the browsers are there. The packages of npm and Node 24 come from `bootstrap.mjs`, what wheels need
 * from the vendor tool. Throws one sentence with the command that would help when something cannot be installed.
 */
export async function ensureSetUp(
  wanted: readonly ('chromium' | 'firefox')[] = ['chromium', 'firefox'],
): Promise<void> {
  const missing = wanted.map((name) => programs[name]).filter((program) => !isThere(program));
  if (missing.length === 0) return;
  const names = missing.map((program) => program.packageName);
  const command = `apt-get update; apt-get install -y --no-install-recommends ${names.join(' ')}`;
  if (process.platform !== 'linux' || findProgram(['apt-get']) === undefined) {
    throw new Error(
      `This machine has no ${names.join(' and no ')}; install it, or name the program in ${missing.map((program) => program.variable).join(' and ')}.`,
    );
  }
  if (process.getuid?.() !== 0)
    throw new Error(`This machine has no ${names.join(' and no ')}; install it as root with: ${command}`);
  process.stderr.write(`· installing ${names.join(' and ')}\n`);
  // A fresh machine has no lists or old ones, and old ones name old browsers. Where they cannot be renewed they have to do.
  aptGet(['update']);
  const isInstalled = aptGet(['install', '-y', '--no-install-recommends', ...names]);
  const still = missing.filter((program) => !isThere(program));
  if (!isInstalled || still.length > 0)
    throw new Error(`${names.join(' and ')} could not be installed; see the lines above and run: ${command}`);
}

function isThere(program: Program): boolean {
  const named = process.env[program.variable];
  return findProgram([...(named === undefined ? [] : [named]), ...program.candidates]) !== undefined;
}

function aptGet(args: readonly string[]): boolean {
  const done = spawnSync('apt-get', args, {
    stdio: ['ignore', 2, 2],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });
  return done.status === 0;
}
