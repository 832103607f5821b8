import fc from 'fast-check';
import { expect, test } from 'vitest';
import { queueWorld, type TestJob } from '../../../tests/support/queue-world.ts';
import { PRIORITIES, STRATEGIES } from '../../contracts/run.ts';
import type { RunId, SessionId } from '../../contracts/ids.ts';

type World = ReturnType<typeof queueWorld>;

const pick = (jobs: readonly TestJob[], at: number): TestJob | undefined => jobs[at % Math.max(1, jobs.length)];

const MEMORY = fc.constantFrom(1, 16, 60, 100, 200, 400);
const TIME = fc.constantFrom(10, 60_000);

const act = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('add' as const),
      session: fc.nat(4),
      priority: fc.constantFrom(...PRIORITIES),
      strategy: fc.constantFrom(...STRATEGIES),
      isAuto: fc.boolean(),
      memoryMB: MEMORY,
      timeMs: TIME,
      dependsOn: fc.array(fc.nat(30), { maxLength: 2 }),
    }),
  },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('end' as const), at: fc.nat(9), isWell: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('out' as const), at: fc.nat(9) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('hurry' as const), at: fc.nat(30) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('ask' as const), at: fc.nat(9) }) },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('learn' as const), at: fc.nat(30), memoryMB: MEMORY, timeMs: TIME }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('bounds' as const),
      atOnce: fc.integer({ min: 1, max: 4 }),
      poolMB: fc.constantFrom(64, 256, 1_024),
      share: fc.constantFrom(0, 0.9),
    }),
  },
);
type Act = typeof act extends fc.Arbitrary<infer T> ? T : never;

async function perform(world: World, step: Act): Promise<void> {
  const { jobs, all, queue, bounds, memory } = world;
  switch (step.kind) {
    case 'add': {
      const known = [...jobs.keys()];
      const wanted = step.dependsOn.flatMap((at) => known[at % Math.max(1, known.length)] ?? []);
      // What failed already is refused by the owner of the queue.
      const dependsOn = wanted.filter((id) => queue.failedOf([id]) === null);
      for (const id of wanted) {
        expect(queue.failedOf([id]) === null).toBe(jobs.get(id)?.endedWell !== false);
      }
      world.add(`run-${jobs.size}`, {
        sessionId: `session-${step.session}` as SessionId,
        priority: step.priority,
        strategy: step.strategy,
        isAuto: step.isAuto,
        need: { timeMs: step.timeMs, memoryMB: step.memoryMB },
        dependsOn,
      });
      break;
    }
    case 'end':
      pick(all('working'), step.at)?.end(step.isWell);
      break;
    case 'out': {
      const job = pick([...jobs.values()], step.at);
      if (job !== undefined) world.takeOut(job);
      break;
    }
    case 'hurry': {
      const job = pick([...jobs.values()], step.at);
      if (job !== undefined) world.hurry(job);
      break;
    }
    case 'ask': {
      const job = pick(all('working'), step.at);
      if (job !== undefined) world.setAsking(job, !job.isAsking);
      break;
    }
    case 'learn': {
      const job = pick([...jobs.values()], step.at);
      if (job !== undefined) queue.setNeed(job.id, { timeMs: step.timeMs, memoryMB: step.memoryMB });
      break;
    }
    case 'bounds':
      Object.assign(bounds, { atOnce: step.atOnce, poolMB: step.poolMB });
      memory.share = step.share;
      queue.lookAgain();
      break;
  }
  await world.settled();
}

test('in any order of adding, ending, taking out, hurrying, asking, learning needs and setting bounds nothing is lost, overtaken, over bounds or kept waiting for room that is there', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(act, { maxLength: 60 }), async (steps) => {
      const world = queueWorld();
      for (const step of steps) {
        await perform(world, step);
        // Something always works while something waits: nobody waits for nothing.
        if (world.all('waiting').length > 0) expect(world.all('working').length).toBeGreaterThan(0);
        expect(world.queue.waitingCount).toBe(world.all('waiting').length);
        expect(world.queue.workingCount).toBe(world.all('working').length);
        expect(world.needless()).toEqual([]);
      }
      for (let left = world.all('working'); left.length > 0; left = world.all('working')) {
        for (const job of left) job.end(true);
        await world.settled();
      }
      expect(world.all('waiting')).toEqual([]);
      expect(world.broken).toEqual([]);
      expect(new Set(world.begun).size).toBe(world.begun.length);
    }),
    { numRuns: 300 },
  );
});

test('a run that is passed over begins after a bounded number of others, whatever comes', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom('background' as const, 'startup' as const, 'interactive' as const),
      fc.constantFrom(8, 100, 250),
      fc.integer({ min: 1, max: 4 }),
      async (priority, memoryMB, atOnce) => {
        const world = queueWorld({ atOnce });
        for (let n = 0; n < atOnce; n += 1) world.add(`first-${n}`, { sessionId: `other-${n}` as SessionId });
        const waiting = world.add('waiting', { priority, need: { timeMs: 10, memoryMB } });
        let others = 0;
        while (waiting.state === 'waiting' && others < 100) {
          world.add(`next-${others}`, {
            sessionId: `new-${others}` as SessionId,
            need: { timeMs: 10, memoryMB: 64 },
          });
          world.all('working')[0]?.end(true);
          await world.settled();
          others += 1;
        }
        expect(waiting.state).toBe('working');
        expect(others).toBeLessThanOrEqual(8 + 2 * atOnce + 1);
        expect(world.broken).toEqual([]);
      },
    ),
    { numRuns: 60 },
  );
});

test('a thousand runs of eight sessions all end, each session in its order', async () => {
  const world = queueWorld();
  // One session's after the other: in the order of asking the eighth session would wait for all the rest.
  for (let n = 0; n < 1_000; n += 1) {
    world.add(`run-${n}`, { sessionId: `session-${Math.floor(n / 125)}` as SessionId });
  }
  for (let left = world.all('working'); left.length > 0; left = world.all('working')) {
    expect(left.length).toBeLessThanOrEqual(3);
    for (const job of left) job.end(true);
    await world.settled();
  }
  expect(world.broken).toEqual([]);
  expect(world.begun).toHaveLength(1_000);
  for (let session = 0; session < 8; session += 1) {
    const order = world.begun.filter((job) => job.sessionId === `session-${session}`).map(({ seq }) => seq);
    expect(order).toEqual([...order].sort((one, other) => one - other));
  }
  // Nobody is served twice before everybody was served once.
  const turns = world.begun.map(({ sessionId }) => sessionId);
  for (let round = 0; round < 1_000; round += 8) expect(new Set(turns.slice(round, round + 8)).size).toBe(8);
  expect(world.queue.failedOf(['run-999' as RunId])).toBeNull();
});
