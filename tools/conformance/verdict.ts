/** How one test of a suite ended. */
export interface Verdict {
  readonly name: string;
  /** Null for a test that passed. */
  readonly problem: string | null;
}
