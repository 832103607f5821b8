import type { RunId, SessionId } from '../../src/contracts/ids.ts';
import { LIMITS } from '../../src/contracts/limits.ts';
import { type Job, RunQueue } from '../../src/execution/queue/index.ts';

export interface TestJob extends Job {
  priority: Job['priority'];
  readonly seq: number;
  state: 'waiting' | 'working' | 'ended' | 'refused' | 'out';
  isAsking: boolean;
  /** A person waits for it, or for one that waits behind it. */
  isAwaited: boolean;
  endedWell: boolean | null;
  end: (isWell: boolean) => void;
  readonly told: { readonly ahead: number; readonly waitsFor: string }[];
}

export type JobChanges = Partial<Pick<Job, 'sessionId' | 'priority' | 'strategy' | 'isAuto' | 'dependsOn' | 'need'>>;

const HEAVY_MS = 5_000;
const SMALL_MB = 50;
const FULL_SHARE = 0.8;

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

  const isOfLane = (job: TestJob) => (other: TestJob) =>
    other.sessionId === job.sessionId && other.strategy !== 'concurrent';
  const isReady = (job: TestJob) => job.dependsOn.every((id) => jobs.get(id)?.endedWell === true);

  /** Why there is no room for it beside those at work. */
  const noRoom = (job: TestJob): string[] => {
    const working = all('working');
    const asking = working.filter(({ isAsking }) => isAsking);
    const busy = working.filter(({ isAsking }) => !isAsking);
    const sum = busy.reduce((total, { need }) => total + Math.min(need.memoryMB, bounds.poolMB), 0);
    const given = Math.min(asking.length, LIMITS.runsAskingAtOnce.standard);
    const behind = working.filter(({ isAwaited }) => !isAwaited).length;
    const heavy = busy.filter(({ need }) => need.timeMs >= HEAVY_MS).length;
    const isBeside = working.length > 0;
    const isBehind = !job.isAwaited;
    const why = {
      'all places were taken': working.length - given >= bounds.atOnce,
      'background held its places': isBehind && behind >= Math.max(1, bounds.atOnce - 1),
      'the pool was full': isBeside && sum + Math.min(job.need.memoryMB, bounds.poolMB) > bounds.poolMB,
      'memory was short': isBeside && job.need.memoryMB > SMALL_MB && memory.share > FULL_SHARE,
      'two heavy ones worked': isBeside && job.need.timeMs >= HEAVY_MS && heavy >= LIMITS.heavyRunsAtOnce.standard,
    };
    return Object.entries(why).flatMap(([what, isSo]) => (isSo ? [what] : []));
  };

  /** Whether it lets an earlier one of its session go first however urgent it is, what it depends on aside. */
  const letsGo = (job: TestJob) => (earlier: TestJob) =>
    [job.strategy, earlier.strategy].includes('sequential') || (job.isAuto && earlier.isAuto);
  const awaitEarlier = (job: TestJob): void => {
    if (job.strategy === 'concurrent') return;
    const earlier = all('waiting').filter((other) => isOfLane(job)(other) && other.seq < job.seq);
    for (const other of earlier.filter(letsGo(job)).filter(({ isAwaited }) => !isAwaited)) {
      other.isAwaited = true;
      awaitEarlier(other);
    }
  };

  /** Those that wait though they, and all that could go before them, have what they need. */
  const needless = (): TestJob[] => {
    const ready = all('waiting').filter((job) => {
      const isLaneBusy = job.strategy !== 'concurrent' && all('working').some(isOfLane(job));
      return isReady(job) && !isLaneBusy;
    });
    const next = ready.filter((job) => job.strategy === 'concurrent' || all('waiting').find(isOfLane(job)) === job);
    return ready.some((job) => noRoom(job).length > 0) ? [] : next;
  };

  const check = (job: TestJob) => {
    const working = all('working');
    const mine = isOfLane(job);
    const refuse = (isBroken: boolean, what: string) => {
      if (isBroken) broken.push(`${job.id} began though ${what}`);
    };
    refuse(job.state !== 'waiting', `it was ${job.state}`);
    for (const what of noRoom(job)) refuse(true, what);
    refuse(!isReady(job), 'not all it depends on had ended well');
    if (job.strategy === 'concurrent') return;
    refuse(working.some(mine), 'another of its session worked');
    const earlier = all('waiting').filter((other) => mine(other) && other.seq < job.seq);
    refuse(earlier.some(letsGo(job)), 'an earlier one of its session waited');
  };

  const add = (id: string, changes: JobChanges = {}): TestJob => {
    const job: TestJob = {
      id: id as RunId,
      sessionId: 's' as SessionId,
      priority: 'interactive',
      strategy: 'sequential',
      isAuto: false,
      dependsOn: [],
      need: { timeMs: 100, memoryMB: 16 },
      ...changes,
      seq: jobs.size,
      state: 'waiting',
      isAsking: false,
      isAwaited: (changes.priority ?? 'interactive') === 'interactive',
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
    if (job.isAwaited) awaitEarlier(job);
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
  const hurry = (job: TestJob) => {
    if (job.state === 'waiting') {
      job.isAwaited = true;
      awaitEarlier(job);
    }
    job.priority = 'interactive';
    queue.rankAgain(job.id);
  };
  const setAsking = (job: TestJob, isAsking: boolean) => {
    job.isAsking = isAsking;
    queue.setAsking(job.id, isAsking);
  };
  return { queue, bounds, memory, jobs, begun, broken, all, needless, add, takeOut, hurry, setAsking, settled };
}
