import type { DiskSource } from './block-disk.ts';

/** Behind the image's own disk: read-only room for a tool pack, part of every full machine's disk, and zeroes while there is none. */
export const WINDOW_BYTES = 256 * 2 ** 20;

/** A disk with the window behind it. A guest can read what is in it and can change nothing of it. */
export function withWindow(disk: DiskSource, inWindow: DiskSource | null): DiskSource {
  if (inWindow !== null && inWindow.length > WINDOW_BYTES) throw new RangeError('the pack is larger than its window');
  return {
    // What is in the window is there from the start on.
    ...(disk.ready && { ready: disk.ready, readyFrom: disk.length, want: disk.want }),
    length: disk.length + WINDOW_BYTES,
    writableLength: disk.length,
    read(offset, length) {
      const out = new Uint8Array(length);
      const own = Math.min(Math.max(0, disk.length - offset), length);
      if (own > 0) out.set(disk.read(offset, own));
      const at = offset + own - disk.length;
      const seen = Math.min(Math.max(0, (inWindow?.length ?? 0) - at), length - own);
      if (inWindow !== null && seen > 0) out.set(inWindow.read(at, seen), own);
      return out;
    },
  };
}
