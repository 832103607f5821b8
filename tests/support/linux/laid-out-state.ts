import { joinBytes } from '../../../src/base/index.ts';

/** Laid out as v86 lays out a state: four numbers, JSON about the buffers with what is made of them, the buffers. */
export function laidOutState(buffers: readonly Uint8Array[], made: readonly unknown[] = []): Uint8Array {
  let offset = 0;
  const infos = buffers.map(({ length }) => {
    const info = { offset, length };
    offset += (length + 3) & ~3;
    return info;
  });
  const info = new TextEncoder().encode(JSON.stringify({ buffer_infos: infos, state: made }));
  const head = new Uint8Array((16 + info.length + 3) & ~3);
  const view = new DataView(head.buffer);
  view.setUint32(8, head.length + offset, true);
  view.setUint32(12, info.length, true);
  head.set(info, 16);
  return joinBytes([head, ...buffers.map((buffer) => joinBytes([buffer, new Uint8Array(-buffer.length & 3)]))]);
}
