const TOLD = ['errors', 'oversized', 'dropped'] as const;

/** What the page hook says of itself: how often it had to pass something by. Untrusted, so only known names are kept. */
export class HookReport {
  readonly #counts: Record<string, number> = {};

  /** True when something was passed by since the last report, so that what is open may have lost a piece (C5). */
  take(counts: Readonly<Record<string, number>>): boolean {
    let hasLost = false;
    for (const name of TOLD) {
      const count = counts[name] ?? 0;
      hasLost ||= count > (this.#counts[`hook_${name}`] ?? 0);
      if (count > 0) this.#counts[`hook_${name}`] = count;
    }
    return hasLost;
  }

  problems(): Readonly<Record<string, number>> {
    return this.#counts;
  }
}
