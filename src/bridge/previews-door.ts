import {
  type NumberedPreviewEvent,
  PREVIEWS_ANSWERS,
  PREVIEWS_ITEM,
  PREVIEWS_POLICY,
} from '../contracts/doors/previews-policy.ts';
import { PREVIEWS_PORT, type PreviewsDoor } from '../contracts/doors/previews.ts';
import { checksOf } from './door-checks.ts';
import { type HostDoorOptions, openHostDoor } from './host-door.ts';

type Waited = ReturnType<PreviewsDoor['socketSend']>;

/** The door to the servers of a session's Linux, for pages of the extension. After the signal all calls fail. */
export function connectPreviewsDoor(options: HostDoorOptions): PreviewsDoor {
  const checks = checksOf(PREVIEWS_ANSWERS, PREVIEWS_ITEM);
  const { client, calls } = openHostDoor<NumberedPreviewEvent>(PREVIEWS_PORT, PREVIEWS_POLICY, checks, options);
  /** The last word of each socket that is on its way: a small message would overtake a large one. */
  const last = new Map<string, Waited>();
  const inTurn =
    <Request extends { readonly socketId: string }>(call: (request: Request) => Waited) =>
    (request: Request): Waited => {
      const { socketId } = request;
      const before = last.get(socketId);
      const mine = before === undefined ? call(request) : before.then(() => call(request));
      last.set(socketId, mine);
      void mine.then(() => last.get(socketId) === mine && last.delete(socketId));
      return mine;
    };
  const watchServers: PreviewsDoor['watchServers'] = ({ sessionId, onServers, onLost, signal }) => {
    const body = { kind: 'servers', sessionId, after: 0 } as const;
    const onItem = ({ event }: NumberedPreviewEvent): void => {
      if (event.kind === 'servers') onServers(event.ports);
    };
    client.watch({ body, onItem, onLost, signal });
  };
  const openSocket: PreviewsDoor['openSocket'] = ({ onEvent, onLost, signal, ...target }) => {
    const body = { kind: 'socket', ...target, after: 0 } as const;
    const onItem = ({ event }: NumberedPreviewEvent): void => {
      if (event.kind !== 'servers' && event.kind !== 'head') onEvent(event);
    };
    client.watch({ body, onItem, onLost, signal });
  };
  const openStream: PreviewsDoor['openStream'] = ({ onEvent, onLost, signal, ...target }) => {
    const body = { kind: 'stream', ...target, after: 0 } as const;
    const onItem = ({ event }: NumberedPreviewEvent): void => {
      if (event.kind === 'head' || event.kind === 'bytes' || event.kind === 'closed') onEvent(event);
    };
    client.watch({ body, onItem, onLost, signal });
  };
  // One row of the policy for each method.
  const plain = calls as unknown as PreviewsDoor;
  return {
    ...plain,
    watchServers,
    openSocket,
    openStream,
    socketSend: inTurn((request) => plain.socketSend(request)),
    socketClose: inTurn((request) => plain.socketClose(request)),
  };
}
