import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { sessionIdOf } from '../../src/contracts/ids.ts';
import { createLinuxRunner } from '../../src/runners/linux/index.ts';
import { MemoryFiles } from '../support/kit/memory-files.ts';
import { createNodeBoxes } from '../support/kit/node-box.ts';
import { nodeSource } from '../support/kit/node-source.ts';
import { openInNode, type RunOptions, type TestSession } from '../support/kit/open-node.ts';
import { needsLinuxImage } from '../support/linux-image.ts';

const linux = (isSmall = true) => createLinuxRunner({ source: nodeSource('linux'), isSmall: () => isSmall });
let open: TestSession | null = null;
afterEach(() => {
  open?.dispose();
  open = null;
});

async function session(isSmall = true): Promise<TestSession> {
  open = await openInNode(linux(isSmall));
  return open;
}

async function completed(in_: TestSession, code: string, options: RunOptions = {}) {
  const ran = await in_.run(code, options);
  if (ran.outcome.kind !== 'completed') throw new Error(JSON.stringify(ran.outcome));
  return { ...ran, exitCode: ran.outcome.exitCode, error: ran.outcome.error };
}

test('a package without the image says so, and opens no box', async () => {
  const missing = createLinuxRunner({
    source: {
      load: () => Promise.reject(new Error('not there')),
      script: () => Promise.reject(new Error('not there')),
    },
    isSmall: () => true,
  });
  const boxes = createNodeBoxes();
  const opened = await missing.openSession({
    sessionId: sessionIdOf('none'),
    boxes,
    files: new MemoryFiles(),
    limits: { timeMs: 30_000, memoryMB: 128 },
    signal: new AbortController().signal,
  });
  expect(opened).toMatchObject({ ok: false, error: { code: 'linux/not-built' } });
  expect(await boxes.left()).toEqual([]);
});

