import type { Machine } from '../../../src/container/machine/index.ts';
import { bash, openImage } from '../linux/open-image.ts';
import { type Answer, CASE_ENV, CASES_FOLDER, nameOf, said, type ShellCase } from './cases.ts';

const USER = 1000;
const SIGKILL = 9;
/** As many as keep the guest busy while one of them waits. */
const AT_ONCE = 4;
/** A case that takes longer hangs: on a quiet machine the slowest needs three seconds. */
const HANGS_MS = 240_000;

/** For all cases, on a machine with much else to do; it is a minute or less on a quiet one. */
export const ALL_CASES_MS = 1_200_000;

/** The answers to all cases, in order, of a machine of the image that is made for them. */
export async function answersOf(image: 'full' | 'small', cases: readonly ShellCase[]): Promise<Answer[]> {
  const machine = await openImage(image);
  try {
    return await runInGuest(machine, cases);
  } finally {
    await machine.dispose();
  }
}

/** Runs cases in a machine, several at a time, and gives their answers in order. */
async function runInGuest(machine: Machine, cases: readonly ShellCase[]): Promise<Answer[]> {
  const folders = cases.map(({ folder }) => folder.slice(CASES_FOLDER.length + 1)).join('\n');
  const made = await bash(machine, `mkdir -p ${CASES_FOLDER} && cd ${CASES_FOLDER} && xargs mkdir`, { stdin: folders });
  if (made.code !== 0) throw new Error(made.stderr);
  const answers: Answer[] = [];
  const waiting = cases.entries();
  const work = async (): Promise<void> => {
    for (const [at, one] of waiting) answers[at] = await runCase(machine, one);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return answers;
}

async function runCase(machine: Machine, one: ShellCase): Promise<Answer> {
  const { code, stdin, folder } = one;
  const pieces = { stdout: [] as Uint8Array[], stderr: [] as Uint8Array[] };
  const exec = machine.exec({
    argv: ['bash', '-c', code],
    cwd: folder,
    uid: USER,
    env: { ...CASE_ENV, PATH: '/usr/local/bin:/usr/bin:/bin', HOME: folder },
    onStdout: (bytes) => void pieces.stdout.push(bytes.slice()),
    onStderr: (bytes) => void pieces.stderr.push(bytes.slice()),
  });
  if (stdin !== '') await exec.writeStdin(new TextEncoder().encode(stdin));
  exec.closeStdin();
  const guard = setTimeout(() => exec.kill(SIGKILL, true), HANGS_MS);
  const end = await exec.done;
  clearTimeout(guard);
  if (end.kind !== 'exited') throw new Error(`${nameOf(one)}: ${JSON.stringify(end)}`);
  const stdout = said(Buffer.concat(pieces.stdout));
  return { stdout, stderr: said(Buffer.concat(pieces.stderr)), exitCode: end.code };
}
