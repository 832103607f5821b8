import flru from 'flru';
import { invariant } from '../../base/index.ts';
import type { RunId } from '../../contracts/ids.ts';
import { LIMITS } from '../../contracts/limits.ts';
import type { QueueWait, RunNeed } from '../../contracts/run.ts';
import { EndedRuns } from './ended-runs.ts';
import { Governor, type GovernorOptions } from './governor.ts';
import { type Job, rankOf, type Waiting } from './job.ts';
import { Lane } from './lane.ts';

/** So many of those that go next are told whenever it changes; the others when only half as many are left. */
const TOLD = 8;
/** Whose turns are remembered; one forgotten goes first again. */
const SESSIONS_REMEMBERED = 500;

/**
 * Who begins when. Within a session one at a time in the order asked for, unless a run asks otherwise; over sessions the
 * more urgent first, then the session served longest ago; a run is as urgent as those that wait behind it. A run that others
 * went before `passedBy` times goes next, and nothing begins before there is room for it, so that none waits for ever.
 */
export class RunQueue {
  readonly #governor: Governor;
  readonly #ended = new EndedRuns();
  readonly #lanes = new Map<string, Lane>();
  readonly #waiting = new Map<RunId, Waiting>();
  /** The same by rank, each in the order asked for. */
  readonly #byRank = [0, 1, 2].map(() => new Map<RunId, Waiting>());
  readonly #working = new Map<RunId, Job>();
  readonly #grants = flru<number>(SESSIONS_REMEMBERED);
  #lastSeq = 0;
  #lastGrant = 0;
  #isFilling = false;
  #isStale = false;

  constructor(options: GovernorOptions) {
    this.#governor = new Governor(options);
  }

  get waitingCount(): number {
    return this.#waiting.size;
  }

  get workingCount(): number {
    return this.#governor.count;
  }

  /** The first of these that can never be waited for: it did not end well, or is not known here. */
  failedOf(dependencies: readonly RunId[]): RunId | null {
    return dependencies.find((id) => !this.#isUnderWay(id) && this.#ended.endedWell(id) !== true) ?? null;
  }

  /** Queues the job, and begins it before this returns where there is room. `failedOf` must have found nothing. */
  add(job: Job): void {
    invariant(this.failedOf(job.dependsOn) === null, 'a dependency that can be waited for');
    this.#lastSeq += 1;
    const pending = new Set(job.dependsOn.filter((id) => this.#isUnderWay(id)));
    const waiting: Waiting = { job, seq: this.#lastSeq, rank: rankOf(job), pending, passed: 0, told: null };
    const lane = this.#laneOf(job);
    lane.waiting.push(waiting);
    for (const earlier of lane.before(waiting)) if (earlier.rank > waiting.rank) this.#setRank(earlier, waiting.rank);
    this.#waiting.set(job.id, waiting);
    this.#rankMap(waiting).set(job.id, waiting);
    this.#fill();
    if (this.#waiting.has(job.id)) this.#tell(waiting, this.#aheadOf(waiting));
  }

  /** A run of an earlier life of this host, so that others can depend on it. */
  noteEnded(runId: RunId, isWell: boolean): void {
    this.#ended.note(runId, isWell);
  }

  isKnown(runId: RunId): boolean {
    return this.#isUnderWay(runId) || this.#ended.endedWell(runId) !== undefined;
  }

  /** Takes a job out that has not begun; false when it has. What depends on it is refused. */
  takeOut(runId: RunId): boolean {
    const waiting = this.#waiting.get(runId);
    if (waiting === undefined) return false;
    this.#giveUp(waiting);
    this.#conclude(runId, false);
    this.#fill();
    return true;
  }

  setAsking(runId: RunId, isAsking: boolean): void {
    const job = this.#working.get(runId);
    if (job === undefined) return;
    this.#governor.setAsking(job, isAsking);
    this.#fill();
  }

  /** More is known of what a run needs: one that waits goes by it, and so do all others beside one at work. */
  setNeed(runId: RunId, need: RunNeed): void {
    const job = this.#waiting.get(runId)?.job ?? this.#working.get(runId);
    if (job === undefined) return;
    job.need = need;
    this.#fill();
  }

  /** The priority of a run became another. While it waits, those before it in its session have their turn by the new one. */
  rankAgain(runId: RunId): void {
    const waiting = this.#waiting.get(runId);
    if (waiting === undefined) return;
    this.#rankAnew(this.#laneOf(waiting.job));
    this.#fill();
  }

  /** Bounds were set, or memory was given back. */
  lookAgain(): void {
    this.#fill();
  }

  #isUnderWay(runId: RunId): boolean {
    return this.#waiting.has(runId) || this.#working.has(runId);
  }

  #fill(): void {
    this.#isStale = true;
    if (this.#isFilling) return;
    this.#isFilling = true;
    while (this.#isStale) {
      this.#isStale = false;
      for (let next = this.#choose(); next !== null; next = this.#choose()) this.#begin(next);
    }
    this.#isFilling = false;
    this.#tellNext();
  }

  #candidates(): Waiting[] {
    return [...this.#lanes.values()].flatMap((lane) => lane.next() ?? []);
  }

  #choose(): Waiting | null {
    let best: Waiting | null = null;
    let starved: Waiting | null = null;
    for (const each of this.#candidates()) {
      const refusal = this.#governor.refusal(each);
      if (refusal === 'place') return null;
      if (refusal === 'yields') continue;
      if (each.passed >= LIMITS.passedBy.standard && (starved === null || each.seq < starved.seq)) starved = each;
      if (refusal === null && (best === null || this.#goesBefore(each, best))) best = each;
    }
    if (starved === null) return best;
    return this.#governor.refusal(starved) === null ? starved : null;
  }

  #goesBefore(one: Waiting, other: Waiting): boolean {
    const byRank = one.rank - other.rank;
    if (byRank !== 0) return byRank < 0;
    const byTurn = this.#grantOf(one.job) - this.#grantOf(other.job);
    return byTurn === 0 ? one.seq < other.seq : byTurn < 0;
  }

  /** When the session had its last turn. Runs beside others are of their session too. */
  #grantOf({ sessionId }: Job): number {
    return this.#grants.get(sessionId) ?? 0;
  }

  #begin(waiting: Waiting): void {
    const { job, seq } = waiting;
    for (const other of this.#candidates()) if (other.seq < seq) other.passed += 1;
    const lane = this.#laneOf(job);
    lane.isBusy = true;
    this.#lastGrant += 1;
    this.#grants.set(job.sessionId, this.#lastGrant);
    this.#forget(waiting);
    this.#working.set(job.id, job);
    this.#governor.begin(waiting);
    void job
      .begin()
      .catch(() => false) // its owner reports; here it only did not end well
      .then((isWell) => {
        this.#working.delete(job.id);
        this.#governor.end(job);
        lane.isBusy = false;
        this.#dropIfEmpty(job, lane);
        this.#conclude(job.id, isWell);
        job.over();
        this.#fill();
      });
  }

  /** Tells those that wait for this run; what depends on a refused one is refused too. */
  #conclude(runId: RunId, isWell: boolean): void {
    const over: { readonly id: RunId; readonly isWell: boolean }[] = [{ id: runId, isWell }];
    for (let ended = over.pop(); ended !== undefined; ended = over.pop()) {
      this.#ended.note(ended.id, ended.isWell);
      for (const waiting of [...this.#waiting.values()]) {
        if (!waiting.pending.delete(ended.id) || ended.isWell) continue;
        this.#giveUp(waiting);
        over.push({ id: waiting.job.id, isWell: false });
        waiting.job.refuse(ended.id);
      }
    }
  }

  /** It will never begin, so those before it are no more urgent for its sake. */
  #giveUp(waiting: Waiting): void {
    const lane = this.#laneOf(waiting.job);
    const hasLent = lane.before(waiting).some(({ job }) => rankOf(job) > waiting.rank);
    this.#forget(waiting);
    if (hasLent) this.#rankAnew(lane);
  }

  #forget(waiting: Waiting): void {
    const { job } = waiting;
    this.#waiting.delete(job.id);
    this.#rankMap(waiting).delete(job.id);
    const lane = this.#laneOf(job);
    lane.remove(waiting);
    this.#dropIfEmpty(job, lane);
  }

  /** A run beside the others is a lane of its own. */
  #keyOf({ id, sessionId, strategy }: Job): string {
    return strategy === 'concurrent' ? `run ${id}` : `session ${sessionId}`;
  }

  #laneOf(job: Job): Lane {
    const key = this.#keyOf(job);
    const lane = this.#lanes.get(key) ?? new Lane();
    this.#lanes.set(key, lane);
    return lane;
  }

