import { expect, test } from 'vitest';
import { queueWorld } from '../../../tests/support/queue-world.ts';
import type { RunId, SessionId } from '../../contracts/ids.ts';

const inSession = (name: string) => ({ sessionId: name as SessionId });
const after = (...ids: string[]) => ({ dependsOn: ids as RunId[] });

test('a run waits for those it depends on, in any session, and begins when the last of them ended well', async () => {
  const world = queueWorld();
  const first = world.add('first', inSession('a'));
  const second = world.add('second', inSession('b'));
  const last = world.add('last', { ...inSession('c'), ...after('first', 'second') });
  expect(last.told.at(-1)).toEqual({ ahead: 0, waitsFor: 'dependency' });
  first.end(true);
  await world.settled();
  expect(last.state).toBe('waiting');
  second.end(true);
  await world.settled();
  expect(last.state).toBe('working');
});

test('what depends on a run that failed or was taken out is refused, and so is what depends on that', async () => {
  const world = queueWorld();
  const first = world.add('first', inSession('a'));
  const second = world.add('second', { ...inSession('b'), ...after('first') });
  const third = world.add('third', { ...inSession('c'), ...after('second') });
  const waiting = world.add('waiting', inSession('a'));
  const fourth = world.add('fourth', { ...inSession('d'), ...after('waiting') });
  world.takeOut(waiting);
  expect(fourth.state).toBe('refused');
  first.end(false);
  await world.settled();
  expect([second.state, third.state]).toEqual(['refused', 'refused']);
  expect(world.queue.failedOf(['first' as RunId])).toBe('first');
  expect(world.queue.failedOf(['never' as RunId])).toBe('never');
  expect(world.broken).toEqual([]);
});

test('a run goes by what is known of it now, and so do those beside it', async () => {
  const world = queueWorld();
  const first = world.add('first', inSession('a'));
  const second = world.add('second', { ...inSession('b'), need: { timeMs: 1, memoryMB: 200 } });
  const third = world.add('third', { ...inSession('c'), need: { timeMs: 1, memoryMB: 200 } });
  expect([second.state, third.state]).toEqual(['working', 'waiting']);
  expect(third.told.at(-1)?.waitsFor).toBe('memory');
  // Less than was thought: there is room.
  world.queue.setNeed(third.id, { timeMs: 1, memoryMB: 30 });
  expect(third.state).toBe('working');
  // More than was thought: it works on, and who comes next waits.
  world.queue.setNeed(first.id, { timeMs: 1, memoryMB: 200 });
  second.end(true);
  await world.settled();
  const fourth = world.add('fourth', { ...inSession('d'), need: { timeMs: 1, memoryMB: 60 } });
  expect([first.state, fourth.state]).toEqual(['working', 'waiting']);
  world.queue.setNeed('unknown' as RunId, { timeMs: 1, memoryMB: 1 });
  first.end(true);
  await world.settled();
  expect(fourth.state).toBe('working');
});

test('runs of an earlier host can be depended on once their end is known', () => {
  const { queue, add } = queueWorld();
  queue.noteEnded('old' as RunId, true);
  queue.noteEnded('bad' as RunId, false);
  expect(queue.failedOf(['old', 'bad'] as RunId[])).toBe('bad');
  expect(add('run', after('old')).state).toBe('working');
});

test('over sessions the more urgent begins first', async () => {
  const world = queueWorld({ atOnce: 1 });
  const working = world.add('working', inSession('a'));
  const startup = world.add('startup', { ...inSession('b'), priority: 'startup' });
  const background = world.add('background', { ...inSession('c'), priority: 'background' });
  const interactive = world.add('interactive', inSession('d'));
  working.end(true);
  await world.settled();
  interactive.end(true);
  await world.settled();
  background.end(true);
  await world.settled();
  expect(world.begun).toEqual([working, interactive, background, startup]);
});

test('in a session only `priority` runs go by each other, and never by a sequential one', async () => {
  const world = queueWorld();
  const first = world.add('first');
  const low = world.add('low', { strategy: 'priority', priority: 'background' });
  const high = world.add('high', { strategy: 'priority' });
  const wall = world.add('wall');
  const late = world.add('late', { strategy: 'priority' });
  for (const job of [first, high, low, wall]) {
    job.end(true);
    await world.settled();
  }
  expect(world.begun).toEqual([first, high, low, wall, late]);
});

