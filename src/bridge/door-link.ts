import { onAbort } from '../base/index.ts';
import { LIMITS } from '../contracts/limits.ts';
import type { RawPort } from '../platform/index.ts';
import type { ClientMessage } from './client-messages.ts';
import { DOOR_VERSION, type DoorChecks, type ServerMessage } from './door-protocol.ts';
import { type MessageChannel, openMessageChannel } from './message-channel.ts';

export interface DoorLinkOptions {
  readonly door: string;
  readonly clientId: string;
  /** Throws when the extension was reloaded under this script. */
  readonly connect: () => RawPort;
  readonly onMessage: (message: ServerMessage) => void;
  /** The link had been open and is gone; called at most once, and never after `close`. */
  readonly onLost: () => void;
  readonly hasWork: () => boolean;
  readonly checks?: DoorChecks | undefined;
}

/** One connection to the served side: from its hello until it is lost. */
export interface DoorLink {
  readonly channel: MessageChannel;
  close(): void;
}

/**
 * Connects and waits for the other side's hello. `gone` when this script outlived its extension. Null when nobody said it within `helloMs`: a port may be open without a
 * host, because every listening context of the extension gets it. For the same reason its end is no sign of the host's
 * end, hence the heartbeat.
 */
export async function openDoorLink(options: DoorLinkOptions): Promise<DoorLink | null | 'gone'> {
  const ending = new AbortController();
  const { signal } = ending;
  let port: RawPort;
  try {
    port = options.connect();
  } catch {
    return 'gone'; // the extension was reloaded or removed: nobody will ever answer
  }
  const close = () => {
    if (signal.aborted) return;
    ending.abort();
    try {
      port.disconnect();
    } catch {
      // Already closed by the other side.
    }
  };

  let isOpen = false;
  const lose = () => {
    if (signal.aborted) return;
    close();
    if (isOpen) options.onLost();
  };

  let awaitedPong = 0;
  let lastPing = 0;
  const hello = Promise.withResolvers<boolean>();
  const { checks } = options;
  const channel = openMessageChannel(port, {
    signal,
    ...(checks && { isFrame: checks.isFrame }),
    onMessage: (raw) => {
      if (checks?.isMessage(raw) === false) return;
      const message = raw as ServerMessage;
      awaitedPong = 0;
      if (message.kind === 'hello') hello.resolve(message.version === DOOR_VERSION);
      else if (message.kind !== 'pong') options.onMessage(message);
    },
  });
  port.onDisconnect(
    () => {
      hello.resolve(false);
      lose();
    },
    { signal },
  );

  const post = (message: ClientMessage) => void channel.send(message);
  const patience = setTimeout(() => hello.resolve(false), LIMITS.helloMs.standard);
  post({ kind: 'open', door: options.door, version: DOOR_VERSION, clientId: options.clientId });
  isOpen = await hello.promise;
  clearTimeout(patience);
  if (!isOpen) {
    close();
    return null;
  }

  const heart = setInterval(() => {
    if (awaitedPong > 0) return lose();
    if (!options.hasWork()) return;
    lastPing += 1;
    awaitedPong = lastPing;
    post({ kind: 'ping', n: lastPing });
  }, LIMITS.heartbeatMs.standard);
  onAbort(signal, () => clearInterval(heart));
  return { channel, close };
}
