import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Machine } from '../../src/container/machine/index.ts';
import { startCollecting } from '../support/linux/node-machine.ts';
import { openImage } from '../support/linux/open-image.ts';

const SIGTERM = 15;
const PATH = '/usr/bin:/bin';
/** Says what ended the child. */
const WAITS = 'print(os.waitstatus_to_exitcode(os.wait()[1]))';

describe('a signal for all processes of a program', () => {
  let machine: Machine;
  beforeAll(async () => {
    machine = await openImage('full');
  });
  afterAll(() => machine.dispose());

  /** What a program prints after `go`, at which the signal is sent, once and nothing else. */
  async function signalled(argv: readonly string[]): Promise<string> {
    let tell: () => void = () => undefined;
    const there = new Promise<void>((resolve) => (tell = resolve));
    const { exec, text } = startCollecting(
      machine,
      argv,
      { env: { PATH } },
      (stdout) => stdout.includes('go') && tell(),
    );
    await there;
    exec.kill(SIGTERM, true);
    await exec.done;
    return text('stdout').replace('go\n', '');
  }
  /** Python itself: the name without a folder is a launcher, which asks a process outside of the group. */
  const python = (...lines: readonly string[]): Promise<string> =>
    signalled([
      '/usr/bin/python3',
      '-c',
      ['import os, signal, time', 'signal.signal(signal.SIGTERM, lambda *_: None)', ...lines].join('\n'),
    ]);

  test('reaches a child that is born while the signal waits for its parent, as in a fork of bash', async () => {
    const ended = await python(
      'signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTERM])',
      'print("go", flush=True)',
      'time.sleep(0.05)',
      'child = os.fork()',
      'signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGTERM])',
      'if child == 0: os.execvp("sleep", ["sleep", "600"])',
      WAITS,
    );
    expect(ended).toBe(`-${SIGTERM}\n`);
  });

  test('reaches a child that was still a copy of its parent, and forgot it as it began its own program', async () => {
    const ended = await python(
      'if os.fork() == 0:',
      // A pause would wait for a second one where the signal has come before it.
      '  heard, tell = os.pipe()',
      '  os.set_blocking(tell, False)',
      '  signal.set_wakeup_fd(tell)',
      '  print("go", flush=True)',
      '  os.read(heard, 1)',
      '  os.execvp("sleep", ["sleep", "600"])',
      WAITS,
    );
    expect(ended).toBe(`-${SIGTERM}\n`);
  });

  test('comes once to each, and not to what a handler starts to clean up', async () => {
    const handler = 'echo heard; sleep 0.2; echo cleaned';
    expect(await signalled(['bash', '-c', `trap "${handler}" TERM; sleep 600 & echo go; wait; exit`])).toBe(
      'heard\ncleaned\n',
    );
  });
});
