import type { Exec, ExecEnd } from '../../../container/machine/index.ts';
import type { EngineHost } from '../../kit/worker/index.ts';
import type { BashOutput } from './bash.ts';
import type { Guest } from './guest.ts';
import { MemoryWatch } from './memory-watch.ts';
import { type ProgramUsed, ProgramUsage } from './program-usage.ts';
import { Stdin } from './stdin.ts';

const SIGTERM = 15;
const SIGKILL = 9;
/** What a program may take to clean up after itself once it was stopped. */
const TERM_MS = 300;
/** A machine in which a killed program does not end is broken. */
const KILL_MS = 2_500;
/** How often the worker looks at the clock, and lets output go that is no whole line. */
const LOOK_MS = 40;

interface RunOptions {
  /** Lines came with it. */
  readonly isInputGiven: boolean;
  /** A person is asked where it waits for one. */
  readonly asksForInput: boolean;
  /** Called now and then with what the program has used so far. */
  readonly onUsage: (used: ProgramUsed) => void;
}

/** Runs one program and shows what it prints, until it ends or the run must. Rejects where it cannot be ended. */
export async function runProgram(
  host: EngineHost,
  guest: Guest,
  start: (output: BashOutput) => Exec,
  { isInputGiven, asksForInput, onUsage }: RunOptions,
): Promise<ExecEnd> {
  const decoders = [new TextDecoder(), new TextDecoder()] as const;
  let isFull = false;
  const show = (stream: 1 | 2, text: string): void => {
    if (text === '' || isFull) return;
    stdin.printed(text);
    isFull = !host.write(stream, text);
  };
  const exec = start({
    onStdout: (bytes) => show(1, decoders[0].decode(bytes, { stream: true })),
    onStderr: (bytes) => show(2, decoders[1].decode(bytes, { stream: true })),
  });
  const stdin = new Stdin(host, exec, guest.readFile);
  const usage = new ProgramUsage(exec, guest.readFile, onUsage);
  const memory = new MemoryWatch(exec, guest.readFile);
  if (isInputGiven) void stdin.giveAll();
  let ended: ExecEnd | null = null;
  const done = exec.done.then((end) => (ended = end));
  while (ended === null && !isFull && !memory.isFull) {
    await host.sleep(LOOK_MS, done);
    if (host.shouldStop()) break;
    void usage.look();
    void memory.look();
    if (asksForInput) void stdin.look();
  }
  const end = ended ?? (await endProgram(exec));
  show(1, decoders[0].decode());
  show(2, decoders[1].decode());
  return memory.isFull ? endedFull(end) : end;
}

/** As Linux says it of a process that it ended itself for want of memory. */
const endedFull = (end: ExecEnd): ExecEnd =>
  'usage' in end ? { ...end, usage: { ...end.usage, outOfMemoryKills: end.usage.outOfMemoryKills + 1 } } : end;

/** Asks every process of a run to end, then ends them. */
async function endProgram(exec: Exec): Promise<ExecEnd> {
  exec.kill(SIGTERM, true);
  const asked = await within(exec.done, TERM_MS);
  // Also where the first process has ended: what it left behind was asked for in vain. One that ended well by itself has left nothing.
  if (asked?.kind !== 'exited' || typeof asked.stays !== 'number') exec.kill(SIGKILL, true);
  const end = asked ?? (await within(exec.done, KILL_MS));
  if (end === null) throw new Error('a killed program does not end: the machine hangs');
  return end;
}

async function within<T>(promise: Promise<T>, ms: number): Promise<T | null> {
  const late = Promise.withResolvers<null>();
  const timer = setTimeout(() => late.resolve(null), ms);
  const first = await Promise.race([promise, late.promise]);
  clearTimeout(timer);
  return first;
}
