import { createLinuxRunner } from '../../../src/runners/linux/index.ts';
import { nodeSource } from '../kit/node-source.ts';
import { openInNode, type TestSession } from '../kit/open-node.ts';
import { type Answer, CASE_ENV, nameOf, type ShellCase, type Shown, shown } from './cases.ts';

/** For all cases, on a machine with much else to do; it is a minute or two on a quiet one. */
export const ALL_CASES_MS = 1_200_000;
/** A case that takes longer hangs: on a quiet machine the slowest needs three seconds. */
const HANGS_MS = 240_000;

/**
 * As the product's shell begins where nothing was kept: without this each case would find what the one before left in its bash. No
 * process is started for it, nor for what comes after it: that would be half of the time of all cases.
 */
const FORGET = '>/run/companion-whole; kill -9 $$';

/** The answers to all cases, in order, of the shell that a person has: one session, a program each. */
export async function answersOf(image: 'full' | 'small', cases: readonly ShellCase[]): Promise<Answer<Shown>[]> {
  const runner = createLinuxRunner({ source: nodeSource('linux'), isSmall: () => image === 'small' });
  const shell = await openInNode(runner);
  try {
    await completed(shell, `mkdir -p ${cases.map(({ folder }) => folder).join(' ')}`);
    const answers: Answer<Shown>[] = [];
    for (const one of cases) answers.push(await runCase(shell, one));
    return answers;
  } finally {
    shell.dispose();
  }
}

async function runCase(shell: TestSession, one: ShellCase): Promise<Answer<Shown>> {
  const { code, stdin, folder } = one;
  await shell.run(FORGET);
  const env = { ...CASE_ENV, PATH: '/usr/local/bin:/usr/bin:/bin', HOME: folder };
  const set = Object.entries(env).map(([name, value]) => `${name}='${value}'`);
  await completed(shell, `cd ${folder} && export ${set.join(' ')}`);
  const lines = stdin.split('\n').slice(0, -1);
  const { outcome, stdout, stderr } = await shell.run(code, { stdin: lines, timeMs: HANGS_MS });
  if (outcome.kind !== 'completed') throw new Error(`${nameOf(one)}: ${JSON.stringify(outcome)}`);
  return { stdout: shown(stdout), stderr: shown(stderr), exitCode: outcome.exitCode };
}

async function completed(shell: TestSession, code: string): Promise<void> {
  const { outcome, stderr } = await shell.run(code);
  if (outcome.kind !== 'completed' || outcome.exitCode !== 0) throw new Error(`${code}: ${stderr}`);
}
