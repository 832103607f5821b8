import { expect, onTestFinished, test, vi } from 'vitest';
import type { Exec, ExecEnd, ExecSpec } from '../../../container/machine/index.ts';
import { LIMITS } from '../../../contracts/limits.ts';
import type { TerminalNews } from '../../../contracts/runner-protocol.ts';
import { Terminals } from './terminals.ts';

const SIZE = { columns: 80, rows: 24 };
const USAGE = { outOfMemoryKills: 0, peakMemoryKiB: 0, cpuMs: 0 };

/** Terminals of a machine that wakes when the test says so, and programs that the test plays. */
function open() {
  const awake = Promise.withResolvers<void>();
  const told: TerminalNews[] = [];
  const done: string[] = [];
  const specs: ExecSpec[] = [];
  const ended = Promise.withResolvers<ExecEnd>();
  const reads = Promise.withResolvers<void>();
  const files: Record<string, string> = {};
  const exec = {
    id: 7,
    done: ended.promise,
    writeStdin: (bytes: Uint8Array) => {
      done.push(`write ${new TextDecoder().decode(bytes)}`);
      return reads.promise;
    },
    resize: (columns: number, rows: number) => done.push(`resize ${columns} ${rows}`),
    kill: (signal: number, all: boolean) => done.push(`kill ${signal} ${all}`),
  } as Partial<Exec> as Exec;
  const terminals = new Terminals({
    guest: {
      exec: (spec) => {
        specs.push(spec);
        return exec;
      },
      readFile: async (path) => files[path] ?? null,
    },
    cwd: '/mnt/data',
    during: async (use) => {
      await awake.promise;
      await use();
    },
    tell: (_id, news) => told.push(news),
    notice: null,
  });
  terminals.take(1, { kind: 'open', ...SIZE });
  const settled = () => new Promise<void>((resolve) => void setImmediate(resolve));
  return { terminals, awake, told, done, specs, ended, settled, files, reads };
}

test('what is typed while the machine wakes is not lost', async () => {
  const { terminals, awake, told, done, specs, settled } = open();
  terminals.take(1, { kind: 'resize', columns: 100, rows: 30 });
  terminals.take(1, { kind: 'write', text: 'ls\r' });
  expect(specs).toEqual([]);
  awake.resolve();
  await settled();
  expect(specs[0]).toMatchObject({ cwd: '/mnt/data', pty: SIZE });
  expect(told).toEqual([{ kind: 'opened', notice: null }]);
  expect(done).toEqual(['resize 100 30', 'write ls\r']);
});

test('a machine that does not wake is said', async () => {
  const { awake, told, settled } = open();
  awake.reject(new Error('it hangs'));
  await settled();
  expect(told).toEqual([{ kind: 'failed', detail: 'Error: it hangs' }]);
});

test('a program that reads nothing is not sent ever more: the rest of a paste is dropped, which is said once', async () => {
  const { terminals, awake, told, done, settled, reads } = open();
  awake.resolve();
  await settled();
  const type = (text: string) => terminals.take(1, { kind: 'write', text });
  const most = 'x'.repeat(LIMITS.terminalUnreadUtf16.standard - 10);
  type(most);
  type('y'.repeat(20));
  // It would fit, and have a hole before it.
  type('z');
  type('end of the paste\x1b[201~\r');
  type('\x03\x03');
  const said = { kind: 'output', text: expect.stringContaining('The rest was dropped.') };
  expect(told.slice(1)).toEqual([said]);
  expect(done).toEqual([`write ${most}`, 'write \x1b[201~', 'write \x03']);
  reads.resolve();
  await settled();
  type('ls\r');
  expect(done.at(-1)).toBe('write ls\r');
});

test('a paste that was cut stays so to its end, also where what came before is read meanwhile', async () => {
  const { terminals, awake, done, settled, reads } = open();
  awake.resolve();
  await settled();
  const type = (text: string) => terminals.take(1, { kind: 'write', text });
  const piece = 'x'.repeat(LIMITS.terminalInputUtf16.standard);
  for (let count = 0; count < 5; count += 1) type(piece);
  expect(done).toHaveLength(4);
  reads.resolve();
  await settled();
  type(piece);
  type('the end');
  expect(done).toHaveLength(4);
  type('ls\r');
  expect(done.at(-1)).toBe('write ls\r');
});

