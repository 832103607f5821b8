import { expect, test, vi } from 'vitest';
import { folderWorld } from '../../../tests/support/folder-world.ts';
import { KeptFolder } from '../../../tests/support/writable-folder.ts';
import type { Step } from './folder-copy.ts';

type World = ReturnType<typeof folderWorld>;

/** The step where the work is; another one is a failure of the test. */
function at<K extends Step['kind']>({ copy }: Pick<World, 'copy'>, kind: K): Extract<Step, { readonly kind: K }> {
  const step: Step = copy.step.value;
  if (step.kind !== kind) throw new Error(`${step.kind} ${step.kind === 'waiting' ? step.said : ''}`);
  return step as Extract<Step, { readonly kind: K }>;
}

async function copied(world: Pick<World, 'copy'>, device: KeptFolder): Promise<void> {
  await world.copy.take(device);
  await world.copy.copy();
  at(world, 'ended');
}

/** The first folder that is remembered, as its list of folders names it. */
const known = async ({ copy }: World) => {
  await copy.recall();
  const [folder] = copy.known.value;
  if (folder === undefined) throw new Error('nothing is known');
  return folder;
};

const marked = async (world: World) => (await known(world)).files.map(({ path }) => path).sort();

test('half a file that an interrupted replacement left is never written over the whole one on the device', async () => {
  const device = new KeptFolder('p', { a: 'one', b: 'stays' });
  const former = folderWorld();
  await copied(former, device);
  expect(await marked(former)).toEqual(['a', 'b']);
  device.edit('a', 'the whole of it');
  // The tab ends while the file is on its way: nothing answers any more.
  const sent = Promise.withResolvers<void>();
  const dying = folderWorld(
    {
      addFile(request) {
        former.write(request.name, 'the wh');
        sent.resolve();
        return new Promise(() => undefined);
      },
      listFiles: former.doors.runs.listFiles,
    },
    former.folders,
  );
  await dying.copy.take(device);
  void dying.copy.copy();
  await sent.promise;
  expect(await marked(former)).toEqual(['b']);

  await former.copy.lookBack(await known(former));
  await former.copy.writeBack();
  expect(at(former, 'written').written).toMatchObject({ count: 0, notWritten: [{ path: 'a', why: 'device' }] });
  expect(device.texts()).toEqual({ a: 'the whole of it', b: 'stays' });
});

test('Cancel leaves what is remembered of files that were not begun', async () => {
  const device = new KeptFolder('p', Object.fromEntries(Array.from({ length: 9 }, (_, n) => [`f${n}`, 'one'])));
  const world = folderWorld();
  await copied(world, device);
  for (const name of device.inside.keys()) device.edit(name, 'another');
  const { addFile } = world.runs;
  const slow = folderWorld(
    {
      listFiles: world.doors.runs.listFiles,
      async addFile(request) {
        slow.copy.cancel();
        return addFile(request);
      },
    },
    world.folders,
  );
  await slow.copy.take(device);
  await slow.copy.copy();
  const { count, begun } = at(slow, 'ended').copied;
  expect(count).toBe(1);
  expect([...begun]).toEqual(['f0']);
  // The others are still what was copied: what a program changes of them is not replaced by an update.
  world.write('p/f8', 'by a program');
  await world.copy.take(device);
  expect(at(world, 'planned').plan).toMatchObject({ same: 1, changedHere: ['f8'] });
  expect(at(world, 'planned').plan.files).toHaveLength(7);
});

test('where it cannot be noted that a copying begins, nothing is written over what is remembered', async () => {
  const device = new KeptFolder('p', { a: 'one' });
  const world = folderWorld();
  await copied(world, device);
  device.edit('a', 'another');
  world.folders.begin = () => Promise.reject(new DOMException('full', 'QuotaExceededError'));
  await world.copy.take(device);
  await world.copy.copy();
  expect(at(world, 'waiting').said).toContain('Nothing was copied');
  expect(world.texts()).toEqual({ 'p/a': 'one' });
});

test('what nobody expected the browser to throw ends the step, and is said', async () => {
  const reported: unknown[] = [];
  vi.stubGlobal('reportError', (cause: unknown) => reported.push(cause));
  const device = new KeptFolder('p', { a: 'one' });
  const world = folderWorld();
  await world.copy.take(device);
  const broken = new Error('no such thing');
  world.folders.of = () => Promise.reject(broken);
  world.doors.runs.listFiles = () => Promise.reject(broken);
  await world.copy.copy();
  expect(at(world, 'waiting').said).toContain('Something went wrong');
  expect(world.copy.isWorking).toBe(false);
  expect(reported).toEqual([broken]);
  vi.unstubAllGlobals();
});

