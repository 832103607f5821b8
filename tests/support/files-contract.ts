import type { FileAnswer, FileOperation, SessionFiles } from '../../src/contracts/files.ts';

export interface FilesCase {
  readonly name: string;
  /** Throws an Error that says what is wrong. Knows nothing of a test runner, so that it can run inside a browser. */
  run(files: Pick<SessionFiles, 'perform' | 'all'>): Promise<void>;
}

type Files = Pick<SessionFiles, 'perform' | 'all'>;

const bytesOf = (text: string) => new TextEncoder().encode(text);

function same(actual: unknown, wanted: unknown, what: string): void {
  const [one, other] = [JSON.stringify(actual), JSON.stringify(wanted)];
  if (one !== other) throw new Error(`${what}: ${one} instead of ${other}`);
}

async function done(files: Files, operation: FileOperation): Promise<Extract<FileAnswer, { ok: true }>> {
  const answer = await files.perform(operation);
  if (!answer.ok) throw new Error(`${operation.op} ${operation.path}: ${answer.errno}`);
  return answer;
}

async function refused(files: Files, operation: FileOperation, errno: string): Promise<void> {
  const answer = await files.perform(operation);
  same(answer.ok ? 'ok' : answer.errno, errno, `${operation.op} ${JSON.stringify(operation.path)}`);
}

export const write = (path: string, text: string | Uint8Array, position = 0, truncateTo: number | null = null) =>
  ({ op: 'write', path, position, bytes: typeof text === 'string' ? bytesOf(text) : text, truncateTo }) as const;

async function read(files: Files, path: string, position = 0, length = 1_000_000): Promise<string> {
  return new TextDecoder().decode((await done(files, { op: 'read', path, position, length })).bytes);
}

async function names(files: Files, path: string): Promise<string[]> {
  return ((await done(files, { op: 'list', path })).entries ?? []).map((entry) => entry.path).sort();
}

