import { describe, expect, test } from 'vitest';
import { FILES_CASES } from '../../../../tests/support/files-contract.ts';
import { writeAnswer } from '../../../box/mailbox-answer.ts';
import type { FileAnswer, FileOperation, FileStat, SessionFiles } from '../../../contracts/files.ts';
import { MAILBOX_HEADER_BYTES, MAILBOX_WINDOW_BYTES } from '../../../contracts/mailbox.ts';
import type { FileChange } from '../../../contracts/runner-protocol.ts';
import { createChanges } from '../written/index.ts';
import { CopiedTree } from './copied-tree.ts';
import { FileError } from './file-error.ts';
import { LiveTree } from './live-tree.ts';
import { createMailbox } from './mailbox.ts';
import type { WorkerTree } from './worker-tree.ts';

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
const bytesOf = (value: string): Uint8Array => new TextEncoder().encode(value);

/** What a host answers, from a tree that is at hand. */
function performOn(tree: WorkerTree, operation: FileOperation): FileAnswer {
  const { path } = operation;
  try {
    switch (operation.op) {
      case 'stat':
        return { ok: true, stat: tree.stat(path) };
      case 'list':
        return { ok: true, entries: tree.list(path) };
      case 'read':
        return { ok: true, bytes: tree.read(path, operation.position, operation.length) };
      case 'write':
        if (operation.truncateTo !== null) tree.truncate(path, operation.truncateTo);
        tree.write(path, operation.position, operation.bytes ?? new Uint8Array());
        return { ok: true };
      case 'rename':
        tree.rename(path, operation.to);
        return { ok: true };
      case 'mkdir':
        tree.mkdir(path);
        return { ok: true };
      case 'remove':
        tree.remove(path);
        return { ok: true };
    }
  } catch (error) {
    if (error instanceof FileError) return { ok: false, errno: error.errno };
    throw error;
  }
}

function* filesBelow(tree: WorkerTree, folder = ''): Generator<FileStat> {
  for (const entry of tree.list(folder)) {
    if (entry.kind === 'file') yield entry;
    else yield* filesBelow(tree, entry.path);
  }
}

const asFiles = (tree: WorkerTree): Pick<SessionFiles, 'perform' | 'all'> => ({
  perform: async (operation) => performOn(tree, operation),
  all: async () => [...filesBelow(tree)],
});

function copiedTree() {
  const sent: FileChange[] = [];
  const changes = createChanges();
  // As a message does that takes the bytes along.
  const send = (change: FileChange): void =>
    void sent.push(
      structuredClone(change, { transfer: change.op === 'write' && change.bytes ? [change.bytes.buffer] : [] }),
    );
  return { sent, changes, tree: new CopiedTree(changes, send) };
}

/** A live tree whose host is a tree in the same thread: the answer stands before anybody waits for it. */
function liveTree() {
  const asked: FileOperation[] = [];
  const host = copiedTree().tree;
  const memory = new SharedArrayBuffer(MAILBOX_HEADER_BYTES + MAILBOX_WINDOW_BYTES);
  const ask = createMailbox(memory, (operation) => {
    asked.push(operation);
    writeAnswer(memory, performOn(host, operation));
  });
  const changes = createChanges();
  return { asked, host, changes, tree: new LiveTree(ask, changes) };
}

describe.each([
  ['copied', () => copiedTree().tree],
  ['live', () => liveTree().tree],
])('a %s tree', (_name, open) => {
  test.each(FILES_CASES.map((one) => [one.name, one] as const))('%s', async (_case, one) => {
    await one.run(asFiles(open()));
  });
});