describe('a session of the shell', () => {
  beforeAll(needsLinuxImage);
  test('goes on as at one prompt: variables, functions, arrays and the directory stay', async () => {
    const shell = await session();
    await completed(
      shell,
      'cd /tmp\nplain=1\nexport LOUD="a b\nc"\ndeclare -A map=([k]=v)\nlist=(x "y z")\ngreet() { echo "hi $1"; }',
    );
    const { stdout } = await completed(
      shell,
      'pwd; echo "$plain|$LOUD|${map[k]}|${list[1]}"; greet you; env | grep -c ^LOUD; env | grep -c ^plain',
    );
    expect(stdout).toBe('/tmp\n1|a b\nc|v|y z\nhi you\n1\n0\n');
  });

  test('begins in the folder of the session', async () => {
    expect((await completed(await session(), 'pwd')).stdout).toBe('/mnt/data\n');
  });

  test('options of the shell, and how a program ended, are its own', async () => {
    const shell = await session();
    expect((await completed(shell, 'set -euo pipefail\nkept=yes\nfalse\necho never')).exitCode).toBe(1);
    expect((await completed(shell, 'false\necho "$kept ${none-unset}"')).stdout).toBe('yes unset\n');
    expect((await completed(shell, 'kept=no\nexit 7')).exitCode).toBe(7);
    expect((await completed(shell, 'echo $kept')).stdout).toBe('no\n');
  });

  test('a program that is killed leaves what was kept before it', async () => {
    const shell = await session();
    await completed(shell, 'kept=before');
    expect((await completed(shell, 'kept=after\nkill -9 $$')).exitCode).toBe(137);
    expect((await completed(shell, 'echo $kept')).stdout).toBe('before\n');
  });

  test('messages of bash name the line, and errors go where errors go', async () => {
    const { stdout, stderr, exitCode } = await completed(await session(), 'echo one\nnosuchcommand\necho two');
    expect([stdout, stderr, exitCode]).toEqual(['one\ntwo\n', 'bash: line 2: nosuchcommand: command not found\n', 0]);
  });

  test('bash shows its own commands as `bash -c` does, and such a program is one of the session too', async () => {
    const shell = await session();
    await completed(shell, 'before=1');
    const { stdout, stderr } = await completed(shell, 'set -x\necho "$before"\nnosuch\nset +x; after=2');
    expect(stdout).toBe('1\n');
    expect(stderr).toBe('+ echo 1\n+ nosuch\nbash: line 3: nosuch: command not found\n+ set +x\n');
    expect((await completed(shell, 'echo $before $after $-')).stdout).toBe('1 2 hBc\n');
  });

  test('a program has its own process id, arguments, times and signals', async () => {
    const shell = await session();
    await completed(shell, 'SECONDS=1000');
    const { stdout } = await completed(
      shell,
      'trap "echo heard" USR1; kill -USR1 $$; [ $$ = $BASHPID ] && [ $SECONDS -lt 1000 ] && echo "$0 $#"; echo "$BASH_EXECUTION_STRING" | wc -l',
    );
    expect(stdout).toBe('heard\nbash 0\n1\n');
  });

  test('whatever a program names its functions, and whatever it forbids itself, the session goes on', async () => {
    const shell = await session();
    await completed(
      shell,
      'set -Cu\ncd() { echo moved; }; read() { :; }; printf() { :; }; trap() { :; }; declare() { :; }\nIFS=0123456789\nbuiltin cd /tmp\nkept=1',
    );
    expect((await completed(shell, 'kept=2; cd; pwd')).stdout).toBe('moved\n/tmp\n');
    expect((await completed(shell, 'echo $kept; [ "$IFS" = 0123456789 ] && echo same')).stdout).toBe('\nsame\n');
    expect((await completed(shell, 'unset IFS; echo $kept')).stdout).toBe('2\n');
  });

  test('a program with more in it than the input may hold at once', async () => {
    const shell = await session();
    const { stdout } = await completed(shell, `${'# é ünïcödé\n'.repeat(40_000)}read -r line; echo "$line $LINENO"`, {
      stdin: ['from the person'],
    });
    expect(stdout).toBe('from the person 40001\n');
  });

  test('what bash cannot read is an error with its line', async () => {
    const { error, exitCode, stdout } = await completed(await session(), 'echo one\nif true; then\necho two');
    expect(error).toMatchObject({ code: 'shell/syntax-error', line: 4 });
    expect([exitCode, stdout]).toEqual([2, 'one\n']);
  });

  test('a program that ends with 2 by itself has no mistake in it', async () => {
    expect(await completed(await session(), 'ls /nosuch')).toMatchObject({ error: null });
    expect((await completed(await session(), 'exit 2')).error).toBeNull();
  });

  test('a program that takes more memory than the run may is ended with its own code, and the machine lives', async () => {
    const shell = await session();
    const { error, exitCode } = await completed(shell, 'tail /dev/zero', { memoryMB: 16 });
    expect(error).toMatchObject({ code: 'shell/memory' });
    expect(exitCode).not.toBe(0);
    expect((await completed(shell, 'echo still here')).stdout).toBe('still here\n');
  });

  test('a program that takes more memory than its machine gives is told so, and how much that is', async () => {
    const { error } = await completed(await session(), 'tail /dev/zero', { memoryMB: 1_024 });
    expect(error).toMatchObject({ code: 'linux/memory', message: expect.stringContaining(' 89 MB ') as string });
  });

  test('a program that Linux does not end though it reads the same files again and again for want of memory is ended', async () => {
    // What it holds is just below its bound; the rest is too little for what it reads.
    const code =
      'dd if=/dev/zero bs=79000k count=1 2>/dev/null | sleep 1000 &\nwhile :; do cat /usr/bin/* >/dev/null; done';
    const { error } = await completed(await session(false), code, { memoryMB: 80 });
    expect(error).toMatchObject({ code: 'shell/memory' });
  });

  test('asks a person when a process waits for input, not when one waits for another', async () => {
    const shell = await session();
    const asked: string[] = [];
    const { stdout } = await completed(
      shell,
      'printf "name? "\nread -r name\necho "hello $name"\n(sleep 0.5; echo late) | cat',
      {
        stdin: null,
        onEvent: (event) => {
          if (event.kind !== 'input') return;
          asked.push(event.prompt);
          shell.session.answerInput('Zoë');
        },
      },
    );
    expect([stdout, asked]).toEqual(['name? hello Zoë\nlate\n', ['name? ']]);
  });

  test('many lines of input and a program longer than an argument may be', async () => {
    const shell = await session();
    const lines = Array.from({ length: 2_000 }, (_value, at) => `line ${at}`);
    expect((await completed(shell, 'wc -l', { stdin: lines })).stdout).toBe('2000\n');
    const long = `: '${'x'.repeat(200_000)}'\necho long\nkept=1`;
    expect((await completed(shell, long)).stdout).toBe('long\n');
    expect((await completed(shell, 'echo $kept')).stdout).toBe('1\n');
  });

  test('colours, bytes that are no text and half characters come as they are', async () => {
    const { stdout } = await completed(
      await session(),
      String.raw`printf '\033[31mred\033[0m\n'; printf '\xc3'; sleep 0.1; printf '\xa9\n'; printf '\xff\n'`,
    );
    expect(stdout).toBe('\u001b[31mred\u001b[0m\né\n\ufffd\n');
  });

  test('tells what it uses of the processor: much where it computes, little where it sleeps', async () => {
    const shell = await session();
    const shares = async (code: string): Promise<number[]> =>
      (await completed(shell, code)).events.flatMap((event) => (event.kind === 'usage' ? [event.cpuShare] : []));
    const slept = await shares('sleep 3.5');
    const worked = await shares('until [ $SECONDS -ge 4 ]; do :; done');
    expect(slept.length).toBeGreaterThan(1);
    expect(Math.max(...slept)).toBeLessThan(0.5);
    expect(Math.max(...worked)).toBeGreaterThan(0.5);
  });

  test('tells the most memory that a program had, as it works and at its end, and the machine keeps its own size', async () => {
    const shell = await session();
    const { memoryBytes } = shell.session;
    const MB = 1024 * 1024;
    const little = await completed(shell, 'echo little');
    expect(little.outcome.memoryBytes).toBeGreaterThan(0);
    expect(little.outcome.memoryBytes).toBeLessThan(20 * MB);
    // The small image keeps its files in memory, which counts for who wrote them.
    const writes = 'head -c 24000000 /dev/zero >/root/much; sleep 2; rm /root/much; sleep 1';
    const much = await completed(shell, writes, { timeMs: 120_000 });
    expect(much.outcome.memoryBytes).toBeGreaterThan(24_000_000);
    expect(much.outcome.memoryBytes).toBeLessThan(90 * MB);
    const told = much.events.flatMap((event) => (event.kind === 'usage' ? [event.memoryBytes] : []));
    expect(Math.max(...told)).toBeGreaterThan(24_000_000);
    expect((await completed(shell, 'echo little')).outcome.memoryBytes).toBeLessThan(20 * MB);
    expect(shell.session.memoryBytes).toBe(memoryBytes);
  });

  test('what a program leaves running goes on, and ends with the machine', async () => {
    const shell = await session();
    await completed(shell, '(sleep 0.3; echo done >/tmp/mark) >/dev/null 2>&1 &');
    expect((await completed(shell, 'until [ -f /tmp/mark ]; do sleep 0.1; done; cat /tmp/mark')).stdout).toBe('done\n');
  });
});