test('an urgent run that depends on a less urgent one of its session does not block it', async () => {
  const world = queueWorld();
  const first = world.add('first');
  const low = world.add('low', { strategy: 'priority', priority: 'background' });
  const high = world.add('high', { strategy: 'priority', ...after('low') });
  first.end(true);
  await world.settled();
  expect(low.state).toBe('working');
  low.end(true);
  await world.settled();
  expect(high.state).toBe('working');
});

test('what started by itself keeps its order in a session; a press may go by it', async () => {
  const world = queueWorld();
  const first = world.add('first');
  const thought = world.add('thought', { strategy: 'priority', priority: 'background', isAuto: true });
  const call = world.add('call', { strategy: 'priority', isAuto: true });
  const press = world.add('press', { strategy: 'priority' });
  for (const job of [first, press, thought, call]) {
    job.end(true);
    await world.settled();
  }
  expect(world.begun).toEqual([first, press, thought, call]);
  expect(world.broken).toEqual([]);
});

test.each([
  ['a press in order', {}, {}],
  ['a later call where urgent ones go first', { strategy: 'priority' }, { strategy: 'priority', isAuto: true }],
] as const)('a run is as urgent as what waits behind it in its session: %s', async (_, own, behind) => {
  const world = queueWorld({ atOnce: 2 });
  const places = ['p', 'q'].map((name) => world.add(name, inSession(name)));
  const other = world.add('other', { ...inSession('a'), priority: 'background' });
  const thought = world.add('thought', { ...inSession('b'), priority: 'background', isAuto: true, ...own });
  const last = world.add('last', { ...inSession('b'), ...behind });
  expect(last.told).toEqual([{ ahead: 1, waitsFor: 'turn' }]);
  for (const job of [...places, thought]) {
    job.end(true);
    await world.settled();
  }
  expect(world.begun.slice(2)).toEqual([thought, other, last]);
  expect(world.broken).toEqual([]);
});

test.each([
  ['is stopped', (world: ReturnType<typeof queueWorld>) => world.queue.takeOut('last' as RunId)],
  ['can never begin', (world: ReturnType<typeof queueWorld>) => world.queue.takeOut('needed' as RunId)],
])('a run is no more urgent for what waits behind it once that %s', async (_, giveUp) => {
  const world = queueWorld({ atOnce: 1 });
  const working = world.add('working', inSession('a'));
  const thought = world.add('thought', { ...inSession('b'), priority: 'startup' });
  world.add('needed', { ...inSession('d'), priority: 'startup' });
  world.add('last', { ...inSession('b'), ...after('needed') });
  const other = world.add('other', { ...inSession('c'), priority: 'background' });
  giveUp(world);
  for (const job of [working, other, thought]) {
    job.end(true);
    await world.settled();
  }
  expect(world.begun.slice(0, 3)).toEqual([working, other, thought]);
  expect(world.broken).toEqual([]);
});

test('concurrent runs begin beside the others of their session', () => {
  const world = queueWorld();
  world.add('one');
  const beside = [1, 2].map((n) => world.add(`beside-${n}`, { strategy: 'concurrent' }));
  expect(beside.map(({ state }) => state)).toEqual(['working', 'working']);
});

test('background runs leave a place free for what a person waits for', () => {
  const world = queueWorld();
  const background = [1, 2, 3].map((n) => world.add(`b${n}`, { ...inSession(`b${n}`), priority: 'background' }));
  expect(background.map(({ state }) => state)).toEqual(['working', 'working', 'waiting']);
  expect(world.add('person', inSession('p')).state).toBe('working');
});

test('a run too large for what is left of the pool waits; smaller ones begin; alone it always may', async () => {
  const world = queueWorld();
  const first = world.add('first', { ...inSession('a'), need: { timeMs: 1, memoryMB: 200 } });
  const large = world.add('large', { ...inSession('b'), need: { timeMs: 1, memoryMB: 900 } });
  const small = world.add('small', { ...inSession('c'), need: { timeMs: 1, memoryMB: 20 } });
  expect(large.told.at(-1)).toEqual({ ahead: 0, waitsFor: 'memory' });
  expect(small.state).toBe('working');
  first.end(true);
  small.end(true);
  await world.settled();
  expect(large.state).toBe('working');
});

