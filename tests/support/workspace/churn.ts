import type { SessionFiles } from '../../../src/contracts/files.ts';
import { write } from '../files-contract.ts';

// Runs in a page of a real browser: work that somebody ends in the middle, and the look at what it left.

type Files = Pick<SessionFiles, 'perform' | 'all'>;

const STATE_BYTES = 60_000;
/** Operations under way at a time, so that an end finds some begun, some waiting. */
const AT_ONCE = 6;

/** Every seventh file is too large for the log. */
const sizeOf = (n: number): number => (n % 7 === 0 ? 100_000 : ((n * 37) % 3_000) + 1);
const byteOf = (n: number): number => (n % 251) + 1;

/** Writes file after file, and one file over and over; `onDone` gets the number of each that was answered. Until it ends. */
export async function churn(files: Files, onDone: (n: number) => void): Promise<never> {
  let next = 0;
  const one = async (): Promise<never> => {
    for (;;) {
      const n = next;
      next += 1;
      const answers = await Promise.all([
        files.perform(write(`f${n}.part`, new Uint8Array(sizeOf(n)).fill(byteOf(n)))),
        files.perform({ op: 'rename', path: `f${n}.part`, to: `f${n}` }),
        files.perform(write('state', new Uint8Array(STATE_BYTES).fill(byteOf(n)), 0, 0)),
      ]);
      if (!answers.every((answer) => answer.ok)) throw new Error(`${n}: ${JSON.stringify(answers)}`);
      onDone(n);
    }
  };
  return Promise.race(Array.from({ length: AT_ONCE }, one));
}

export interface ChurnLeft {
  /** Numbers of the files that are there. */
  readonly found: readonly number[];
  /** Whatever is neither whole nor absent. */
  readonly torn: readonly string[];
}

export async function whatChurnLeft(files: Files): Promise<ChurnLeft> {
  const found: number[] = [];
  const torn: string[] = [];
  for (const { path, sizeBytes } of await files.all()) {
    const answer = await files.perform({ op: 'read', path, position: 0, length: sizeBytes + 1 });
    const bytes = answer.ok ? (answer.bytes ?? new Uint8Array(0)) : new Uint8Array(0);
    const n = Number(/^f(\d+)/.exec(path)?.[1] ?? -1);
    const wanted = n < 0 ? STATE_BYTES : sizeOf(n);
    const byte = n < 0 ? bytes[0] : byteOf(n);
    // The state is cut and written in one operation, so that it is never empty or half.
    if (bytes.length !== wanted || bytes.some((each) => each !== byte))
      torn.push(`${path}: ${bytes.length} of ${wanted}`);
    if (n >= 0 && !path.endsWith('.part')) found.push(n);
  }
  return { found, torn };
}
