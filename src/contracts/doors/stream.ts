import type * as v from 'valibot';
import type { CallerKind } from './door.ts';

/** An item of a stream; numbered from 1, without gaps, so that a reader can ask for what it missed. */
export interface Numbered {
  readonly n: number;
  /** The first number that it stands for, where what came right before it is no longer kept. */
  readonly from?: number;
}

export interface StreamPolicy<Request extends { readonly after: number }> {
  readonly callers: readonly CallerKind[];
  /** What the served side takes. */
  readonly request: v.GenericSchema<unknown, Request>;
}

/** What a served stream reads from; it may be read again from any number that is still kept. */
export interface ItemSource<Item extends Numbered> {
  /** Items from `after + 1` on, at most `most`; null when some of them are no longer kept. */
  read(after: number, most: number): readonly Item[] | null;
  /** True when nothing will ever follow item `n`. */
  isEndAt(n: number): boolean;
  onMore(listener: () => void, options: { readonly signal: AbortSignal }): void;
  /** True while none of the items from `after + 1` on is worth a message of its own; what comes soon takes them along. */
  mayWait?(after: number): boolean;
}
