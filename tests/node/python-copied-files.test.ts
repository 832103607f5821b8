import { afterEach, describe, expect, test } from 'vitest';
import type { BoxOpener, BoxWorker } from '../../src/contracts/box.ts';
import type { FileAnswer, FileErrno, FileOperation } from '../../src/contracts/files.ts';
import { LIMITS } from '../../src/contracts/limits.ts';
import type { FromWorker } from '../../src/contracts/runner-protocol.ts';
import { MemoryFiles } from '../support/kit/memory-files.ts';
import { NAMELESS_PROGRAMS } from '../support/python/nameless-programs.ts';
import { type FinishedRun, openPython, type TestSession } from '../support/python/open-session.ts';

let python: TestSession | null = null;
afterEach(() => python?.dispose());

/** A tree that takes no bytes at the paths that match. */
class FullFiles extends MemoryFiles {
  errno: FileErrno = 'ENOSPC';
  isThrowing = false;
  full = /large/u;
  /** Of the one piece that is refused; null refuses all. */
  position: number | null = null;

  override async perform(operation: FileOperation): Promise<FileAnswer> {
    const isPiece = operation.op === 'write' && operation.position === (this.position ?? operation.position);
    if (isPiece && this.full.test(operation.path)) {
      if (this.isThrowing) throw new Error('the disk went away');
      return { ok: false, errno: this.errno };
    }
    return super.perform(operation);
  }
}

const openCopied = async (files: MemoryFiles): Promise<TestSession> => {
  python = await openPython('base', { hasSharedMemory: false }, files);
  return python;
};
const notices = (run: FinishedRun): string[] =>
  run.events.flatMap((event) => (event.kind === 'notice' ? [event.text] : []));
const announced = (run: FinishedRun): (string | null)[] =>
  run.events.flatMap((event) => (event.kind === 'artifact' ? [event.artifact.path] : []));
const WRITE_BOTH = 'open("small.txt", "w").write("s")\nopen("large.bin", "wb").write(b"x" * 100)\nprint("saved")';

describe('a file that the tree did not take', () => {
  test.each<[FileErrno, string]>([
    ['ENOSPC', 'files/no-space'],
    ['EFBIG', 'files/too-large'],
    ['EINVAL', 'files/bad-path'],
    ['EIO', 'files/unavailable'],
  ])('for %s is the error of the run, by its path; the others are announced', async (errno, code) => {
    const files = new FullFiles();
    files.errno = errno;
    const run = await (await openCopied(files)).run(WRITE_BOTH);
    expect(run.outcome).toMatchObject({ kind: 'completed', exitCode: 1, error: { code } });
    expect(run.outcome.kind === 'completed' && run.outcome.error?.message).toContain('/mnt/data/large.bin');
    expect(notices(run)).toEqual([expect.stringContaining('Not saved: /mnt/data/large.bin.')]);
    expect(announced(run)).toEqual(['/mnt/data/small.txt']);
    expect(files.text('small.txt')).toBe('s');
  });

  test('because the tree failed altogether is said too', async () => {
    const files = new FullFiles();
    files.isThrowing = true;
    const run = await (await openCopied(files)).run(WRITE_BOTH);
    expect(run.outcome).toMatchObject({ exitCode: 1, error: { code: 'files/unavailable' } });
  });

  test('leaves the error of a program that failed as it is, and is a notice', async () => {
    const run = await (await openCopied(new FullFiles())).run(`${WRITE_BOTH}\n1 / 0`);
    expect(run.outcome).toMatchObject({ error: { title: 'ZeroDivisionError' } });
    expect(notices(run)).toEqual([expect.stringContaining('/mnt/data/large.bin')]);
  });

  test('is said of a run that is stopped', async () => {
    const stop = new AbortController();
    const run = await (await openCopied(new FullFiles())).run(
      'with open("large.bin", "w") as f: f.write("x")\nprint("go", flush=True)\nwhile True: pass',
      { signal: stop.signal, onEvent: (event) => event.kind === 'output' && stop.abort() },
    );
    expect(run.outcome).toMatchObject({ kind: 'cancelled' });
    expect(notices(run)).toEqual([expect.stringContaining('/mnt/data/large.bin')]);
  });

  test('is named as the program calls it in the end', async () => {
    const run = await (await openCopied(new FullFiles())).run(
      'import os\nopen("large.tmp", "w").write("x")\nos.rename("large.tmp", "final.txt")',
    );
    expect(run.outcome).toMatchObject({ error: { code: 'files/no-space' } });
    expect(notices(run)).toEqual([expect.stringContaining('/mnt/data/final.txt')]);
  });

  test('is nothing once it is removed, or written anew', async () => {
    const files = new FullFiles();
    const session = await openCopied(files);
    const removed = await session.run('import os\nopen("large.tmp", "w").write("x")\nos.remove("large.tmp")');
    expect(removed.outcome).toMatchObject({ exitCode: 0, error: null });
    files.full = /never/u;
    const again = await session.run('import os\nprint(os.path.exists("large.bin"))\nopen("large.bin", "w").write("x")');
    expect(again.outcome).toMatchObject({ exitCode: 0, error: null });
    expect(notices(again)).toEqual([]);
  });

  test('is gone for the next run as well: what a program sees is what is kept', async () => {
    const session = await openCopied(new FullFiles());
    await session.run(WRITE_BOTH);
    const next = await session.run('import os\nsorted(os.listdir("/mnt/data"))');
    expect(next.outcome).toMatchObject({ result: "['small.txt']" });
  });

  test('of the runner itself is a notice only', async () => {
    const files = new FullFiles();
    files.full = /^\.output\//u;
    const run = await (await openCopied(files)).run('for i in range(400_000): print(i)');
    expect(run.outcome).toMatchObject({ exitCode: 0, error: null });
    expect(notices(run)).toEqual([expect.stringMatching(/\/mnt\/data\/\.output\/[0-9a-f]{8}-1\/output\.txt/u)]);
  });
});