test('two that work the processor for long at once; with memory nearly full only small ones begin', () => {
  const world = queueWorld();
  const heavy = { timeMs: 60_000, memoryMB: 10 };
  world.add('one', { ...inSession('a'), need: heavy });
  world.add('two', { ...inSession('b'), need: heavy });
  const third = world.add('three', { ...inSession('c'), need: heavy });
  expect(third.told.at(-1)?.waitsFor).toBe('processor');
  world.memory.share = 0.81;
  const big = world.add('big', { ...inSession('d'), need: { timeMs: 1, memoryMB: 51 } });
  expect(big.told.at(-1)?.waitsFor).toBe('memory');
  expect(world.add('small', { ...inSession('e'), need: { timeMs: 1, memoryMB: 50 } }).state).toBe('working');
});

test('a run that waits for a person gives place and memory away', () => {
  const world = queueWorld({ atOnce: 1 });
  const asking = world.add('asking', { ...inSession('a'), need: { timeMs: 1, memoryMB: 250 } });
  const next = world.add('next', { ...inSession('b'), need: { timeMs: 1, memoryMB: 250 } });
  expect(next.state).toBe('waiting');
  world.setAsking(asking, true);
  expect(next.state).toBe('working');
});

test('those who wait are told how many go before them and what for, when that changes', async () => {
  const world = queueWorld({ atOnce: 1 });
  const first = world.add('first');
  const second = world.add('second');
  const third = world.add('third');
  const other = world.add('other', inSession('b'));
  expect([second.told, third.told, other.told]).toEqual([
    [{ ahead: 0, waitsFor: 'turn' }],
    [{ ahead: 1, waitsFor: 'turn' }],
    [{ ahead: 2, waitsFor: 'place' }],
  ]);
  first.end(true);
  await world.settled();
  expect(other.state).toBe('working');
  expect(third.told).toEqual([{ ahead: 1, waitsFor: 'turn' }]);
});

test('bounds that are set count at once', () => {
  const world = queueWorld({ atOnce: 1 });
  world.add('one', inSession('a'));
  const two = world.add('two', inSession('b'));
  world.bounds.atOnce = 2;
  world.queue.lookAgain();
  expect(two.state).toBe('working');
});

test('far from its turn a run hears when only half as many are left', async () => {
  const world = queueWorld({ atOnce: 1 });
  for (let n = 0; n < 100; n += 1) world.add(`run-${n}`);
  const last = world.add('last');
  for (let left = world.all('working'); left.length > 0; left = world.all('working')) {
    for (const job of left) job.end(true);
    await world.settled();
  }
  expect(last.told.map(({ ahead }) => ahead)).toEqual([99, 49, 24, 12, 7, 6, 5, 4, 3, 2, 1, 0]);
});

test('a run that somebody waits for now goes first, and those of its session that it must not go by with it', async () => {
  const world = queueWorld({ atOnce: 1 });
  const working = world.add('working', inSession('a'));
  const unseen = { priority: 'background', isAuto: true } as const;
  const before = world.add('before', { ...inSession('b'), ...unseen });
  const hurried = world.add('hurried', { ...inSession('b'), ...unseen });
  const other = world.add('other', { ...inSession('c'), ...unseen });
  world.hurry(hurried);
  expect([before, hurried, other].map((job) => job.told.at(-1)?.ahead)).toEqual([0, 1, 2]);
  for (const job of [working, before, hurried]) {
    expect(job.state).toBe('working');
    job.end(true);
    await world.settled();
  }
  // One at work, and one that is over, stay as they are.
  world.hurry(other);
  world.hurry(before);
  expect([before.state, hurried.state, other.state]).toEqual(['ended', 'ended', 'working']);
  expect(world.broken).toEqual([]);
});

test('a run that is hurried goes before one of another session that was asked for earlier and unseen', async () => {
  const world = queueWorld({ atOnce: 1 });
  const working = world.add('working', inSession('a'));
  const earlier = world.add('earlier', { ...inSession('b'), priority: 'background' });
  const hurried = world.add('hurried', { ...inSession('c'), priority: 'background' });
  world.hurry(hurried);
  working.end(true);
  await world.settled();
  expect([earlier.state, hurried.state]).toEqual(['waiting', 'working']);
});
