import type { Exec, ExecEnd, ExecSpec, Machine } from '../../../src/container/machine/index.ts';

// The container suite: what a machine promises to whoever runs programs in it. One list for Node and for both browsers, so
// nothing of Node and of a test runner is used here; each case gives what was seen, and the tests compare.

const SIGTERM = 15;
const SIGKILL = 9;
const MIB = 1 << 20;
/** What the agent sends of one exec before it waits for who takes it. */
const WINDOW_BYTES = MIB;

export interface ContainerCase {
  readonly name: string;
  /** Runs in Firefox too. */
  readonly isCore: boolean;
  readonly expected: unknown;
  /** What was seen. `goBack` puts the machine back to a state of it. */
  run(machine: Machine, goBack: (state: Uint8Array) => Promise<void>): Promise<unknown>;
}

interface Ran {
  readonly end: ExecEnd;
  readonly stdout: string;
  readonly stderr: string;
}

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const sh = (script: string): readonly string[] => ['/bin/sh', '-c', script];
const endOf = ({ end }: Pick<Ran, 'end'>): string =>
  end.kind === 'exited' ? `exit ${end.code}` : end.kind === 'signalled' ? `signal ${end.signal}` : end.kind;

/** An exec whose output is kept; `shows` resolves once it has printed this. */
function start(machine: Machine, argv: readonly string[], spec: Partial<ExecSpec> = {}) {
  const texts = { stdout: '', stderr: '' };
  const waiting: { readonly text: string; readonly tell: () => void }[] = [];
  const take = (stream: keyof typeof texts) => {
    const decoder = new TextDecoder();
    return (bytes: Uint8Array): void => {
      texts[stream] += decoder.decode(bytes, { stream: true });
      for (const { text, tell } of waiting) if (texts.stdout.includes(text)) tell();
    };
  };
  const exec: Exec = machine.exec({ argv, onStdout: take('stdout'), onStderr: take('stderr'), ...spec });
  const shows = (text: string): Promise<void> =>
    new Promise((tell) => (texts.stdout.includes(text) ? tell() : waiting.push({ text, tell })));
  return { exec, shows, ended: async (): Promise<Ran> => ({ end: await exec.done, ...texts }) };
}

/** What runs, whatever the image's `ps` shows without options. */
const COMMANDS = String.raw`cat /proc/[0-9]*/cmdline 2>/dev/null | tr '\0' ' '`;
/** Answers its first line, and gives the others back: busybox has a server in `nc`, Debian in Python. */
const BUSYBOX_SERVER = String.raw`nc -l -p 8123 -e sh -c "read a; echo got \$a; cat"`;
const PYTHON_SERVER = String.raw`python3 -c 'import socket
with socket.create_server(("", 8123)).accept()[0] as found, found.makefile("rwb") as lines:
    first = lines.readline()
    lines.write(b"got " + first + lines.read())'`;

async function run(machine: Machine, script: string, spec: Partial<ExecSpec> = {}): Promise<Ran> {
  const { exec, ended } = start(machine, sh(script), spec);
  exec.closeStdin();
  return ended();
}

/** Bytes of every kind, the same each time. */
function anyBytes(length: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length);
  for (let at = 0, x = 1; at < length; at += 1) {
    x = (Math.imul(x, 1_103_515_245) + 12_345) & 0x7fff_ffff;
    bytes[at] = x >> 16;
  }
  return bytes;
}

/** Takes pieces and lets the program go on only when half a window waits; knows the most that ever waited. */
function slowTaker(repeated: Uint8Array) {
  const letGo: (() => void)[] = [];
  let bytes = 0;
  let waiting = 0;
  let most = 0;
  let isSame = true;
  const take = (piece: Uint8Array): Promise<void> => {
    for (let at = 0; isSame && at < piece.length; at += 1) {
      isSame = piece[at] === repeated[(bytes + at) % repeated.length];
    }
    bytes += piece.length;
    waiting += piece.length;
    most = Math.max(most, waiting);
    return new Promise((resolve) => {
      letGo.push(() => {
        waiting -= piece.length;
        resolve();
      });
      if (waiting > WINDOW_BYTES / 2) for (const each of letGo.splice(0)) each();
    });
  };
  return { take, seen: () => ({ bytes, isSame, isWithinWindow: most <= WINDOW_BYTES }) };
}