describe('a file that a program has open is', () => {
  test.each(NAMELESS_PROGRAMS)('$name', async ({ code, stdout, files: left }) => {
    const files = new MemoryFiles();
    const run = await (await openCopied(files)).run(code.join('\n'));
    expect(run.outcome).toMatchObject({ kind: 'completed', error: null });
    expect(run.stdout).toBe(stdout);
    expect((await files.all()).map(({ path }) => [path, files.text(path)])).toEqual(Object.entries(left));
    expect(announced(run)).toEqual(Object.keys(left).map((path) => `/mnt/data/${path}`));
  });

  test('removed by another program before a later run, which does not make it anew', async () => {
    const files = new MemoryFiles();
    const session = await openCopied(files);
    await session.run('f = open("x", "w")\n_ = f.write("a")');
    expect(files.text('x')).not.toBeNull();
    await files.perform({ op: 'remove', path: 'x' });
    const later = await session.run('_ = f.write("b")\nf.close()');
    expect(later.outcome).toMatchObject({ kind: 'completed', error: null });
    expect(announced(later)).toEqual([]);
    expect(files.text('x')).toBeNull();
  });
});

describe('copying in', () => {
  const reads = (files: MemoryFiles): string[] =>
    files.operations.flatMap((operation) => (operation.op === 'read' ? [operation.path] : []));

  test('sends each file once, and again only after it changed', async () => {
    const files = new MemoryFiles();
    files.put('folder/a.txt', 'one');
    files.put('b.txt', 'two');
    const session = await openCopied(files);
    const program = 'print(open("folder/a.txt").read(), open("b.txt").read())';
    expect((await session.run(program)).stdout).toBe('one two\n');
    expect(reads(files).sort()).toEqual(['b.txt', 'folder/a.txt']);
    expect((await session.run(program)).stdout).toBe('one two\n');
    expect(reads(files)).toHaveLength(2);
    files.put('b.txt', 'changed');
    expect((await session.run(program)).stdout).toBe('one changed\n');
    expect(reads(files).slice(2)).toEqual(['b.txt']);
  });

  test('gives the tree back where a program changed a file that the tree did not take', async () => {
    const files = new FullFiles();
    files.put('large.txt', 'as it was');
    const session = await openCopied(files);
    await session.run('open("large.txt", "w").write("lost")');
    expect((await session.run('print(open("large.txt").read())')).stdout).toBe('as it was\n');
  });

  test('survives a folder that is renamed', async () => {
    const files = new MemoryFiles();
    files.put('old/a.txt', 'one');
    const session = await openCopied(files);
    await session.run('import os\nos.rename("old", "new")');
    expect(files.text('new/a.txt')).toBe('one');
    const next = await session.run('import os\nprint(open("new/a.txt").read(), os.path.exists("old"))');
    expect(next.stdout).toBe('one False\n');
  });

  test('leaves out what is too much, the oldest first, and says which', async () => {
    const files = new MemoryFiles();
    files.put('old.bin', 'x');
    files.put('new.txt', 'here');
    const session = await openCopied(files);
    const perform = files.perform.bind(files);
    files.perform = async (operation) =>
      operation.op === 'list'
        ? {
            ok: true,
            entries: [
              { path: 'old.bin', kind: 'file', sizeBytes: LIMITS.copiedInBytes.standard, modifiedAtMs: 1 },
              { path: 'new.txt', kind: 'file', sizeBytes: 4, modifiedAtMs: 2 },
            ],
          }
        : perform(operation);
    const run = await session.run('import os\nprint(open("new.txt").read(), os.path.exists("old.bin"))');
    expect(run.stdout).toBe('here False\n');
    expect(notices(run)).toEqual([expect.stringContaining('/mnt/data/old.bin')]);
    expect(files.text('old.bin')).toBe('x');
  });
});