  #dropIfEmpty(job: Job, lane: Lane): void {
    if (!lane.isBusy && lane.waiting.length === 0) this.#lanes.delete(this.#keyOf(job));
  }

  #rankMap({ rank }: Waiting): Map<RunId, Waiting> {
    return this.#byRank[rank] ?? this.#waiting;
  }

  #rankAnew(lane: Lane): void {
    for (const [each, rank] of lane.ranks()) this.#setRank(each, rank);
  }

  #setRank(waiting: Waiting, rank: number): void {
    if (waiting.rank === rank) return;
    this.#rankMap(waiting).delete(waiting.job.id);
    waiting.rank = rank;
    const map = this.#rankMap(waiting);
    const later = [...map].filter(([, { seq }]) => seq > waiting.seq);
    for (const [id] of later) map.delete(id);
    map.set(waiting.job.id, waiting);
    for (const [id, other] of later) map.set(id, other);
  }

  #aheadOf({ rank, seq }: Waiting): number {
    let ahead = 0;
    for (const other of this.#waiting.values()) {
      if (other.rank < rank || (other.rank === rank && other.seq < seq)) ahead += 1;
    }
    return ahead;
  }

  #tellNext(): void {
    let ahead = 0;
    for (const rank of this.#byRank) {
      for (const waiting of rank.values()) {
        // Far from its turn it is enough to hear now and then.
        if (ahead < TOLD || ahead <= (waiting.told?.ahead ?? 0) / 2) this.#tell(waiting, ahead);
        ahead += 1;
      }
    }
  }

  #tell(waiting: Waiting, ahead: number): void {
    const waitsFor = this.#waitOf(waiting);
    if (waiting.told?.ahead === ahead && waiting.told.waitsFor === waitsFor) return;
    waiting.told = { ahead, waitsFor };
    waiting.job.onQueued(ahead, waitsFor);
  }

  #waitOf(waiting: Waiting): QueueWait {
    const { job, pending } = waiting;
    if (pending.size > 0) return 'dependency';
    const lane = this.#laneOf(job);
    if (lane.isBusy || lane.next()?.job !== job) return 'turn';
    const refusal = this.#governor.refusal(waiting);
    return refusal === null || refusal === 'yields' ? 'place' : refusal;
  }
}