describe('a live tree', () => {
  test('joins writes that go straight on, and others see them after a flush', () => {
    const { tree, host, asked } = liveTree();
    for (let at = 0; at < 1000; at += 1) tree.write('log', at * 10, bytesOf('0123456789'));
    expect(host.stat('log').sizeBytes).toBe(10);
    tree.flush('log');
    expect(host.stat('log').sizeBytes).toBe(10_000);
    expect(asked.filter(({ op }) => op === 'write')).toHaveLength(2);
  });

  test('keeps what two files hold apart', () => {
    const { tree, host } = liveTree();
    for (let at = 0; at < 100; at += 1) {
      tree.write('a', at, bytesOf('a'));
      tree.write('b', at, bytesOf('b'));
    }
    tree.flush();
    expect([text(host.read('a', 0, 200)), text(host.read('b', 0, 200))]).toEqual(['a'.repeat(100), 'b'.repeat(100)]);
  });

  test('writes more than it may hold, and more files than it may hold', () => {
    const { tree, host } = liveTree();
    const piece = new Uint8Array(300_000).fill(7);
    for (let at = 0; at < 20; at += 1) tree.write('big', at * piece.length, piece);
    for (let file = 0; file < 40; file += 1) {
      tree.write(`f${file}`, 0, bytesOf('x'));
      tree.write(`f${file}`, 1, bytesOf('y'));
    }
    tree.flush();
    expect(host.stat('big').sizeBytes).toBe(6_000_000);
    expect(host.read('big', 0, 6_000_000).every((byte) => byte === 7)).toBe(true);
    for (let file = 0; file < 40; file += 1) expect(text(host.read(`f${file}`, 0, 9))).toBe('xy');
  });

  test('sees its own unwritten bytes: reading, size, list, over another name', () => {
    const { tree } = liveTree();
    tree.write('a', 0, bytesOf('one'));
    tree.write('a', 3, bytesOf('two'));
    expect(text(tree.read('a', 0, 10))).toBe('onetwo');
    tree.write('a', 6, bytesOf('three'));
    expect(tree.stat('a').sizeBytes).toBe(11);
    tree.write('a', 11, bytesOf('!'));
    expect(tree.list('')[0]?.sizeBytes).toBe(12);
    tree.write('a', 12, bytesOf('?'));
    tree.rename('a', 'b');
    expect(text(tree.read('b', 0, 20))).toBe('onetwothree!?');
  });

  test('reads small pieces of a file by few questions', () => {
    const { tree, host, asked } = liveTree();
    host.replace('lines', new Uint8Array(100_000).fill(65));
    for (let at = 0; at < 100_000; at += 100) expect(tree.read('lines', at, 100)).toHaveLength(100);
    expect(asked.filter(({ op }) => op === 'read').length).toBeLessThan(5);
  });

  test('sees what others write between two reads from the beginning', () => {
    const { tree, host } = liveTree();
    host.replace('shared', bytesOf('before'));
    expect(text(tree.read('shared', 0, 3))).toBe('bef');
    host.replace('shared', bytesOf('AFTER!'));
    expect(text(tree.read('shared', 0, 3))).toBe('AFT');
  });

  test('reads and writes more than one window', () => {
    const { tree } = liveTree();
    const large = new Uint8Array(MAILBOX_WINDOW_BYTES * 2 + 17).map((_value, at) => at % 251);
    tree.replace('large', large);
    expect(Buffer.compare(tree.read('large', 0, large.length), large)).toBe(0);
  });

  test('refuses the first write of a file that cannot be, at once', () => {
    const { tree } = liveTree();
    tree.mkdir('d');
    expect(() => tree.write('d', 0, bytesOf('x'))).toThrow('EISDIR');
    expect(() => tree.write('none/x', 0, bytesOf('x'))).toThrow('ENOENT');
  });

  test('notes what was written, under its last name', () => {
    const { tree, changes } = liveTree();
    tree.write('a', 0, bytesOf('x'));
    tree.rename('a', 'b');
    tree.mkdir('.output');
    tree.replace('.output/run-1.txt', bytesOf('kept'));
    expect(changes.take()).toEqual(['b']);
  });
});

describe('a copied tree', () => {
  test('sends a file when it is flushed, once, whole; folders and removals at once', () => {
    const { tree, sent } = copiedTree();
    tree.mkdir('d');
    tree.write('d/a', 0, bytesOf('one'));
    tree.write('d/a', 3, bytesOf('two'));
    expect(sent.map(({ op }) => op)).toEqual(['mkdir']);
    tree.flush('d/a');
    tree.flush();
    tree.remove('d/a');
    expect(sent.map(({ op }) => op)).toEqual(['mkdir', 'write', 'remove']);
    expect(sent[1]).toMatchObject({ path: 'd/a', position: 0, truncateTo: 6, bytes: bytesOf('onetwo') });
  });

  test('sends a file before it is renamed, also as part of a folder', () => {
    const { tree, sent } = copiedTree();
    tree.mkdir('d');
    tree.write('d/a', 0, bytesOf('x'));
    tree.rename('d', 'e');
    expect(sent.map((change) => [change.op, change.path])).toEqual([
      ['mkdir', 'd'],
      ['write', 'd/a'],
      ['rename', 'd'],
    ]);
    expect(text(tree.read('e/a', 0, 9))).toBe('x');
  });

  test('becomes what the host has: new, unchanged and missing files', () => {
    const { tree, sent } = copiedTree();
    const file = (path: string, bytes: Uint8Array | null) => ({
      stat: { path, kind: 'file' as const, sizeBytes: bytes?.length ?? 0, modifiedAtMs: 5 },
      bytes,
    });
    tree.copyIn([file('kept', bytesOf('kept')), file('gone', bytesOf('gone')), file('d/deep', bytesOf('deep'))]);
    tree.copyIn([file('kept', null), file('d/new', bytesOf('new'))]);
    expect(
      tree
        .list('')
        .map(({ path }) => path)
        .sort(),
    ).toEqual(['d', 'kept']);
    expect(text(tree.read('kept', 0, 9))).toBe('kept');
    expect(tree.list('d').map(({ path }) => path)).toEqual(['d/new']);
    expect(tree.stat('d/new').modifiedAtMs).toBe(5);
    expect(sent).toEqual([]);
  });

  test('sends a large file in pieces', () => {
    const { tree, sent } = copiedTree();
    tree.replace('big', new Uint8Array(33 * 1024 * 1024).fill(3));
    expect(sent.map((change) => (change.op === 'write' ? [change.position, change.truncateTo] : null))).toEqual([
      [0, 33 * 1024 * 1024],
      [32 * 1024 * 1024, null],
    ]);
  });
});