/** A tree that takes nothing before it is released, in a session that counts what its worker sends. */
class HeldSession extends MemoryFiles {
  readonly #released = Promise.withResolvers<void>();
  sentBytes = 0;
  questions = 0;
  onQuestion: () => void = () => undefined;

  release(): void {
    this.#released.resolve();
  }

  override async perform(operation: FileOperation): Promise<FileAnswer> {
    if (operation.op !== 'write') return super.perform(operation);
    await this.#released.promise;
    return super.perform(operation);
  }

  async open(hasPromises: boolean): Promise<TestSession> {
    const workers: BoxWorker[] = [];
    const noting = (boxes: BoxOpener): BoxOpener => ({
      open: async (engine, options) => {
        const opened = await boxes.open(engine, options);
        if (opened.ok) workers.push(opened.value);
        return opened;
      },
      warm: () => undefined,
    });
    python = await openPython('base', { hasSharedMemory: false, hasPromises }, this, noting);
    workers[0]?.onMessage((message) => this.#note(message as FromWorker), { signal: new AbortController().signal });
    return python;
  }

  #note(message: FromWorker): void {
    if (message.kind === 'event' && message.event.kind === 'fileOut' && message.event.change.op === 'write')
      this.sentBytes += message.event.change.bytes?.length ?? 0;
    if (message.kind !== 'filesSent') return;
    this.questions += 1;
    this.onQuestion();
  }
}

const MB = 1024 * 1024;
const MOST = LIMITS.filesAheadBytes.standard;
/** Saves in a hurry, each file as careful programs do. */
const HURRY = [
  'import os',
  'b = b"x" * 5 * 1024 ** 2',
  'for i in range(50):',
  '    with open(f"{i}.tmp", "wb") as f: f.write(b)',
  '    os.rename(f"{i}.tmp", f"{i}.bin")',
  'print("end", flush=True)',
].join('\n');
const SAVED = Array.from({ length: 50 }, (_none, at) => [`${at}.bin`, 5 * MB]);
const sizesIn = (files: MemoryFiles) => [...files.entries].map(([path, { bytes }]) => [path, bytes?.length]);