test('output waits once enough of it is on its way, characters are whole, and all that was left is ended', async () => {
  const { terminals, awake, told, done, specs, ended, settled } = open();
  awake.resolve();
  await settled();
  const print = (bytes: Uint8Array) => specs[0]?.onStdout?.(bytes);
  const [first, rest] = [Uint8Array.of(0xe2, 0x82), Uint8Array.of(0xac)];
  expect(print(first)).toBeUndefined();
  expect(print(rest)).toBeUndefined();
  expect(told.at(-1)).toEqual({ kind: 'output', text: '€' });
  let hasGoneOn = false;
  const many = new Uint8Array(LIMITS.terminalAheadUtf16.standard).fill(0x78);
  void Promise.resolve(print(many)).then(() => (hasGoneOn = true));
  await settled();
  expect(hasGoneOn).toBe(false);
  terminals.take(1, { kind: 'taken', utf16: many.length });
  await settled();
  expect(hasGoneOn).toBe(true);
  ended.resolve({ kind: 'exited', code: 3, usage: USAGE, ms: 1 });
  await settled();
  expect(told.at(-1)).toEqual({ kind: 'exited', code: 3 });
  expect(done).toEqual(['kill 9 true']);
});

test('a shell that nobody shows is ended where it waits at its prompt, and not where it does anything', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout'] });
  onTestFinished(() => void vi.useRealTimers());
  const { terminals, awake, done, settled, files } = open();
  awake.resolve();
  await settled();
  const is = (processes: readonly string[], stat: string) => {
    files['/sys/fs/cgroup/x7/cgroup.procs'] = processes.map((pid) => `${pid}\n`).join('');
    files['/proc/50/stat'] = stat;
  };
  const leave = async (processes: readonly string[], stat: string) => {
    is(processes, stat);
    terminals.take(1, { kind: 'leave' });
    await vi.runAllTimersAsync();
    return done.splice(0);
  };
  expect(await leave(['50', '51'], '50 (bash) S 1 50 50 34816 50 0')).toEqual([]);
  expect(await leave(['50'], '50 (bash) R 1 50 50 34816 50 0')).toEqual([]);
  // It waits for a command that it has just started.
  expect(await leave(['50'], '50 (bash) S 1 50 50 34816 51 0')).toEqual([]);
  expect(await leave(['50'], '50 (vim) S 1 50 50 34816 50 0')).toEqual([]);
  expect(await leave(['50'], '50 (bash) S 1 50 50 34816 50 0')).toEqual(['kill 1 true']);
  // It has shown its prompt, and does not wait yet.
  is(['50'], '50 (bash) R 1 50 50 34816 50 0');
  terminals.take(1, { kind: 'leave' });
  await vi.advanceTimersByTimeAsync(10);
  expect(done).toEqual([]);
  terminals.take(1, { kind: 'taken', utf16: 1 });
  is(['50'], '50 (bash) S 1 50 50 34816 50 0');
  await vi.runAllTimersAsync();
  expect(done.splice(0)).toEqual(['kill 1 true']);
  // Somebody is back before it waits.
  is(['50'], '50 (bash) R 1 50 50 34816 50 0');
  terminals.take(1, { kind: 'leave' });
  await vi.advanceTimersByTimeAsync(10);
  terminals.take(1, { kind: 'resize', columns: 100, rows: 30 });
  is(['50'], '50 (bash) S 1 50 50 34816 50 0');
  await vi.runAllTimersAsync();
  expect(done.splice(0)).toEqual(['resize 100 30']);
  // Typed, and not read yet.
  terminals.take(1, { kind: 'write', text: 'make\r' });
  expect(await leave(['50'], '50 (bash) S 1 50 50 34816 50 0')).toEqual(['write make\r']);
});
