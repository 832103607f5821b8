const PAGE_BYTES = 65_536;
const MB_PAGES = 16;
/** Room to report a full memory in: without it the interpreter cannot even make the MemoryError. */
const HEAD_ROOM_MB = 32;

export interface MemoryCap {
  /** Sets the limit for the next run. */
  set(megabytes: number): void;
  /**
   * Wishes for memory refused since `set`; 0 when the last one was granted. More than before a call means that what was
   * called may have gone on without.
   */
  refusals(): number;
}

/** Makes every wasm memory of this worker refuse to grow past the cap; once refused, a little more is let through until `set`. */
export function installMemoryCap(): MemoryCap {
  const grow = WebAssembly.Memory.prototype.grow;
  let softPages = Number.POSITIVE_INFINITY;
  let pages = softPages;
  let refused = 0;
  let isRefused = false;
  WebAssembly.Memory.prototype.grow = function (this: WebAssembly.Memory, delta: number): number {
    if (this.buffer.byteLength / PAGE_BYTES + delta > pages) {
      pages = softPages + HEAD_ROOM_MB * MB_PAGES;
      isRefused = true;
      refused += 1;
      throw new RangeError('memory limit');
    }
    const before = grow.call(this, delta);
    isRefused = false; // Emscripten asks for more than it needs first, then for less
    return before;
  };
  return {
    set(megabytes) {
      softPages = megabytes * MB_PAGES;
      pages = softPages;
      isRefused = false;
      refused = 0;
    },
    refusals: () => (isRefused ? refused : 0),
  };
}