describe('a program that writes faster than its files are taken', () => {
  test('waits, where it can, and loses nothing', async () => {
    const files = new HeldSession();
    const session = await files.open(true);
    // The program is at its bound by then.
    let sentAtBound = 0;
    files.onQuestion = () => {
      if (files.questions !== 4) return;
      sentAtBound = files.sentBytes;
      files.release();
    };
    const run = await session.run(HURRY);
    expect(sentAtBound).toBe(65 * MB);
    expect(run).toMatchObject({ stdout: 'end\n', outcome: { kind: 'completed', error: null } });
    expect(sizesIn(files)).toEqual(SAVED);
  });

  test('is stopped in that wait, and keeps its variables', async () => {
    const files = new HeldSession();
    const session = await files.open(true);
    await session.run('kept = 41');
    const stop = new AbortController();
    files.onQuestion = () => {
      if (files.questions !== 4) return;
      stop.abort();
      // What was sent is still saved.
      files.release();
    };
    const run = await session.run(HURRY, { signal: stop.signal });
    expect(run.outcome).toMatchObject({ kind: 'cancelled', sessionLost: false });
    expect((await session.run('kept + 1')).outcome).toMatchObject({ result: '42' });
    expect(files.entries.size).toBeGreaterThan(0);
    expect(files.entries.size).toBeLessThan(50);
  });

  test('keeps the rest to its end, where it cannot wait', async () => {
    const files = new HeldSession();
    const session = await files.open(false);
    const sentAtEnd: number[] = [];
    const run = await session.run(HURRY, {
      onEvent: (event) => {
        if (event.kind !== 'output') return;
        sentAtEnd.push(files.sentBytes);
        files.release();
      },
    });
    expect(run.outcome).toMatchObject({ kind: 'completed', error: null });
    expect(sentAtEnd).toEqual([MOST - (MOST % (5 * MB))]);
    expect(new Map(sizesIn(files) as [string, number][])).toEqual(new Map(SAVED as [string, number][]));
    expect(announced(run)).toHaveLength(50);
    const again = await session.run('sorted(os.listdir("."))[:2], os.path.getsize("49.bin")');
    expect(again.outcome).toMatchObject({ result: `(['0.bin', '1.bin'], ${5 * MB})` });
  });

  test('leaves the newer of two that it calls the same, though only the older has to wait', async () => {
    const files = new HeldSession();
    const session = await files.open(false);
    const code = [
      'import os',
      `for i in range(${Math.floor(MOST / (5 * MB))}): open(f"{i}.bin", "wb").write(b"x" * ${5 * MB})`,
      `for text in b"old" * ${2 * MB}, b"new":`,
      '    with open("state.tmp", "wb") as f: f.write(text)',
      '    os.replace("state.tmp", "state")',
      'with open("folder.tmp", "wb") as f: f.write(b"old" * 2 * 1024 ** 2)',
      'os.mkdir("a"); os.rename("folder.tmp", "a/f"); os.rename("a", "b"); os.remove("b/f")',
      'print("end", flush=True)',
    ].join('\n');
    const run = await session.run(code, { onEvent: (event) => event.kind === 'output' && files.release() });
    expect(run.outcome).toMatchObject({ kind: 'completed', error: null });
    expect(files.text('state')).toBe('new');
    expect([...files.entries.keys()].filter((path) => path.includes('f') || path.includes('tmp'))).toEqual([]);
  });

  test('is told of a file that lacks a piece, though those after it were taken', async () => {
    const files = new FullFiles();
    files.position = LIMITS.filePieceBytes.standard;
    const run = await (await openCopied(files)).run('open("large.bin", "wb").write(b"x" * 70 * 1024 ** 2)');
    expect(run.outcome).toMatchObject({ kind: 'completed', exitCode: 1, error: { code: 'files/no-space' } });
    expect(announced(run)).toEqual([]);
  });

  test.each([true, false])('saves a file that no message could hold (promise integration: %s)', async (hasPromises) => {
    const files = new HeldSession();
    files.release();
    const session = await files.open(hasPromises);
    const code = 'with open("large.bin", "wb") as f:\n    for i in range(150): f.write(bytes([i]) * 1024 ** 2)';
    const run = await session.run(code, { memoryMB: 256 });
    expect(run.outcome).toMatchObject({ kind: 'completed', error: null });
    expect(announced(run)).toEqual(['/mnt/data/large.bin']);
    const bytes = files.entries.get('large.bin')?.bytes;
    expect([bytes?.length, bytes?.[33 * MB], bytes?.at(-1)]).toEqual([150 * MB, 33, 149]);
  });
});

test('files copied for a run that was stopped meanwhile are copied for the next one', async () => {
  const stop = new AbortController();
  let reads = 0;
  class StoppedAtRead extends MemoryFiles {
    override async perform(operation: FileOperation): Promise<FileAnswer> {
      if (operation.op === 'read') {
        reads += 1;
        stop.abort();
      }
      return super.perform(operation);
    }
  }
  const files = new StoppedAtRead();
  for (const name of ['a', 'b', 'c', 'in']) files.put(`${name}.txt`, 'here');
  const session = await openCopied(files);
  const { outcome } = await session.run('1', { signal: stop.signal });
  expect(outcome).toMatchObject({ kind: 'cancelled', sessionLost: false });
  expect(reads).toBe(1);
  expect((await session.run('print(open("in.txt").read())')).stdout).toBe('here\n');
});
