import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { LIMITS } from '../../src/contracts/limits.ts';
import type { EngineTerminal, TerminalEnd } from '../../src/contracts/terminal.ts';
import { createLinuxRunner } from '../../src/runners/linux/index.ts';
import { nodeSource } from '../support/kit/node-source.ts';
import { openInNode, type TestSession } from '../support/kit/open-node.ts';
import { needsLinuxImage } from '../support/linux-image.ts';

const SIZE = { columns: 80, rows: 24 };
const runner = createLinuxRunner({ source: nodeSource('linux'), isSmall: () => true });
let shell: TestSession | null = null;
afterEach(() => {
  shell?.dispose();
  shell = null;
});

/** A terminal whose output is taken at once, unless it is `held`. */
function open({ session }: TestSession) {
  let text = '';
  let units = 0;
  let isHeld = false;
  let held = 0;
  let wake = (): void => undefined;
  const ended = Promise.withResolvers<TerminalEnd>();
  const notice = Promise.withResolvers<string | null>();
  const terminal: EngineTerminal | undefined = session.openTerminal?.(SIZE, {
    onOpened: notice.resolve,
    onOutput: (more) => {
      units += more.length;
      text = (text + more).slice(-100_000);
      if (isHeld) held += more.length;
      else terminal?.send({ kind: 'taken', utf16: more.length });
      wake();
    },
    onEnd: ended.resolve,
  });
  if (!terminal) throw new Error('this engine has no terminals');
  return {
    notice: notice.promise,
    ended: ended.promise,
    type: (line: string) => terminal.send({ kind: 'write', text: line }),
    send: terminal.send,
    units: () => units,
    held: () => held,
    hold: () => (isHeld = true),
    release: () => {
      isHeld = false;
      terminal.send({ kind: 'taken', utf16: held });
    },
    shows: async (pattern: RegExp) => {
      while (!pattern.test(text)) await new Promise<void>((resolve) => (wake = resolve));
      return pattern.exec(text)?.[0] ?? '';
    },
  };
}

describe('a terminal of the machine', () => {
  beforeAll(needsLinuxImage);
  test('says that it is in the small Linux, and begins in the folder of the session', async () => {
    shell = await openInNode(runner);
    const terminal = open(shell);
    expect(await terminal.notice).toContain('small Linux');
    await terminal.shows(/\/mnt\/data\S*[$#] /);
  });

  test('is in the machine of the programs: the same files, the same processes', async () => {
    shell = await openInNode(runner);
    const terminal = open(shell);
    terminal.type('echo from-terminal >/tmp/note; sleep 4242 & echo "star"ted\r');
    await terminal.shows(/started/);
    const { stdout } = await shell.run('cat /tmp/note; ps -o args | grep -c "[s]leep 4242"; echo back >/tmp/back');
    expect(stdout).toBe('from-terminal\n1\n');
    terminal.type('cat /tmp/back | tr a-z A-Z\r');
    await terminal.shows(/BACK/);
  });

  test.each([true, false])('follows what others add to a file (small image: %s)', async (isSmall) => {
    shell = await openInNode(createLinuxRunner({ source: nodeSource('linux'), isSmall: () => isSmall }));
    const { files } = shell;
    const put = (position: number, text: string) =>
      files.perform({ op: 'write', path: 'log', position, bytes: new TextEncoder().encode(text), truncateTo: null });
    await put(0, 'one 1\n');
    const terminal = open(shell);
    terminal.type('tail -f -n +1 log\r');
    await terminal.shows(/^one 1/m);
    await put(6, 'two 2\n');
    await terminal.shows(/^two 2/m);
    await put(12, 'three 3\n');
    await terminal.shows(/^three 3/m);
    terminal.type('\x03');
    terminal.type("printf '1\\n2\\n3\\n' | tail -2 | tr '\\n' +; tail -1 log | tr a-z A-Z\r");
    await terminal.shows(/^2\+3\+THREE 3/m);
  });

  test('is a terminal: it has a size, and what is pressed is a signal', async () => {
    shell = await openInNode(runner);
    const terminal = open(shell);
    await terminal.shows(/[$#] /);
    terminal.send({ kind: 'resize', columns: 101, rows: 31 });
    terminal.type('test -t 0 && stty size\r');
    await terminal.shows(/31 101/);
    terminal.type('sh -c \'echo "wait"ing; exec sleep 1000\'\r');
    await terminal.shows(/waiting/);
    terminal.type('\u0003');
    await terminal.shows(/\^C[^]*[$#] /);
    terminal.type('echo "co"de $?\r');
    await terminal.shows(/code 130/);
  });

  test('tells how its shell ended', async () => {
    shell = await openInNode(runner);
    const [first, second, third] = [open(shell), open(shell), open(shell)];
    first.type('exit 9\r');
    expect(await first.ended).toEqual({ kind: 'exited', code: 9 });
    second.type('kill -KILL $$\r');
    expect(await second.ended).toEqual({ kind: 'signalled', signal: 9 });
    await third.shows(/[$#] /);
    shell.dispose();
    expect(await third.ended).toEqual({ kind: 'lost' });
  });

  test('ends all that it started when it is closed', async () => {
    shell = await openInNode(runner);
    const terminal = open(shell);
    terminal.type('(trap "" HUP TERM; sleep 5151) & echo "star"ted\r');
    await terminal.shows(/started/);
    terminal.send({ kind: 'end' });
    expect(await terminal.ended).toMatchObject({ kind: 'signalled' });
    expect((await shell.run('ps -o args | grep -c "[s]leep 5151"')).stdout).toBe('0\n');
  });

  test('leaves as a closed window does where it stands at its prompt, and not where something runs in it', async () => {
    shell = await openInNode(runner);
    const [working, resting] = [open(shell), open(shell)];
    working.type('echo "star"ted; sleep 5252\r');
    await working.shows(/started/);
    resting.type('echo "re"ady\r');
    await resting.shows(/ready\r\n[^]*# /u);
    for (const terminal of [working, resting]) terminal.send({ kind: 'leave' });
    await expect(resting.ended).resolves.toMatchObject({ kind: expect.stringMatching(/exited|signalled/) as string });
    expect((await shell.run('cat /root/.bash_history; ps -o args | grep -c "[s]leep 5252"')).stdout).toBe(
      'echo "re"ady\n1\n',
    );
    working.type('\u0003');
    working.type('echo "al"ive\r');
    await working.shows(/alive/);
  });

  test('a flood waits for who takes it, and loses nothing', async () => {
    const bytes = 1_000_000;
    shell = await openInNode(runner);
    const terminal = open(shell);
    await terminal.shows(/[$#] /);
    terminal.hold();
    // Without lines it comes in large pieces, and soon.
    terminal.type(`stty -opost; head -c ${bytes} /dev/zero | tr '\\0' x; echo "do"ne\r`);
    // Programs of the same machine work meanwhile.
    expect((await shell.run('echo alive')).stdout).toBe('alive\n');
    while (terminal.held() < LIMITS.terminalAheadUtf16.standard) await shell.run('true');
    expect(terminal.held()).toBeLessThan(LIMITS.terminalForgedUtf16.standard / 2);
    const before = terminal.units();
    terminal.release();
    await terminal.shows(/done/);
    expect(terminal.units()).toBeGreaterThan(before);
    expect(terminal.units()).toBeGreaterThanOrEqual(bytes);
  });
});
