import * as v from 'valibot';
import { listWithin } from '../contracts/bounded.ts';
import { LIMITS } from '../contracts/limits.ts';
import type { KeptChange } from './messages.ts';

const MOST = LIMITS.previewKeptUtf16.standard;

const isChange = (value: unknown): value is KeptChange =>
  Array.isArray(value) &&
  value.length === 2 &&
  typeof value[0] === 'string' &&
  (value[1] === null || typeof value[1] === 'string');

const sizeOf = (key: string, value: string | null | undefined): number =>
  value == null ? 0 : key.length + value.length;

/** What a frame says it keeps from now on: never more than an area holds. */
export const changesSchema = v.pipe(
  listWithin(MOST, isChange),
  v.check((changes) => changes.reduce((sum, [key, value]) => sum + key.length + sizeOf('', value), 0) <= 2 * MOST),
);

/** One area of what pages keep, within its bound. Both ends of the frame's port have one. */
export class Area {
  readonly #values: Map<string, string>;
  #size = 0;

  constructor(kept: readonly KeptChange[] = []) {
    this.#values = new Map();
    for (const [key, value] of kept) this.put(key, value);
  }

  get keys(): readonly string[] {
    return [...this.#values.keys()];
  }

  get changes(): readonly KeptChange[] {
    return [...this.#values];
  }

  get(key: string): string | null {
    return this.#values.get(key) ?? null;
  }

  /** False where it does not fit: then it stays as it was. */
  put(key: string, value: string | null): boolean {
    const size = this.#size - sizeOf(key, this.#values.get(key)) + sizeOf(key, value);
    if (value !== null && size > MOST) return false;
    this.#size = size;
    if (value === null) this.#values.delete(key);
    else this.#values.set(key, value);
    return true;
  }
}
