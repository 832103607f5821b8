import { LIMITS } from '../../contracts/limits.ts';
import type { CachedResults, CachedRow } from '../../database/index.ts';
import type { TierBounds } from './memory-tier.ts';
import type { Packing } from './packing.ts';
import type { Kept, Tier } from './tier.ts';

export interface StoredTierOptions extends TierBounds {
  readonly name: string;
  readonly packing: Packing;
  readonly results: CachedResults;
  readonly now: () => number;
}

/** On disk: what ended goes first, then what was used longest ago. The rows are held in memory, bodies are not. */
export class StoredTier implements Tier {
  readonly name: string;
  readonly mostBytes: number;
  readonly #options: StoredTierOptions;
  /** In order of use, latest last; null until they were read. */
  #rows: Promise<Map<string, CachedRow>> | null = null;
  #bytes = 0;
  /** One change after the other: their sum must stay within the bounds. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(options: StoredTierOptions) {
    this.#options = options;
    this.name = options.name;
    this.mostBytes = options.mostBytes;
  }

  async get(key: string): Promise<Kept | null> {
    const { results, packing, now } = this.#options;
    try {
      const rows = await this.#opened();
      const row = rows.get(this.#idOf(key));
      if (row === undefined || row.endsAtMs <= now()) return null;
      const body = await results.body(row.id);
      // Dropped or made anew while its body was read: what there is now is not touched by what was.
      const current = rows.get(row.id);
      if (body === null || current === undefined) return null;
      rows.delete(row.id);
      rows.set(row.id, { ...current, usedAtMs: now() });
      results.used(row.id, now()).catch(unwritten);
      return { json: await packing.unpack(body), madeAtMs: row.madeAtMs };
    } catch (cause) {
      console.warn(`cache: ${this.name} cannot be read`, cause);
      return null;
    }
  }

  set(key: string, kept: Kept): Promise<void> {
    return this.#inTurn(async () => {
      const { results, packing, now, lifeMs } = this.#options;
      const body = await packing.pack(kept.json);
      if (body.byteLength > this.mostBytes) return;
      const id = this.#idOf(key);
      const rows = await this.#opened();
      await this.#drop(rows, [id]);
      await this.#makeRoom(rows, body.byteLength);
      const atMs = now();
      const { madeAtMs } = kept;
      const row = { id, tier: this.name, bytes: body.byteLength, madeAtMs, endsAtMs: atMs + lifeMs, usedAtMs: atMs };
      await results.put(row, body);
      rows.set(id, row);
      this.#bytes += row.bytes;
    });
  }

  clear(): Promise<void> {
    return this.#inTurn(async () => {
      const rows = await this.#opened();
      await this.#drop(rows, [...rows.keys()]);
    });
  }

  async usage(): Promise<{ readonly bytes: number; readonly entries: number }> {
    const rows = await this.#opened().catch(() => null); // said where it was tried before
    return { bytes: this.#bytes, entries: rows?.size ?? 0 };
  }

  #idOf(key: string): string {
    return `${this.name} ${key}`;
  }

  #opened(): Promise<Map<string, CachedRow>> {
    this.#rows ??= this.#options.results.rows(this.name).then(
      (rows) => {
        this.#bytes = rows.reduce((sum, { bytes }) => sum + bytes, 0);
        return new Map(rows.map((row) => [row.id, row]));
      },
      (cause: unknown) => {
        this.#rows = null;
        throw cause;
      },
    );
    return this.#rows;
  }

  async #makeRoom(rows: Map<string, CachedRow>, bytes: number): Promise<void> {
    const atMs = this.#options.now();
    const ended = [...rows.values()].filter(({ endsAtMs }) => endsAtMs <= atMs).map(({ id }) => id);
    await this.#drop(rows, ended);
    const leaving: string[] = [];
    let left = this.#bytes;
    for (const row of rows.values()) {
      if (left + bytes <= this.mostBytes && rows.size - leaving.length < LIMITS.cachedResults.standard) break;
      leaving.push(row.id);
      left -= row.bytes;
    }
    await this.#drop(rows, leaving);
  }

  async #drop(rows: Map<string, CachedRow>, ids: readonly string[]): Promise<void> {
    const there = ids.filter((id) => rows.has(id));
    if (there.length === 0) return;
    await this.#options.results.remove(there);
    for (const id of there) {
      this.#bytes -= rows.get(id)?.bytes ?? 0;
      rows.delete(id);
    }
  }

  #inTurn(act: () => Promise<void>): Promise<void> {
    const turn = this.#turn.then(act).catch(unwritten);
    this.#turn = turn;
    return turn;
  }
}

/** A result that is not kept costs a run, nothing else. */
const unwritten = (cause: unknown): void => console.warn('cache: cannot be written', cause);
