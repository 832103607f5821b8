import * as v from 'valibot';

// One check for each: a pipe carries, beside the bound, words about it that nobody reads.

/** A number from `smallest` to `largest`, both included; never NaN. */
export const numberWithin = (smallest: number, largest: number) =>
  v.custom<number>((value) => typeof value === 'number' && value >= smallest && value <= largest);

export const isCount = (value: unknown): value is number => Number.isFinite(value) && (value as number) >= 0;

/** A finite number of 0 or more. */
export const countSchema = v.custom<number>(isCount);

/** A text of `least` to `most` UTF-16 units. */
export const textWithin = (least: number, most: number) =>
  v.custom<string>((value) => typeof value === 'string' && value.length >= least && value.length <= most);

/** At most `most` items, each of which passes `isItem`: no issue for each of them, a table has many. */
export const listWithin = <Item>(most: number, isItem: (value: unknown) => value is Item) =>
  v.custom<Item[]>((value) => Array.isArray(value) && value.length <= most && value.every(isItem));
