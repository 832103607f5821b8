import { rankOf, type Waiting } from './job.ts';

/** The waiting runs of one session that may not run beside each other, in the order asked for. */
export class Lane {
  readonly waiting: Waiting[] = [];
  isBusy = false;

  /**
   * The one that would begin next. A sequential run lets nobody by and goes by nobody; of `priority` runs side by side the
   * most urgent that waits for no other goes first, but those that started by themselves keep their order. All that a run
   * waits for was asked for earlier, so one can always go.
   */
  next(): Waiting | null {
    if (this.isBusy) return null;
    let best: Waiting | null = null;
    let isBehindAuto = false;
    for (const each of this.waiting) {
      const isFirst = each === this.waiting[0];
      if (each.job.strategy === 'sequential') {
        if (isFirst && each.pending.size === 0) return each;
        break;
      }
      const isInTurn = !each.job.isAuto || !isBehindAuto;
      isBehindAuto ||= each.job.isAuto;
      if (isInTurn && each.pending.size === 0 && (best === null || rankOf(each.job) < rankOf(best.job))) best = each;
    }
    return best;
  }

  /** Those that go before this one, which is of the lane, however urgent it is, dependencies aside. */
  before(one: Waiting): readonly Waiting[] {
    const { job } = one;
    const earlier = this.waiting.slice(0, this.waiting.indexOf(one));
    if (job.strategy === 'sequential') return earlier;
    const wall = earlier.findLastIndex((each) => each.job.strategy === 'sequential');
    return earlier.filter((each, at) => at <= wall || (job.isAuto && each.job.isAuto));
  }

  /** The rank of each: its own, or that of the most urgent which it must go before. */
  ranks(): ReadonlyMap<Waiting, number> {
    const ranks = new Map(this.waiting.map((each) => [each, rankOf(each.job)]));
    for (const behind of this.waiting) {
      const rank = rankOf(behind.job);
      for (const earlier of this.before(behind)) ranks.set(earlier, Math.min(ranks.get(earlier) ?? rank, rank));
    }
    return ranks;
  }

  remove(waiting: Waiting): void {
    const at = this.waiting.indexOf(waiting);
    if (at >= 0) this.waiting.splice(at, 1);
  }
}
