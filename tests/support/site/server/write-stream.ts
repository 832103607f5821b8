import type { ServerResponse } from 'node:http';
import { setImmediate as nextTurn, setTimeout as delay } from 'node:timers/promises';
import type { Speed } from '../options.ts';
import type { TurnItem } from '../wire/turn-log.ts';

const breakAfterMs = 200;
const keepAliveMs = 15_000;

export interface WritePlan {
  readonly speed: Speed;
  /** Destroys the connection after so many bytes. */
  readonly cutAfterBytes: number | null;
}

/** Writes items as the plan says and resolves with all bytes that were handed to the connection. */
export async function writeStream(
  response: ServerResponse,
  items: AsyncIterable<TurnItem>,
  plan: WritePlan,
): Promise<Buffer> {
  const sent: Buffer[] = [];
  let total = 0;
  const comment = Buffer.from(': keep-alive\n\n');
  const sendComment = (): void => {
    sent.push(comment);
    response.write(comment);
  };
  const keepAlive = plan.speed === 'slow' ? setInterval(sendComment, keepAliveMs) : null;
  try {
    let size = 1;
    for await (const bytes of batches(items, plan.speed)) {
      for (let at = 0; at < bytes.length; ) {
        if (response.destroyed) return Buffer.concat(sent);
        const wanted =
          plan.speed === 'instant' || plan.speed === 'burst'
            ? bytes.length
            : Math.max(size, Math.ceil(bytes.length / 64));
        const room = plan.cutAfterBytes === null ? wanted : Math.min(wanted, plan.cutAfterBytes - total);
        const piece = bytes.subarray(at, at + room);
        sent.push(piece);
        total += piece.length;
        response.write(piece);
        if (plan.cutAfterBytes !== null && total >= plan.cutAfterBytes) {
          await flushed(response);
          response.destroy();
          return Buffer.concat(sent);
        }
        at += piece.length;
        // 1 to 40 bytes, so that characters and line ends are cut.
        size = (size * 7 + 3) % 40 || 1;
        if (plan.speed === 'normal' || plan.speed === 'quick') await nextTurn();
      }
    }
    return Buffer.concat(sent);
  } finally {
    if (keepAlive !== null) clearInterval(keepAlive);
  }
}

/** One item a piece; `instant` and `burst` gather what is there, up to 64 KiB. */
async function* batches(items: AsyncIterable<TurnItem>, speed: Speed): AsyncGenerator<Buffer> {
  if (speed !== 'instant' && speed !== 'burst') {
    for await (const item of items) yield Buffer.from(item.text);
    return;
  }
  const source = items[Symbol.asyncIterator]();
  let pending = source.next();
  for (;;) {
    const first = await pending;
    if (first.done === true) return;
    let text = first.value.text;
    pending = source.next();
    for (;;) {
      const more = await Promise.race([pending, nextTurn(null)]);
      if (more === null || more.done === true) break;
      text += more.value.text;
      pending = source.next();
      if (text.length >= 65_536) break;
    }
    yield Buffer.from(text);
  }
}

/** A browser throws away what it has not read when a connection breaks, so the break comes a little later. */
async function flushed(response: ServerResponse): Promise<void> {
  await new Promise<void>((resolve) => {
    response.write('', () => {
      resolve();
    });
  });
  await delay(breakAfterMs);
}
