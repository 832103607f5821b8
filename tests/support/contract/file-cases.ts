import type { RunnerManifest } from '../../../src/contracts/runner.ts';
import { holds, isLiveIn, type RunnerCase, same } from './scene.ts';

const MEGABYTE = 1024 * 1024;

/** Sum of `count` bytes of which byte n is n modulo 251. */
export function sumOf(count: number): number {
  const whole = Math.floor(count / 251);
  const rest = count % 251;
  return whole * ((250 * 251) / 2) + (rest * (rest - 1)) / 2;
}

const LIVE = 'a program sees what another writes while it runs';

/** Exceptions of a place, beside those of a language. */
export const placeExceptions = (
  manifest: RunnerManifest,
  hasSharedMemory: boolean,
): Readonly<Record<string, string>> =>
  isLiveIn(manifest, hasSharedMemory) ? {} : { [LIVE]: 'files go in before a run where no memory is shared' };

/** What every runner's programs see of the session's tree. */
export const FILE_CASES: readonly RunnerCase[] = [
  {
    name: 'a file that a program wrote is in the tree, and is announced',
    async run(scene) {
      const opened = await scene.open();
      const ran = await opened.run(scene.programs.write('made.csv', 'a,b'));
      holds(ran.outcome.kind === 'completed' && ran.outcome.error === null, 'the outcome', ran.outcome);
      same(await opened.text('made.csv'), 'a,b', 'the text');
      const files = ran.events.flatMap((event) => (event.kind === 'artifact' ? [event.artifact] : []));
      same(
        files.map(({ kind, path, mime, bytes }) => ({ kind, path, mime, bytes })),
        [{ kind: 'file', path: '/mnt/data/made.csv', mime: 'text/csv', bytes: 3 }],
        'what is announced',
      );
    },
  },
  {
    name: 'a file that was put into the tree is read, also between two runs',
    async run(scene) {
      const opened = await scene.open();
      await opened.put('in.txt', 'first');
      same(await opened.printed(scene.programs.read('in.txt')), 'first', 'before');
      await opened.put('in.txt', 'second');
      same(await opened.printed(scene.programs.read('in.txt')), 'second', 'after');
    },
  },
  {
    name: LIVE,
    // How they see it is another way in each browser.
    isOfPlace: true,
    async run(scene) {
      const { manifest, hasSharedMemory } = scene.world;
      const opened = await scene.open();
      const puts: Promise<void>[] = [];
      const { outcome, stdout } = await opened.run(scene.programs.awaitFile('late.txt'), {
        // Only against a hang; where it cannot come, it is waited for that long.
        timeMs: isLiveIn(manifest, hasSharedMemory) ? 30_000 : 2_000,
        onEvent: ({ kind }) => {
          if (kind === 'output' && puts.length === 0) puts.push(opened.put('late.txt', 'came'));
        },
      });
      await Promise.all(puts);
      same([outcome.kind, stdout], ['completed', 'waiting\ncame'], 'how it ended and what it printed');
    },
  },
  {
    name: 'folders, rename and remove are those of the tree',
    async run(scene) {
      const opened = await scene.open();
      await opened.printed(scene.programs.makeFolder('d'));
      await opened.printed(scene.programs.write('d/a.txt', 'one'));
      await opened.printed(scene.programs.rename('d/a.txt', 'd/b.txt'));
      same(await opened.text('d/b.txt'), 'one', 'renamed');
      same(await opened.text('d/a.txt'), null, 'the old name');
      await opened.printed(scene.programs.write('d/c.txt', 'two'));
      same(await opened.printed(scene.programs.list('d')), 'b.txt\nc.txt\n', 'the list');
      await opened.printed(scene.programs.remove('d/b.txt'));
      same(await opened.printed(scene.programs.list('d')), 'c.txt\n', 'after the removal');
      same(await opened.printed(scene.programs.list('')), 'd\n', 'the root');
    },
  },
  {
    name: 'a file that was removed while it was open does not come back by its name',
    async run(scene) {
      const opened = await scene.open();
      await opened.printed(scene.programs.replaceOpen('x.txt', 'new'));
      same(await opened.text('x.txt'), 'new', 'the text');
      same(await opened.printed(scene.programs.read('x.txt')), 'new', 'the text in the next run');
      same(await opened.printed(scene.programs.list('')), 'x.txt\n', 'the list');
    },
  },
  {
    name: 'names keep their case and their characters',
    async run(scene) {
      const opened = await scene.open();
      for (const [at, name] of ['é.txt', 'É.txt', 'a b.txt', '日本.txt', '😀.txt'].entries()) {
        await opened.printed(scene.programs.write(name, `text ${at}`));
        same(await opened.text(name), `text ${at}`, name);
        same(await opened.printed(scene.programs.read(name)), `text ${at}`, `read ${name}`);
      }
    },
  },
  {
    name: 'bytes are kept as they are, in 20 MB as well',
    async run(scene) {
      const opened = await scene.open();
      const count = 20 * MEGABYTE + 17;
      const { outcome } = await opened.run(scene.programs.writeBytes('big.bin', count));
      holds(outcome.kind === 'completed' && outcome.error === null, 'the outcome', outcome);
      const stat = await opened.tree.perform({ op: 'stat', path: 'big.bin' });
      same(stat.ok && stat.stat?.sizeBytes, count, 'the size');
      const piece = await opened.tree.perform({ op: 'read', path: 'big.bin', position: count - 3, length: 3 });
      same(piece.ok && [...(piece.bytes ?? [])], [(count - 3) % 251, (count - 2) % 251, (count - 1) % 251], 'the end');
      same(await opened.printed(scene.programs.sumBytes('big.bin')), `${count} ${sumOf(count)}\n`, 'the sum');
    },
  },
  {
    name: 'a program cannot reach out of the tree',
    async run(scene) {
      const opened = await scene.open();
      for (const path of ['../outside.txt', '/outside.txt', 'd/../../../outside.txt']) {
        await opened.run(scene.programs.write(path, 'out'));
        same(await opened.tree.all(), [], `after ${path}`);
      }
    },
  },
  {
    name: 'what is not there is an error of the program',
    async run(scene) {
      const opened = await scene.open();
      const { outcome } = await opened.run(scene.programs.read('none.txt'));
      holds(outcome.kind === 'completed' && outcome.exitCode !== 0, 'the outcome', outcome);
    },
  },
  {
    name: 'many files are listed and read',
    async run(scene) {
      const opened = await scene.open();
      const names = Array.from({ length: 500 }, (_value, at) => `f${String(at).padStart(3, '0')}`);
      for (const name of names) await opened.put(name, name);
      same(await opened.printed(scene.programs.list('')), `${names.join('\n')}\n`, 'the list');
      same(await opened.printed(scene.programs.read('f321')), 'f321', 'one of them');
    },
  },
];
