import type { RunId, SessionId } from '../../src/contracts/ids.ts';
import { LIMITS } from '../../src/contracts/limits.ts';
import { type Job, RunQueue } from '../../src/execution/queue/index.ts';

export interface TestJob extends Job {
  readonly seq: number;
  state: 'waiting' | 'working' | 'ended' | 'refused' | 'out';
  isAsking: boolean;
  endedWell: boolean | null;
  end: (isWell: boolean) => void;
  readonly told: { readonly ahead: number; readonly waitsFor: string }[];
}

export type JobChanges = Partial<Pick<Job, 'sessionId' | 'priority' | 'strategy' | 'dependsOn' | 'need'>>;

const HEAVY_MS = 5_000;

/** A queue whose jobs do nothing but be begun and ended by the test. Every begin is checked against the bounds. */
export function queueWorld(first: { readonly atOnce?: number; readonly poolMB?: number } = {}) {
  const bounds = { atOnce: first.atOnce ?? 3, poolMB: first.poolMB ?? 256 };
  const memory = { share: 0 };
  const queue = new RunQueue({ bounds: () => bounds, memoryShare: () => memory.share });
  const jobs = new Map<RunId, TestJob>();
  const begun: TestJob[] = [];
  const broken: string[] = [];
  const all = (state: TestJob['state']) => [...jobs.values()].filter((job) => job.state === state);
  const settled = () => new Promise<void>((resolve) => void setImmediate(resolve));

  const check = (job: TestJob) => {
    const working = all('working');
    const mine = (other: TestJob) => other.sessionId === job.sessionId && other.strategy !== 'concurrent';
    const asking = working.filter(({ isAsking }) => isAsking);
    const busy = working.filter(({ isAsking }) => !isAsking);
    const sum = busy.reduce((total, { need }) => total + Math.min(need.memoryMB, bounds.poolMB), 0);
    const refuse = (isBroken: boolean, what: string) => {
      if (isBroken) broken.push(`${job.id} began though ${what}`);
    };
    refuse(job.state !== 'waiting', `it was ${job.state}`);
    const given = Math.min(asking.length, LIMITS.runsAskingAtOnce.standard);
    refuse(working.length - given >= bounds.atOnce, 'all places were taken');
    const behind = working.filter(({ priority }) => priority !== 'interactive').length;
    refuse(job.priority !== 'interactive' && behind >= Math.max(1, bounds.atOnce - 1), 'background held its places');
    if (working.length > 0) {
      refuse(sum + Math.min(job.need.memoryMB, bounds.poolMB) > bounds.poolMB, 'the pool was full');
      const heavy = busy.filter(({ need }) => need.timeMs >= HEAVY_MS).length;
      refuse(job.need.timeMs >= HEAVY_MS && heavy >= LIMITS.heavyRunsAtOnce.standard, 'two heavy ones worked');
    }
    refuse(
      job.dependsOn.some((id) => jobs.get(id)?.endedWell !== true),
      'not all it depends on had ended well',
    );
    if (job.strategy === 'concurrent') return;
    refuse(working.some(mine), 'another of its session worked');
    const earlier = all('waiting').filter((other) => mine(other) && other.seq < job.seq);
    const passes = job.strategy === 'priority' ? earlier.filter(({ strategy }) => strategy === 'sequential') : earlier;
    refuse(passes.length > 0, 'an earlier one of its session waited');
  };

  const add = (id: string, changes: JobChanges = {}): TestJob => {
    const job: TestJob = {
      id: id as RunId,
      sessionId: 's' as SessionId,
      priority: 'interactive',
      strategy: 'sequential',
      dependsOn: [],
      need: { timeMs: 100, memoryMB: 16 },
      ...changes,
      seq: jobs.size,
      state: 'waiting',
      isAsking: false,
      endedWell: null,
      end: () => broken.push(`${id} ended before it began`),
      told: [],
      begin() {
        check(job);
        job.state = 'working';
        begun.push(job);
        return new Promise((resolve) => {
          job.end = (isWell) => {
            job.state = 'ended';
            job.endedWell = isWell;
            resolve(isWell);
          };
        });
      },
      over() {
        if (job.state !== 'ended') broken.push(`${id} was over while ${job.state}`);
        if ((queue.failedOf([job.id]) === null) !== job.endedWell) broken.push(`${id} was over before that was known`);
      },
      refuse(dependency) {
        if (job.state !== 'waiting') broken.push(`${id} was refused while ${job.state}`);
        if (jobs.get(dependency)?.endedWell === true) broken.push(`${id} was refused for one that ended well`);
        job.state = 'refused';
        job.endedWell = false;
      },
      onQueued: (ahead, waitsFor) => job.told.push({ ahead, waitsFor }),
    };
    jobs.set(job.id, job);
    queue.add(job);
    return job;
  };
  const takeOut = (job: TestJob) => {
    const isOut = job.state === 'waiting';
    if (isOut) {
      job.state = 'out';
      job.endedWell = false;
    }
    if (queue.takeOut(job.id) !== isOut) broken.push(`${job.id} could${isOut ? ' not' : ''} be taken out`);
  };
  const setAsking = (job: TestJob, isAsking: boolean) => {
    job.isAsking = isAsking;
    queue.setAsking(job.id, isAsking);
  };
  return { queue, bounds, memory, jobs, begun, broken, all, add, takeOut, setAsking, settled };
}
