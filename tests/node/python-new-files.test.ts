import { afterEach, describe, expect, test } from 'vitest';
import type { FileAnswer, FileOperation } from '../../src/contracts/files.ts';
import { LIMITS } from '../../src/contracts/limits.ts';
import { MemoryFiles } from '../support/kit/memory-files.ts';
import { NAMELESS_PROGRAMS } from '../support/python/nameless-programs.ts';
import { type FinishedRun, openPython, type TestSession } from '../support/python/open-session.ts';

let python: TestSession | null = null;
afterEach(() => python?.dispose());

/** How the program wrote a file, in order: how many bytes, and whether the file was emptied by it. */
const written = (files: MemoryFiles, path: string): string[] =>
  files.operations.flatMap((operation) =>
    operation.op === 'write' && operation.path === path
      ? [`${operation.truncateTo === 0 ? 'empty and ' : ''}write ${operation.bytes?.length ?? 0}`]
      : [],
  );

const announced = ({ events }: FinishedRun): (string | null)[] =>
  events.flatMap((event) => (event.kind === 'artifact' ? [event.artifact.path] : []));

/** A disk that takes nothing more. */
class FullFiles extends MemoryFiles {
  override async perform(operation: FileOperation): Promise<FileAnswer> {
    return operation.op === 'write' ? { ok: false, errno: 'ENOSPC' } : super.perform(operation);
  }
}

async function run(code: string, files = new MemoryFiles()) {
  python = await openPython('base', {}, files);
  return { files, ran: await python.run(code) };
}

test('a file that is made and filled is told to the host with its first bytes, and so is one that is filled anew', async () => {
  const write = "with open('/mnt/data/new', 'wb') as file: _ = file.write(b'x' * 1024)";
  const { files, ran } = await run(`${write}\n${write}`);
  expect(ran.outcome).toMatchObject({ kind: 'completed', error: null });
  expect(written(files, 'new')).toEqual(['empty and write 1024', 'empty and write 1024']);
});

test('a file that was made or emptied is so for everything that its program asks', async () => {
  const { files, ran } = await run(`import os
os.chdir('/mnt/data')
open('kept', 'w').write('long text')
made = open('made', 'w')
print(sorted(os.listdir()), os.path.getsize('made'))
kept = open('kept', 'w')
print(os.path.getsize('kept'), repr(open('kept').read()))
kept.seek(3)
_ = kept.write('abc')
kept.close()
print(repr(open('kept').read()))
os.rename('made', 'moved')
open('gone', 'w').close()
os.remove('gone')
print(sorted(os.listdir()))`);
  expect(ran.outcome).toMatchObject({ kind: 'completed', error: null });
  expect(ran.stdout).toBe("['kept', 'made'] 0\n0 ''\n'\\x00\\x00\\x00abc'\n['kept', 'moved']\n");
  expect(files.text('moved')).toBe('');
});

test('what is left open and empty is there after the run', async () => {
  const { files } = await run("left = open('/mnt/data/left', 'w')");
  expect(files.text('left')).toBe('');
});

test('a file that nobody else may have made is made before its program goes on', async () => {
  const { files } = await run(`import os
lock = os.open('/mnt/data/lock', os.O_CREAT | os.O_EXCL | os.O_WRONLY)
_ = os.write(lock, b'mine')
os.close(lock)`);
  expect(written(files, 'lock')).toEqual(['empty and write 0', 'write 4']);
  expect(files.text('lock')).toBe('mine');
});

/** Where others write while a row of files is made: a folder, and a file. */
class BusyFiles extends MemoryFiles {
  override async perform(operation: FileOperation): Promise<FileAnswer> {
    const answer = await super.perform(operation);
    if (operation.op === 'write' && operation.path === 'part-8') {
      this.put('part-9/inner', 'theirs');
      this.put('log', 'theirs\n');
    }
    return answer;
  }
}

test('of many new files in a row only a few are looked for', async () => {
  const { files, ran } = await run(`import os
os.mkdir('/mnt/data/out')
for number in range(200):
    with open(f'/mnt/data/out/part-{number}.txt', 'w') as file: _ = file.write(str(number))
print(len(os.listdir('/mnt/data/out')))`);
  expect(ran.outcome).toMatchObject({ kind: 'completed', error: null });
  expect(ran.stdout).toBe('200\n');
  expect([files.text('out/part-0.txt'), files.text('out/part-199.txt')]).toEqual(['0', '199']);
  const last = files.operations.findLastIndex(({ op }) => op === 'write');
  const asked = files.operations.slice(0, last + 1);
  expect(asked.filter(({ op }) => op === 'write')).toHaveLength(200);
  // The first four, and one each 50 ms.
  expect(asked.filter(({ op }) => op === 'stat').length).toBeLessThan(100);
});