/** What every store of a session's files does. Each case starts with an empty tree. */
export const FILES_CASES: readonly FilesCase[] = [
  {
    name: 'the root is a directory that is there and cannot be removed, written or made',
    async run(files) {
      same((await done(files, { op: 'stat', path: '' })).stat?.kind, 'directory', 'root');
      same(await names(files, ''), [], 'empty root');
      await refused(files, { op: 'remove', path: '' }, 'EPERM');
      await refused(files, write('', 'x'), 'EPERM');
      await refused(files, { op: 'mkdir', path: '' }, 'EEXIST');
    },
  },
  {
    name: 'what was written is read back, in whole and in part',
    async run(files) {
      await done(files, write('a.txt', 'hello world'));
      same(await read(files, 'a.txt'), 'hello world', 'whole');
      same(await read(files, 'a.txt', 6, 3), 'wor', 'part');
      same(await read(files, 'a.txt', 11), '', 'at the end');
      same(await read(files, 'a.txt', 500), '', 'past the end');
      const { stat } = await done(files, { op: 'stat', path: 'a.txt' });
      same([stat?.path, stat?.kind, stat?.sizeBytes], ['a.txt', 'file', 11], 'stat');
    },
  },
  {
    name: 'writes in the middle, at the end and past it; a hole is zeros',
    async run(files) {
      await done(files, write('a', 'hello'));
      await done(files, write('a', 'HE'));
      await done(files, write('a', '!', 5));
      await done(files, write('a', 'x', 8));
      same(await read(files, 'a'), 'HEllo!\0\0x', 'content');
    },
  },
  {
    name: 'truncates to shorter and longer, with and without bytes',
    async run(files) {
      await done(files, write('a', 'hello world'));
      await done(files, { op: 'write', path: 'a', position: 0, bytes: null, truncateTo: 5 });
      same(await read(files, 'a'), 'hello', 'shorter');
      await done(files, { op: 'write', path: 'a', position: 0, bytes: null, truncateTo: 7 });
      same(await read(files, 'a'), 'hello\0\0', 'longer');
      await done(files, write('a', 'new', 0, 0));
      same(await read(files, 'a'), 'new', 'over');
    },
  },
  {
    name: 'an empty write makes an empty file',
    async run(files) {
      await done(files, { op: 'write', path: 'empty', position: 0, bytes: null, truncateTo: null });
      same((await done(files, { op: 'stat', path: 'empty' })).stat?.sizeBytes, 0, 'size');
    },
  },
  {
    name: 'what does not exist is ENOENT for every operation',
    async run(files) {
      for (const path of ['none', 'none/inside']) {
        await refused(files, { op: 'stat', path }, 'ENOENT');
        await refused(files, { op: 'list', path }, 'ENOENT');
        await refused(files, { op: 'read', path, position: 0, length: 1 }, 'ENOENT');
        await refused(files, { op: 'remove', path }, 'ENOENT');
        await refused(files, { op: 'rename', path, to: 'x' }, 'ENOENT');
      }
      await refused(files, write('none/inside', 'x'), 'ENOENT');
      await refused(files, { op: 'mkdir', path: 'none/inside' }, 'ENOENT');
    },
  },
  {
    name: 'directories hold files; a file is no directory and the other way round',
    async run(files) {
      await done(files, { op: 'mkdir', path: 'd' });
      await done(files, { op: 'mkdir', path: 'd/e' });
      await done(files, write('d/e/f.txt', 'x'));
      same(await names(files, 'd'), ['d/e'], 'list');
      same(await names(files, 'd/e/'), ['d/e/f.txt'], 'list with slash');
      await refused(files, { op: 'mkdir', path: 'd' }, 'EEXIST');
      await refused(files, { op: 'mkdir', path: 'd/e/f.txt' }, 'EEXIST');
      await refused(files, write('d', 'x'), 'EISDIR');
      await refused(files, { op: 'read', path: 'd', position: 0, length: 1 }, 'EISDIR');
      await refused(files, { op: 'list', path: 'd/e/f.txt' }, 'ENOTDIR');
      await refused(files, { op: 'stat', path: 'd/e/f.txt/x' }, 'ENOTDIR');
      await refused(files, write('d/e/f.txt/x', 'x'), 'ENOTDIR');
      await refused(files, { op: 'remove', path: 'd' }, 'ENOTEMPTY');
      await done(files, { op: 'remove', path: 'd/e/f.txt' });
      await done(files, { op: 'remove', path: 'd/e' });
      await done(files, { op: 'remove', path: 'd' });
      same(await names(files, ''), [], 'all gone');
    },
  },
  {
    name: 'a renamed file keeps its bytes and replaces another file',
    async run(files) {
      await done(files, write('a', 'one'));
      await done(files, write('b', 'two'));
      await done(files, { op: 'rename', path: 'a', to: 'b' });
      same(await names(files, ''), ['b'], 'names');
      same(await read(files, 'b'), 'one', 'content');
      await done(files, { op: 'mkdir', path: 'd' });
      await done(files, { op: 'rename', path: 'b', to: 'd/c' });
      same(await read(files, 'd/c'), 'one', 'moved');
      await done(files, write('d/c', '1', 3));
      same(await read(files, 'd/c'), 'one1', 'written after the move');
      await done(files, { op: 'rename', path: 'd/c', to: 'd/c' });
      await done(files, write('f', 'x'));
      await refused(files, { op: 'rename', path: 'f', to: 'd' }, 'EISDIR');
      await refused(files, { op: 'rename', path: 'd', to: 'f' }, 'ENOTDIR');
      await refused(files, { op: 'rename', path: 'f', to: 'none/f' }, 'ENOENT');
    },
  },
  {
    name: 'a renamed directory takes everything along, replaces an empty one, and never goes into itself',
    async run(files) {
      await done(files, { op: 'mkdir', path: 'd' });
      await done(files, { op: 'mkdir', path: 'd/e' });
      await done(files, write('d/e/f', 'x'));
      await done(files, { op: 'mkdir', path: 'empty' });
      await refused(files, { op: 'rename', path: 'empty', to: 'd' }, 'ENOTEMPTY');
      await refused(files, { op: 'rename', path: 'd', to: 'd/e/x' }, 'EINVAL');
      await done(files, { op: 'rename', path: 'd', to: 'empty' });
      same(await names(files, ''), ['empty'], 'names');
      same(await read(files, 'empty/e/f'), 'x', 'content');
      same(
        (await files.all()).map((stat) => stat.path),
        ['empty/e/f'],
        'all',
      );
    },
  },
  {
    name: 'paths that leave the root, or are none, are EINVAL',
    async run(files) {
      for (const path of [
        '..',
        '../x',
        'a/../../x',
        '/x',
        '/mnt/data/x',
        'a\0b',
        `${'x/'.repeat(600)}x`,
        'n'.repeat(300),
      ]) {
        await refused(files, write(path, 'x'), 'EINVAL');
        await refused(files, { op: 'stat', path }, 'EINVAL');
        await refused(files, { op: 'mkdir', path }, 'EINVAL');
        await refused(files, { op: 'rename', path, to: 'x' }, 'EINVAL');
      }
      await done(files, write('x', 'x'));
      await refused(files, { op: 'rename', path: 'x', to: '../y' }, 'EINVAL');
      same(await names(files, ''), ['x'], 'names');
    },
  },
  {
    name: 'sizes and positions that are none are EINVAL; beyond the largest file EFBIG',
    async run(files) {
      await done(files, write('x', 'x'));
      for (const position of [-1, 0.5, Number.NaN, 2 ** 60]) {
        await refused(files, write('x', 'x', position), 'EINVAL');
        await refused(files, { op: 'read', path: 'x', position, length: 1 }, 'EINVAL');
        await refused(files, { op: 'read', path: 'x', position: 0, length: position }, 'EINVAL');
      }
      await refused(files, write('x', 'x', 1024 ** 3), 'EFBIG');
      await refused(files, { op: 'write', path: 'x', position: 0, bytes: null, truncateTo: 1024 ** 3 }, 'EFBIG');
    },
  },
  {
    name: 'names that some platform refuses are kept exactly',
    async run(files) {
      const odd = [
        'é',
        'e\u0301',
        'É',
        'a',
        'A',
        'a b.',
        ' ',
        '...',
        'con',
        'CON.txt',
        'a:b*c?"<>|',
        'back\\slash',
        '100%',
        '%0041',
        'tab\tline\n',
        '日本.crswap',
        '😀',
        'x.crdownload',
      ];
      for (const [index, name] of odd.entries()) await done(files, write(name, String(index)));
      for (const [index, name] of odd.entries()) same(await read(files, name), String(index), name);
      same(await names(files, ''), [...odd].sort(), 'list');
      await done(files, { op: 'rename', path: 'con', to: 'aux' });
      same(await read(files, 'aux'), '8', 'renamed');
    },
  },
  {
    name: '. and doubled slashes name the same file',
    async run(files) {
      await done(files, { op: 'mkdir', path: './d/' });
      await done(files, write('d//./x', '1'));
      same(await read(files, './d/x'), '1', 'content');
    },
  },
  {
    name: 'many operations at once are done in order',
    async run(files) {
      const writes = Array.from({ length: 50 }, (_, n) => files.perform(write('log', `${n % 10}`, n)));
      await Promise.all(writes);
      same(await read(files, 'log'), '0123456789'.repeat(5), 'content');
      const mixed = await Promise.all([
        files.perform({ op: 'remove', path: 'log' }),
        files.perform({ op: 'stat', path: 'log' }),
        files.perform(write('log', 'again')),
        files.perform({ op: 'stat', path: 'log' }),
      ]);
      same(
        mixed.map((answer) => answer.ok),
        [true, false, true, true],
        'answers',
      );
    },
  },
  {
    name: 'ten thousand files in a hundred folders are kept and listed',
    async run(files) {
      const hundred = Array.from({ length: 100 }, (_, n) => n);
      for (const folder of hundred) await done(files, { op: 'mkdir', path: `d${folder}` });
      for (const folder of hundred) {
        await Promise.all(hundred.map((n) => done(files, write(`d${folder}/f${n}`, `${folder} ${n}`))));
      }
      same((await files.all()).length, 10_000, 'all');
      same((await names(files, 'd99')).length, 100, 'one folder');
      same(await read(files, 'd42/f7'), '42 7', 'content');
      await done(files, { op: 'rename', path: 'd42', to: 'moved' });
      same(await read(files, 'moved/f7'), '42 7', 'content after the move');
      same((await files.all()).length, 10_000, 'all after the move');
    },
  },
];
