/** A result as it is kept: JSON, for it came over a channel and goes over one. */
export interface Kept {
  readonly json: string;
  /** When the program ran, milliseconds since the epoch. */
  readonly madeAtMs: number;
}

/** One place where results are kept, with its own bounds. Never rejects: what cannot be read is not there. */
export interface Tier {
  readonly name: string;
  readonly mostBytes: number;
  get(key: string): Promise<Kept | null>;
  set(key: string, kept: Kept): Promise<void>;
  clear(): Promise<void>;
  usage(): Promise<{ readonly bytes: number; readonly entries: number }>;
}
