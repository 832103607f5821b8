import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { zstdDecompressSync } from 'node:zlib';
import { unzipSync } from 'fflate';
import { V86 } from 'v86';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Machine, V86Constructor } from '../../src/container/machine/index.ts';
import { GUEST_WHEELS } from '../../src/contracts/guest-wheels.ts';
import { become, becomeWords, handOver } from '../../src/runners/linux/worker/prompt.ts';
import { waitingBash } from '../../src/runners/linux/worker/waiting-bash.ts';
import { networkEnv } from '../../src/runners/linux/worker/way-out.ts';
import type { WheelList } from '../../src/runners/linux/wheels-file.ts';
import { readLinuxPins } from '../../tools/linux/pins.ts';
import { bash, builtFile, builtManifest, openImage } from '../support/linux/open-image.ts';

const IMAGES = ['small', 'full'] as const;

describe('what was built', () => {
  it('is what the manifest says', async () => {
    const manifest = await builtManifest();
    for (const { name, bytes, sha256 } of manifest.files) {
      const file = await builtFile(name);
      expect({ name, bytes: file.length, sha256: createHash('sha256').update(file).digest('hex') }).toEqual({
        name,
        bytes,
        sha256,
      });
    }
    const names = manifest.files.map(({ name }) => name);
    for (const image of IMAGES) {
      expect(names).toContain(manifest.images[image].state);
    }
    const disk = manifest.images.full.disk;
    expect(disk?.sizes.length).toBe(Math.ceil((disk?.bytes ?? 0) / (disk?.pieceBytes ?? 1)));
    expect(disk?.sizes.reduce((sum, size) => sum + size, 0)).toBe(
      manifest.files.find(({ name }) => name === disk?.pack)?.bytes,
    );
  });

  it('names each package that ships with its source, and has the text of its terms', async () => {
    const text = (await builtFile('LICENCES.txt')).toString();
    const line = '='.repeat(80);
    const chapters = [...text.matchAll(new RegExp(`^${line}\\n(.+)\\n\\n${line}\\n\\n(?=.*\\S)`, 'gmu'))];
    const named = new Set(chapters.flatMap(([, names = '']) => names.split(', ')));
    const { machine, small, full } = await readLinuxPins();
    const shipped = [...machine, ...small, ...full];
    const listed = new Set(text.slice(0, chapters[0]?.index).split('\n'));
    const lineOf = ({ name, version, source, sourceVersion }: (typeof shipped)[number]): string =>
      `${name} ${version} (source: ${source} ${sourceVersion})`;
    expect(shipped.map(lineOf).filter((each) => !listed.has(each))).toEqual([]);
    expect(['v86', ...shipped.map(({ name }) => name)].filter((name) => !named.has(name))).toEqual([]);
    // What the packages' own texts name instead of repeating.
    expect(named).toContain('GPL-2');
    expect(text).toContain('GNU GENERAL PUBLIC LICENSE');
  });

  it('has in every wheel for pip the text of its licence, and says where those of all are', async () => {
    const pack = await builtFile('wheels.pack');
    const plain = zstdDecompressSync(pack.subarray(4));
    const begin = 4 + plain.readUInt32LE(0);
    const { wheels } = JSON.parse(plain.subarray(4, begin).toString()) as WheelList;
    expect(wheels.map(({ name }) => name)).toEqual(GUEST_WHEELS);
    const list = (await builtFile('LICENCES.txt')).toString();
    for (const { name, version, at, bytes } of wheels) {
      const files = Object.entries(unzipSync(plain.subarray(begin + at, begin + at + bytes)));
      const [path = '', text] = files.find(([file]) => /\.dist-info\/licenses\/LICENSE$/u.test(file)) ?? [];
      expect(new TextDecoder().decode(text), name).toMatch(/copyright/iu);
      const record = new TextDecoder().decode(files.find(([file]) => file.endsWith('/RECORD'))?.[1]);
      expect(record).toContain(path);
      expect(list).toContain(`${name} ${version}`);
    }
  });

  it('leaves the package small enough for the stores', async () => {
    const { files } = await builtManifest();
    // 150 MB is for everything; all else is 76 MB of it, zipped.
    expect(files.reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThan(74_000_000);
  });
});

describe.each(IMAGES)('the %s image', (name) => {
  let machine: Machine;
  beforeAll(async () => {
    machine = await openImage(name);
  });
  afterAll(() => machine.dispose());

  it('runs bash for the person, who is not root', async () => {
    const { stdout, code } = await bash(
      machine,
      'echo $BASH_VERSION; id -u; id -un; cd ~ && pwd && echo made > file && cat file',
    );
    expect(code).toBe(0);
    expect(stdout).toMatch(/^5\.2[^\n]*\n1000\nuser\n\/home\/user\nmade\n$/);
  });

  it('has the time of now', async () => {
    const began = Math.floor(Date.now() / 1000);
    const { stdout } = await bash(machine, 'date +%s');
    // Both ends are read by the same clock.
    expect(Number(stdout)).toBeGreaterThanOrEqual(began - 1);
    expect(Number(stdout)).toBeLessThanOrEqual(Date.now() / 1000 + 1);
  });

  it('has chances of its own after each restore', async () => {
    const draw = (one: Machine): Promise<{ stdout: string }> =>
      bash(one, 'head -c 16 /dev/urandom | od -An -tx1; echo $RANDOM');
    const first = await draw(machine);
    const other = await openImage(name);
    try {
      expect((await draw(other)).stdout).not.toBe(first.stdout);
    } finally {
      await other.dispose();
    }
    await machine.reset();
    expect((await draw(machine)).stdout).not.toBe(first.stdout);
  });

  it('has a bash that waits for a session, and gives it to the first one only', async () => {
    await machine.reset();
    const newer = Number((await bash(machine, 'echo $$')).stdout);
    const [first, second] = [0, 1].map(() => machine.exec(waitingBash(networkEnv(name))));
    expect(await first?.pid).toBeLessThan(newer);
    expect(await second?.pid).toBeGreaterThan(newer);
    const groupOf = async (exec: typeof first): Promise<string> =>
      new TextDecoder().decode(await machine.readFile(`/proc/${String(await exec?.pid)}/cgroup`));
    expect(await groupOf(first)).toBe(`0::/x${String((await first?.started)?.group)}\n`);
    for (const each of [first, second]) each?.closeStdin();
    // By itself: nothing more is asked of it.
    for (const each of [first, second]) expect(await each?.done).toMatchObject({ kind: 'exited', code: 0 });
  });

  it('starts with nothing left to do: what its kernel had put off would come before the first program', async () => {
    const made: V86[] = [];
    class Counted extends V86 {
      constructor(options: ConstructorParameters<typeof V86>[0]) {
        super(options);
        made.push(this);
      }
    }
    const fresh = await openImage(name, { V86: Counted as unknown as V86Constructor });
    try {
      const count = (): number => made[0]?.get_instruction_counter() ?? Number.NaN;
      const before = count();
      await pause(500);
      // A machine at rest does 0.1 million in this time; 2.3 were left to do where nobody waited.
      expect(count() - before).toBeLessThan(500_000);
    } finally {
      await fresh.dispose();
    }
  });

  it('has a bash that has rehearsed, and is like one that has not', async () => {
    await machine.reset();
    const words = becomeWords({ kept: null, cwd: '/tmp', ofNew: new Set() });
    const asked = 'declare -p; declare -f; trap; set -o; shopt; ls -l /proc/$$/fd; pwd; caller; echo $#';
    const said = async (): Promise<string> => {
      let text = '';
      const take = (bytes: Uint8Array): void => {
        text += new TextDecoder().decode(bytes);
      };
      const exec = machine.exec({
        ...waitingBash(networkEnv(name)),
        onStdout: take,
        onStderr: take,
      });
      await exec.writeStdin(become(words));
      exec.bound(64);
      await exec.writeStdin(
        handOver({ code: asked, memoryMB: 64, hasNoInput: false, place: 'a', hasUsualOptions: true, lastStatus: 0 }),
      );
      exec.closeStdin();
      expect(await exec.done).toMatchObject({ kind: 'exited', code: 0 });
      // Numbers of processes, pipes, seconds and chances differ between any two.
      return text.replaceAll(/\d{2,}/g, 'N').replaceAll(/^.*\b(?:S?RANDOM|EPOCH\w+|SECONDS)=.*$/gm, '');
    };
    const rehearsed = await said();
    expect(rehearsed).toContain('declare -x OLDPWD');
    expect(rehearsed).toBe(await said());
  });

  it('has a place for the files of the conversation, and nothing is mounted there', async () => {
    const { stdout } = await bash(machine, 'readlink /workspace; ls -A /mnt/data; grep -c " /mnt/data " /proc/mounts');
    expect(stdout).toBe('/mnt/data\n0\n');
  });

  it('has no network but its own', async () => {
    const { stdout } = await bash(machine, 'ls /sys/class/net; cat /proc/net/route | tail -n +2');
    expect(stdout).toBe('lo\n');
  });

  it('keeps a program from the others: groups for memory and processes', async () => {
    const { stdout } = await bash(machine, 'cat /proc/self/cgroup; cat /sys/fs/cgroup/cgroup.controllers');
    expect(stdout).toMatch(/^0::\/x\d+\n.*memory.*pids/);
  });
});

describe('the full image', () => {
  let machine: Machine;
  beforeAll(async () => {
    machine = await openImage('full');
  });
  afterAll(() => machine.dispose());

  it.each([
    ['git --version', /^git version 2\./],
    ['python3 --version', /^Python 3\.11/],
    ['python3 -c "print(6 * 7)"', /^42$/],
    ['sqlite3 :memory: "select 6 * 7"', /^42$/],
    [`echo '{"a":[1,2]}' | jq -c .a`, /^\[1,2\]$/],
    ['curl --version', /^curl 7\./],
    ['wget --version', /^GNU Wget/],
    ['nano --version', /GNU nano/],
    ['xxd --version', /^xxd/],
    ['rg --version', /^ripgrep/],
    ['echo "int main(){return 42;}" > /tmp/a.c; tcc -run /tmp/a.c; echo $?', /^42$/],
    ['echo hello | gzip | gunzip', /^hello$/],
    ['cd /tmp && echo x > x && tar cf x.tar x && tar tf x.tar && zip -q x.zip x && unzip -l x.zip | tail -1', /1 file/],
    ['make --version', /^GNU Make/],
    ['dpkg --audit; dpkg -l git | tail -1', /^ii {2}git/],
    ['perl -e "print 6 * 7"', /^42$/],
  ])('runs %s', async (line, expected) => {
    const { stdout, stderr } = await bash(machine, line);
    expect(`${stdout}${stderr}`.trim()).toMatch(expected);
  });

  it('makes a repository and commits to it', async () => {
    const line =
      'mkdir -p ~/r && cd ~/r && git init -q && git config user.name u && git config user.email u@x && echo a > a && git add a && git commit -qm first && git log --oneline | wc -l';
    expect((await bash(machine, line)).stdout.trim()).toBe('1');
  });
});

describe('python3 of the full image', () => {
  let machine: Machine;
  beforeAll(async () => {
    machine = await openImage('full');
  });
  afterAll(() => machine.dispose());

  it('runs as whoever calls it, where and with what they call it', async () => {
    const code =
      'import os, sys; print(os.getuid(), os.getgid(), os.getgroups(), os.getcwd(), os.environ["WHO"], sys.argv)';
    const { stdout } = await bash(machine, `cd /tmp && WHO='me "and" you' python3 -c '${code}' 'a b' ''`);
    expect(stdout).toBe(`1000 1000 [1000] /tmp me "and" you ['-c', 'a b', '']\n`);
  });

  it.each([
    ['python3 -c "import sys; sys.exit(3)"', 3, '', ''],
    ['python3 -c "import sys; sys.exit(\'words\')"', 1, '', 'words\n'],
    [
      'python3 -c "import os, signal; os.kill(os.getpid(), signal.SIGTERM)" 2> /dev/null & wait $!; exit $?',
      143,
      '',
      '',
    ],
    // As Ctrl+C does; Python says where it was.
    [
      'python3 -c "import os, signal; os.kill(os.getpid(), signal.SIGINT)" 2>&1 | tail -n 1',
      0,
      'KeyboardInterrupt\n',
      '',
    ],
    ['echo "print(input())" > /tmp/i.py; echo typed | python3 /tmp/i.py', 0, 'typed\n', ''],
    [
      'echo "print(__name__, __file__)" | tee /tmp/f.py | python3 -c "print(open(0).read(), end=\'\')"; python3 /tmp/f.py',
      0,
      'print(__name__, __file__)\n__main__ /tmp/f.py\n',
      '',
    ],
    ['echo "print(__name__, 1)" | python3', 0, '__main__ 1\n', ''],
    ['echo "print(__name__, 2)" | python3 - x', 0, '__main__ 2\n', ''],
    [
      'mkdir -p /tmp/m; echo "X = 5" > /tmp/m/own.py; echo "import own; print(own.X)" > /tmp/m/main.py; python3 /tmp/m/main.py; cd /tmp/m; python3 -m main',
      0,
      '5\n5\n',
      '',
    ],
    [
      "python3 -c \"import atexit, threading; atexit.register(print, 'end'); threading.Thread(target=print, args=('thread',)).start()\"",
      0,
      'thread\nend\n',
      '',
    ],
    ['echo \'{"a": 1}\' | python3 -m json.tool --compact', 0, '{"a":1}\n', ''],
  ])('%s', async (line, code, stdout, stderr) => {
    const end = await bash(machine, line);
    expect({ code: end.code, stdout: end.stdout, stderr: end.stderr }).toEqual({ code, stdout, stderr });
  });

  it('shows a traceback of the program alone', async () => {
    const { code, stderr } = await bash(machine, 'echo "def f():\n  1 / 0\nf()" > /tmp/t.py; python3 /tmp/t.py');
    expect(code).toBe(1);
    expect(stderr).toMatch(/^Traceback \(most recent call last\):\n {2}File "\/tmp\/t\.py", line 3, in <module>\n/);
    expect(stderr).not.toContain('fork-server');
    expect(stderr).toMatch(/ZeroDivisionError: division by zero\n$/);
  });

  it('gives each program chances of its own', async () => {
    const { stdout } = await bash(machine, 'for i in 1 2; do python3 -c "import random; print(random.random())"; done');
    const [one, other] = stdout.split('\n');
    expect(one).not.toBe(other);
  });

  it('ends with the exec that started it', async () => {
    const exec = machine.exec({ argv: ['python3', '-c', 'import time; time.sleep(60)'], uid: 1000 });
    await expect.poll(async () => (await bash(machine, 'pgrep -c -u user python3; true')).stdout.trim()).toBe('2');
    exec.kill(9, true);
    await exec.done;
    await expect
      .poll(async () => (await bash(machine, 'ps -u user -o args= | grep -c "[p]ython3"; true')).stdout.trim())
      .toBe('0');
  });
});
