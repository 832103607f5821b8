import { wasi } from '@bjorn3/browser_wasi_shim';

const NANOSECONDS_PER_MS = 1_000_000n;

/** Bits that exclude each other: a time of its own, and the time that it is. */
const BOTH_ACCESSED = wasi.FSTFLAGS_ATIM | wasi.FSTFLAGS_ATIM_NOW;
const BOTH_MODIFIED = wasi.FSTFLAGS_MTIM | wasi.FSTFLAGS_MTIM_NOW;

/** Nanoseconds since the epoch. */
interface Times {
  readonly accessed: bigint | null;
  readonly modified: bigint | null;
}

/** What a run knows of files beside the tree: numbers, and times that the program set. It ends with the run. */
export interface FileMarks {
  numberOf(path: string): bigint;
  timesOf(path: string): Times;
  /** WASI's number: `INVAL` where the flags contradict each other. */
  setTimes(
    path: string,
    wish: { readonly accessed: bigint; readonly modified: bigint; readonly flags: number },
  ): number;
}

export function createFileMarks(): FileMarks {
  const numbers = new Map<string, bigint>();
  const times = new Map<string, Times>();
  const none: Times = { accessed: null, modified: null };
  return {
    numberOf(path) {
      const found = numbers.get(path) ?? BigInt(numbers.size + 1);
      numbers.set(path, found);
      return found;
    },
    timesOf: (path) => times.get(path) ?? none,
    setTimes(path, { accessed, modified, flags }) {
      const has = (bits: number): boolean => (flags & bits) === bits;
      if (has(BOTH_ACCESSED) || has(BOTH_MODIFIED) || flags > 15) return wasi.ERRNO_INVAL;
      const now = BigInt(Date.now()) * NANOSECONDS_PER_MS;
      const before = times.get(path) ?? none;
      times.set(path, {
        accessed: has(wasi.FSTFLAGS_ATIM) ? accessed : has(wasi.FSTFLAGS_ATIM_NOW) ? now : before.accessed,
        modified: has(wasi.FSTFLAGS_MTIM) ? modified : has(wasi.FSTFLAGS_MTIM_NOW) ? now : before.modified,
      });
      return wasi.ERRNO_SUCCESS;
    },
  };
}

export interface PlainStat {
  readonly type: number;
  readonly sizeBytes: number;
  readonly modifiedAtMs: number;
}

/** As the standard lays it out; the shim 0.4.2 writes the three times at wrong places. */
export class PlainFilestat extends wasi.Filestat {
  constructor(marks: FileMarks | null, path: string, stat: PlainStat) {
    super(marks?.numberOf(path) ?? 0n, stat.type, BigInt(stat.sizeBytes));
    const changed = BigInt(Math.round(stat.modifiedAtMs)) * NANOSECONDS_PER_MS;
    const times = marks?.timesOf(path);
    this.nlink = 1n;
    this.ctim = changed;
    this.atim = times?.accessed ?? changed;
    this.mtim = times?.modified ?? changed;
  }

  override write_bytes(view: DataView, pointer: number): void {
    view.setBigUint64(pointer, this.dev, true);
    view.setBigUint64(pointer + 8, this.ino, true);
    view.setBigUint64(pointer + 16, BigInt(this.filetype), true);
    view.setBigUint64(pointer + 24, this.nlink, true);
    view.setBigUint64(pointer + 32, this.size, true);
    view.setBigUint64(pointer + 40, this.atim, true);
    view.setBigUint64(pointer + 48, this.mtim, true);
    view.setBigUint64(pointer + 56, this.ctim, true);
  }
}