test('what is copied is remembered while more is on its way', async () => {
  const names = Array.from({ length: 300 }, (_, n) => `f${String(n)}`);
  const device = new KeptFolder('p', Object.fromEntries(names.map((name) => [name, 'x'])));
  const rest = Promise.withResolvers<void>();
  const sent = Promise.withResolvers<void>();
  const world: World = folderWorld({
    async addFile(request) {
      if (request.name === 'p/f299') {
        sent.resolve();
        await rest.promise;
      }
      return world.runs.addFile(request);
    },
  });
  await world.copy.take(device);
  const copying = world.copy.copy();
  await sent.promise;
  expect(await marked(world)).toHaveLength(250);
  rest.resolve();
  await copying;
  expect(await marked(world)).toHaveLength(300);
});

test('what is written back and cannot be remembered is said', async () => {
  const device = new KeptFolder('p', { a: 'one' });
  const world = folderWorld();
  await copied(world, device);
  world.write('p/a', 'by a program');
  await world.copy.lookBack(await known(world));
  // Another tab forgets the folder meanwhile: it stays forgotten.
  await world.folders.forget(await known(world));
  await world.copy.writeBack();
  expect(at(world, 'written')).toMatchObject({ written: { count: 1 }, isRemembered: false });
  expect(device.texts()).toEqual({ a: 'by a program' });
  expect(world.folders.rows).toEqual([]);
});

test('what the conversation changed after the list was shown is shown anew, and not written over', async () => {
  const device = new KeptFolder('p', { a: 'one', b: 'one' });
  const world = folderWorld();
  await copied(world, device);
  device.edit('a', 'another');
  await world.copy.take(device);
  expect(at(world, 'planned').plan.changedHere).toEqual([]);
  world.write('p/a', 'by a program');
  await world.copy.copy();
  expect(at(world, 'planned')).toMatchObject({ isAnew: true, plan: { files: [], changedHere: ['a'] } });
  expect(world.texts()).toEqual({ 'p/a': 'by a program', 'p/b': 'one' });
});

test('nor is what it made in the place of a file, or changed of what would be replaced', async () => {
  const device = new KeptFolder('p', { a: 'one' });
  const world = folderWorld();
  await world.copy.take(device);
  world.write('p/a', 'made');
  await world.copy.copy();
  expect(at(world, 'planned')).toMatchObject({ isAnew: true, plan: { replaced: { size: 1 } } });
  world.write('p/a', 'changed');
  await world.copy.copy();
  expect(at(world, 'planned').isAnew).toBe(true);
  expect(world.texts()).toEqual({ 'p/a': 'changed' });
  await world.copy.copy();
  expect(at(world, 'ended').copied.count).toBe(1);
});

test('Cancel counts while the browser still asks for the right to write', async () => {
  const device = new KeptFolder('p', { a: 'one' });
  const world = folderWorld();
  await copied(world, device);
  world.write('p/a', 'by a program');
  await world.copy.lookBack(await known(world));
  const answer = Promise.withResolvers<PermissionState>();
  device.answers = () => answer.promise;
  const writing = world.copy.writeBack();
  at(world, 'writing');
  world.copy.cancel();
  answer.resolve('granted');
  await writing;
  expect(at(world, 'waiting').said).toBe('Cancelled.');
  expect(device.texts()).toEqual({ a: 'one' });
});

test('two folders of one name have a copy each', async () => {
  const [one, other] = [new KeptFolder('src', { a: 'one' }), new KeptFolder('src', { a: 'other' })];
  const world = folderWorld();
  await copied(world, one);
  await world.copy.take(other);
  expect(at(world, 'planned').plan).toMatchObject({ target: 'src-2', same: 0, replaced: { size: 0 } });
  await world.copy.copy();
  expect(world.texts()).toEqual({ 'src/a': 'one', 'src-2/a': 'other' });
  // Each is known again, and written back to where it came from.
  await world.copy.take(one);
  expect(at(world, 'planned').plan).toMatchObject({ target: 'src', same: 1 });
  world.write('src-2/a', 'by a program');
  await world.copy.lookBack({ target: 'src-2' });
  await world.copy.writeBack();
  expect([one.texts(), other.texts()]).toEqual([{ a: 'one' }, { a: 'by a program' }]);
});

test('a list to write back names what is remembered by now, from whichever tab', async () => {
  const device = new KeptFolder('p', { a: 'one' });
  const world = folderWorld();
  await copied(world, device);
  await world.folders.forget(await known(world));
  await world.copy.lookBack({ target: 'p' });
  expect(at(world, 'waiting').said).toContain('p is forgotten');
});