export const CONTAINER_CASES: readonly ContainerCase[] = [
  {
    name: 'exit code, and stdout and stderr apart',
    isCore: true,
    expected: ['exit 7', 'out\n', 'err\n', 'exit 127', 'exit 126'],
    async run(machine) {
      const ran = await run(machine, 'echo out; echo err >&2; exit 7');
      const missing = await start(machine, ['/bin/nosuch']).ended();
      const noProgram = await start(machine, ['/etc/passwd']).ended();
      return [endOf(ran), ran.stdout, ran.stderr, endOf(missing), endOf(noProgram)];
    },
  },
  {
    name: 'directory, words and variables as they are given',
    isCore: true,
    expected: '/tmp\na b"c\n$x ü| it\'s \n',
    async run(machine) {
      const env = { PATH: '/bin', ODD: 'a b"c\n$x ü' };
      const argv = ['sh', '-c', 'pwd; echo "$ODD|$1"', 'sh', " it's "];
      return (await start(machine, argv, { cwd: '/tmp', env }).ended()).stdout;
    },
  },
  {
    name: 'the user that it was given',
    isCore: false,
    expected: ['1000\n1000\n', 'exit 1'],
    async run(machine) {
      const ran = await run(machine, 'id -u; id -g; touch /etc/x', { uid: 1000 });
      return [ran.stdout, endOf(ran)];
    },
  },
  {
    name: 'input, to its end',
    isCore: true,
    expected: ['hello there\ndone\n', 'exit 0'],
    async run(machine) {
      const { exec, ended } = start(machine, sh('cat; echo done'));
      await exec.writeStdin(bytesOf('hello '));
      await exec.writeStdin(bytesOf('there\n'));
      exec.closeStdin();
      const ran = await ended();
      return [ran.stdout, endOf(ran)];
    },
  },
  {
    name: 'eight at once, each with its own output and code',
    isCore: true,
    expected: [1, 2, 3, 4, 5, 6, 7, 8].map((n) => [`${n}:1\n${n}:2\n${n}:3\n`, `exit ${n}`]),
    async run(machine) {
      const all = [1, 2, 3, 4, 5, 6, 7, 8].map((n) =>
        run(machine, `for k in 1 2 3; do echo ${n}:$k; sleep 0.1; done; exit ${n}`),
      );
      return (await Promise.all(all)).map((ran) => [ran.stdout, endOf(ran)]);
    },
  },
  {
    name: 'output as it is printed, before the program has ended',
    isCore: true,
    expected: ['first\nsecond\n', 'exit 0'],
    async run(machine) {
      const { exec, shows, ended } = start(machine, sh('echo first; read -r line; echo "$line"'));
      await shows('first\n');
      await exec.writeStdin(bytesOf('second\n'));
      const ran = await ended();
      return [ran.stdout, endOf(ran)];
    },
  },
  {
    name: 'signals: one that comes as it is started, one that is ignored, and the one that is not',
    isCore: true,
    expected: ['signal 15', 'signal 9', 'up\nheard\n', 'signal 9'],
    async run(machine) {
      const early = [];
      for (const signal of [SIGTERM, SIGKILL]) {
        const { exec, ended } = start(machine, sh('sleep 60'));
        exec.kill(signal, true);
        early.push(endOf(await ended()));
      }
      const { exec, shows, ended } = start(machine, sh('trap "echo heard" TERM; echo up; while :; do sleep 0.1; done'));
      await shows('up\n');
      exec.kill(SIGTERM, false);
      await shows('heard\n');
      exec.kill(SIGKILL, true);
      const ran = await ended();
      return [...early, ran.stdout, endOf(ran)];
    },
  },
  {
    name: 'all that it started ends with it, also what left its session',
    isCore: false,
    expected: [true, 'signal 9', ''],
    async run(machine) {
      const { exec, shows, ended } = start(machine, sh('setsid sleep 4321 & setsid sleep 4321 & echo x; sleep 4321'));
      await shows('x\n');
      const list = async (): Promise<string> => (await run(machine, `${COMMANDS} | grep -o "[s]leep 4321"`)).stdout;
      const isThere = (await list()) !== '';
      exec.kill(SIGKILL, true);
      return [isThere, endOf(await ended()), await list()];
    },
  },
  {
    name: 'time: of now, as long as it takes, and what was computed of it',
    isCore: true,
    expected: { isNow: true, sleptLong: true, sleptIdle: true, workedMost: true },
    async run(machine) {
      const { stdout } = await run(machine, 'date +%s');
      const slept = await run(machine, 'sleep 0.5');
      const worked = await run(machine, 'end=$(($(date +%s) + 2)); while [ "$(date +%s)" -lt $end ]; do :; done');
      const cpuOf = ({ end }: Ran): number => ('usage' in end ? end.usage.cpuMs : Number.NaN);
      return {
        isNow: Math.abs(Number(stdout) * 1000 - Date.now()) < 60_000,
        sleptLong: slept.end.ms >= 490,
        sleptIdle: cpuOf(slept) < slept.end.ms / 2,
        workedMost: cpuOf(worked) > cpuOf(slept),
      };
    },
  },
  {
    name: 'four mebibytes of any bytes in and out unchanged',
    isCore: true,
    expected: ['exit 0', 4 * MIB, true],
    async run(machine) {
      const sent = anyBytes(4 * MIB);
      const got = new Uint8Array(sent.length);
      let length = 0;
      const exec = machine.exec({
        argv: ['cat'],
        onStdout: (bytes) => {
          got.set(bytes.subarray(0, got.length - length), length);
          length += bytes.length;
        },
      });
      for (let at = 0; at < sent.length; at += MIB / 4) await exec.writeStdin(sent.subarray(at, at + MIB / 4));
      exec.closeStdin();
      const end = await exec.done;
      return [endOf({ end }), length, got.every((byte, at) => byte === sent[at])];
    },
  },
  {
    name: '100 MB of output without loss, no faster than it is taken',
    isCore: true,
    expected: ['exit 0', { bytes: 100 * MIB, isSame: true, isWithinWindow: true }],
    async run(machine) {
      const piece = anyBytes(MIB);
      const { take, seen } = slowTaker(piece);
      const repeats =
        'cat >/tmp/piece; n=0; while [ $n -lt 100 ]; do cat /tmp/piece; n=$((n + 1)); done; rm /tmp/piece';
      const exec = machine.exec({ argv: sh(repeats), onStdout: take });
      for (let at = 0; at < MIB; at += MIB / 4) await exec.writeStdin(piece.subarray(at, at + MIB / 4));
      exec.closeStdin();
      return [endOf({ end: await exec.done }), seen()];
    },
  },
  {
    name: 'a program of which nobody takes the output stands still, others go on, and a kill ends it',
    isCore: true,
    expected: ['other\n', WINDOW_BYTES, 'signal 9'],
    async run(machine) {
      const full = Promise.withResolvers<undefined>();
      let bytes = 0;
      const flood = machine.exec({
        argv: ['yes'],
        onStdout: (piece) => {
          bytes += piece.length;
          if (bytes === WINDOW_BYTES) full.resolve(undefined);
          return new Promise(() => undefined);
        },
      });
      await full.promise;
      const other = await run(machine, 'echo other');
      const stoodAt = bytes;
      flood.kill(SIGKILL, true);
      return [other.stdout, stoodAt, endOf({ end: await flood.done })];
    },
  },
  {
    name: 'a terminal of the size that was asked, which hears of another and of ^C',
    isCore: false,
    expected: [true, true, 'exit 5'],
    async run(machine) {
      const env = { PATH: '/bin:/sbin:/usr/bin', TERM: 'xterm' };
      const { exec, shows, ended } = start(machine, ['/bin/sh', '-i'], { pty: { columns: 100, rows: 30 }, env });
      await exec.writeStdin(bytesOf('stty size\n'));
      await shows('30 100');
      exec.resize(120, 40);
      await exec.writeStdin(bytesOf('stty size; echo now; sleep 100\n'));
      await shows('\nnow');
      await exec.writeStdin(bytesOf('\u0003'));
      await exec.writeStdin(bytesOf('echo after-$((1+1))\nexit 5\n'));
      const ran = await ended();
      return [ran.stdout.includes('40 120'), ran.stdout.includes('after-2'), endOf(ran)];
    },
  },
  {
    name: 'its bounds: memory, which is told, and processes',
    isCore: false,
    expected: [true, true, 'more\n'],
    async run(machine) {
      const full = await run(machine, 'head -c 24000000 /dev/zero | tail -n 1 >/dev/null', { memoryMB: 16 });
      const many = start(machine, sh('i=0; while [ $i -lt 40 ]; do sleep 4322 & i=$((i+1)); done; wait'), {
        processes: 10,
      });
      const isRefused = endOf(await many.ended()) !== 'exit 0';
      many.exec.kill(SIGKILL, true);
      const isFull = 'usage' in full.end && full.end.usage.outOfMemoryKills > 0;
      return [isFull, isRefused, (await run(machine, 'echo more')).stdout];
    },
  },
  {
    name: 'connections to its servers, both ways to both ends',
    isCore: true,
    expected: ['got one\ntwo\n', 111],
    async run(machine) {
      const server = start(
        machine,
        sh(`echo up; if command -v python3 >/dev/null; then ${PYTHON_SERVER}; else ${BUSYBOX_SERVER}; fi`),
      );
      await server.shows('up\n');
      let heard = '';
      const connect = (port: number) =>
        machine.connect(port, (bytes) => void (heard += new TextDecoder().decode(bytes)));
      let made = await connect(8123);
      while (!made.ok) made = await connect(8123);
      await made.value.write(bytesOf('one\n'));
      await made.value.write(bytesOf('two\n'));
      made.value.end();
      await made.value.guestEnded;
      server.exec.kill(SIGKILL, true);
      const refused = await connect(9);
      return [heard, !refused.ok && refused.error.kind === 'errno' && refused.error.errno];
    },
  },
  {
    name: 'its state, saved and gone on from: files, what runs, and the time of now',
    isCore: true,
    expected: ['kept\n', true, true, 'exit 0'],
    async run(machine, goBack) {
      await run(machine, 'echo kept >/root/note; sleep 4323 >/dev/null 2>&1 & echo $! >/root/pid');
      const state = await machine.save();
      await run(machine, 'echo later >/root/note; kill $(cat /root/pid)');
      await goBack(state);
      const { stdout } = await run(machine, 'cat /root/note');
      const found = await run(machine, `${COMMANDS} | grep -q "[s]leep 4323" && date +%s`);
      const isNow = Math.abs(Number(found.stdout) * 1000 - Date.now()) < 60_000;
      return [stdout, found.stdout !== '', isNow, endOf(await run(machine, 'kill $(cat /root/pid)'))];
    },
  },
];
