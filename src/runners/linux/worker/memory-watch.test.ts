import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { MemoryWatch } from './memory-watch.ts';

const GROUP = '/sys/fs/cgroup/x7';
const EXEC = { started: Promise.resolve({ pid: 1, group: 7, cpuBeforeMs: 0 }) };
const stat = (anon: number, more = ''): string => `anon ${anon}\nfile 900\nkernel 20\nshmem 10\n${more}`;

let guest: Record<string, string | null>;
let max: number;
let asked: number;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance'] });
  guest = { 'memory.max': '1000\n', 'memory.stat': stat(945) };
  max = 0;
  asked = 0;
});
afterEach(() => void vi.useRealTimers());

const readFile = async (path: string): Promise<string | null> => {
  asked += 1;
  if (path === `${GROUP}/memory.events`) return `low 0\nhigh 0\nmax ${max}\noom 0\n`;
  return guest[path.slice(GROUP.length + 1)] ?? null;
};

/** As many looks, a second apart; at each the program met its bound `grows` times more. */
async function looked(times: number, grows: number, watch = new MemoryWatch(EXEC, readFile)): Promise<MemoryWatch> {
  for (let time = 0; time < times; time += 1) {
    vi.advanceTimersByTime(1_000);
    max += grows;
    await watch.look();
  }
  return watch;
}

test('memory that is full, and wanted again and again, is full at the third look', async () => {
  const watch = await looked(2, 1);
  expect(watch.isFull).toBe(false);
  expect((await looked(1, 1, watch)).isFull).toBe(true);
});

test.each<[string, string, number]>([
  ['that stands still near its bound', stat(945), 0],
  ['whose memory the files of others fill', stat(300), 5],
  ['of which Linux can take back what it knows of files', stat(945, 'slab_reclaimable 15'), 5],
])('a program %s goes on', async (_what, memory, grows) => {
  guest['memory.stat'] = memory;
  max = 3;
  expect((await looked(5, grows)).isFull).toBe(false);
});

test('a look in between at which there was room begins anew', async () => {
  const watch = await looked(2, 1);
  guest['memory.stat'] = stat(500);
  await looked(1, 1, watch);
  guest['memory.stat'] = stat(945);
  expect((await looked(2, 1, watch)).isFull).toBe(false);
});

test('a program that has no bound, or whose group is gone, is not full', async () => {
  guest['memory.max'] = 'max\n';
  expect((await looked(5, 1)).isFull).toBe(false);
  guest = {};
  expect((await looked(5, 1)).isFull).toBe(false);
});

test('a guest that answers late is not asked again meanwhile, and its answers are no row', async () => {
  const late = Promise.withResolvers<void>();
  const watch = new MemoryWatch(EXEC, async (path) => {
    await late.promise;
    return await readFile(path);
  });
  max = 1;
  const looks = [1, 2, 3, 4].map(() => {
    vi.advanceTimersByTime(1_000);
    return watch.look();
  });
  late.resolve();
  await Promise.all(looks);
  expect([asked, watch.isFull]).toEqual([3, false]);
});
