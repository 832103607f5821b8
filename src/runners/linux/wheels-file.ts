/**
 * Wheels of plain Python for the guest's `pip`, read when that asks first: the length of what follows once unpacked
 * (four bytes, little-endian), then one frame of Zstandard. In it the length of the list (the same), the list as JSON
 * (`WheelList`), the wheels.
 */
export const WHEELS_FILE = 'wheels.pack';

/** A wheel of the pack. */
export interface WheelRow {
  /** As an index compares names: small letters, hyphens. */
  readonly name: string;
  readonly version: string;
  readonly file: string;
  readonly sha256: string;
  /** Which Python it says that it needs; null where it says nothing. */
  readonly requiresPython: string | null;
  /** Where it begins, counted from the first wheel. */
  readonly at: number;
  readonly bytes: number;
}

export interface WheelList {
  readonly wheels: readonly WheelRow[];
  /** Names of packages that the conversation's Python has and that are compiled for it. */
  readonly compiled: readonly string[];
}