test('what others made meanwhile is neither lost nor written over', async () => {
  const { files, ran } = await run(
    `import os
for number in range(12):
    file = open(f'/mnt/data/part-{number}', 'w')
    _ = file.write('mine')
    try: file.close()
    except OSError as error: print(number, error.strerror)
with open('/mnt/data/log', 'a') as log: _ = log.write('mine\\n')
print(os.path.isdir('/mnt/data/part-9'), open('/mnt/data/part-9/inner').read())`,
    new BusyFiles(),
  );
  expect(ran.outcome).toMatchObject({ kind: 'completed', error: null });
  expect(ran.stdout).toBe('9 Is a directory\nTrue theirs\n');
  expect(files.text('log')).toBe('theirs\nmine\n');
});

test('a full disk is told to who closes the file, filled or not, and to nobody else', async () => {
  const { ran } = await run(
    `import os
first = open('/mnt/data/first', 'w')
print(os.path.exists('/mnt/data/other'), os.listdir('/mnt/data'))
second = open('/mnt/data/second', 'w')
_ = second.write('x')
for file in (first, second):
    try: file.close()
    except OSError as error: print(os.path.basename(file.name), error.strerror)`,
    new FullFiles(),
  );
  expect(ran.outcome).toMatchObject({ kind: 'completed', error: null });
  expect(ran.stdout).toBe('False []\nfirst No space left on device\nsecond No space left on device\n');
});

test('what a descriptor wrote before it was duplicated is written once', async () => {
  const { files } = await run(`import os
fd = os.open("x", os.O_CREAT | os.O_RDWR)
_ = os.write(fd, b"AB")
twin = os.dup(fd)
os.close(fd)
open("x", "w").close()
_ = os.write(twin, b"C")
os.close(twin)`);
  expect(files.text('x')).toBe('\0\0C');
});

describe('a file that a program has open is', () => {
  test.each(NAMELESS_PROGRAMS)('$name', async ({ code, stdout, files: left }) => {
    const { files, ran } = await run(code.join('\n'));
    expect(ran.outcome).toMatchObject({ kind: 'completed', error: null });
    expect(ran.stdout).toBe(stdout);
    expect((await files.all()).map(({ path }) => [path, files.text(path)])).toEqual(Object.entries(left));
    expect(announced(ran)).toEqual(Object.keys(left).map((path) => `/mnt/data/${path}`));
  });

  test('kept by its handle in later runs', async () => {
    const { files } = await run('import os\nf = open("x", "w+")\n_ = f.write("old")\nos.remove("x")');
    files.put('x', 'new');
    const later = await python?.run('_ = f.write("er")\nprint(f.seek(0), f.read(), open("x").read())\nf.close()');
    expect(later?.stdout).toBe('0 older new\n');
    expect(files.text('x')).toBe('new');
  });

  test('removed on a full disk without a word', async () => {
    const files = new FullFiles();
    files.put('x', 'there');
    const { ran } = await run(
      'import os\nf = open("x", "a+")\n_ = f.write("!")\nf.flush()\nos.remove("x")\nf.close()',
      files,
    );
    expect(ran.outcome).toMatchObject({ kind: 'completed', error: null });
    expect(files.text('x')).toBeNull();
  });

  test('removed though it is too large to be kept; its handle says so', async () => {
    const files = new MemoryFiles();
    files.put('x', new Uint8Array(LIMITS.removedFileBytes.standard + 1));
    const { ran } = await run(
      `import errno, os
fd = os.open("x", os.O_RDWR)
os.remove("x")
open("x", "w").close()
for use in (os.fstat, lambda fd: os.read(fd, 1), lambda fd: os.write(fd, b"a"), lambda fd: os.ftruncate(fd, 1)):
    try: use(fd)
    except OSError as error: print(errno.errorcode[error.errno])
os.close(fd)`,
      files,
    );
    expect(ran.outcome).toMatchObject({ kind: 'completed', error: null });
    expect(ran.stdout).toBe('ESTALE\n'.repeat(4));
    expect(files.text('x')).toBe('');
  });
});
