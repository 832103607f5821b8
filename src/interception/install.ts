import { installCancelLinks } from './cancel-links.ts';
import { maskToString } from './mask.ts';
import { observe, type Sink } from './sink.ts';
import { watchFetch } from './watch-fetch.ts';
import { watchSockets, type Sockets } from './watch-socket.ts';
import { watchXhr } from './watch-xhr.ts';

export interface Interception {
  /** Sends one JSON text on a socket that asked for a tool; false when that cannot be. Never throws. */
  answerOnSocket(socket: number, text: string): boolean;
}

/**
 * Wraps the page's natives. Must run before any script of the page. Parts fail one by one: what is missing in a
 * browser is counted and the rest still watches.
 *
 * A later replacement of `window.fetch` or `WebSocket` by the page needs no re-attaching: whatever it puts there
 * calls the function it found, which is ours; there is no other way to the natives of this realm. (Natives taken
 * from a frame that the page makes are not seen; the threat model says so.)
 */
export function installInterception(sink: Sink): Interception {
  let sockets: Sockets | null = null;
  observe(sink, maskToString);
  observe(sink, () => installCancelLinks(sink));
  observe(sink, () => watchFetch(sink));
  observe(sink, () => watchXhr(sink));
  observe(sink, () => {
    sockets = watchSockets(sink);
  });
  return {
    answerOnSocket(socket, text) {
      let isSent = false;
      observe(sink, () => {
        isSent = sockets?.answer(socket, text) ?? false;
      });
      return isSent;
    },
  };
}
