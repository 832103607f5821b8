import * as v from 'valibot';
import { assertNever, fail, type Result } from '../base/index.ts';
import type { MethodName, MethodPolicy } from '../contracts/doors/door.ts';
import type { ItemSource, Numbered, StreamPolicy } from '../contracts/doors/stream.ts';
import { type AppError, appError } from '../contracts/errors.ts';
import { LIMITS } from '../contracts/limits.ts';
import { BUILD_FLAGS, type IncomingPort } from '../platform/index.ts';
import { type Caller, callerOf } from './callers.ts';
import { type ClientMessage, clientMessageSchema } from './client-messages.ts';
import { DOOR_VERSION, type ServerMessage } from './door-protocol.ts';
import { isFrame } from './frame-check.ts';
import { sendItems } from './item-sender.ts';
import { type MessageChannel, openMessageChannel } from './message-channel.ts';

export type Handler = (
  request: never,
  context: { readonly caller: Caller; readonly signal: AbortSignal },
) => Promise<Result<unknown, AppError>>;

export interface ServedDoor<Door, Request extends { readonly after: number }, Item extends Numbered> {
  /** Name of the port, and of the door in its hello. */
  readonly door: string;
  readonly methods: Readonly<Record<MethodName<Door>, MethodPolicy>>;
  readonly requests: Readonly<Record<MethodName<Door>, v.GenericSchema>>;
  readonly handlers: Readonly<Record<MethodName<Door>, Handler>>;
  readonly stream: StreamPolicy<Request>;
  /** Null when what is asked for does not exist, or not for this caller; answered with `gone`. */
  readonly openStream: (request: Request, caller: Caller) => ItemSource<Item> | null;
  readonly gone: AppError;
  readonly ownOrigin: string;
  readonly onPort: (listener: (port: IncomingPort) => void, options: { readonly signal: AbortSignal }) => void;
  readonly signal: AbortSignal;
}

/** The serving end: one for a door in the whole extension. Checks sender, method, caller and body before any handler. */
export function serveDoor<Door, Request extends { readonly after: number }, Item extends Numbered>(
  served: ServedDoor<Door, Request, Item>,
): void {
  const hostId = crypto.randomUUID();
  const remembered = new Map<string, Promise<ServerMessage>>();
  served.onPort(
    (port) => {
      const caller = callerOf(port.sender, served.ownOrigin);
      // A port of somebody else is left open: closing it would close it for its other listeners.
      if (caller !== null) servePort(served as unknown as AnyDoor, { port, caller, hostId, remembered });
    },
    { signal: served.signal },
  );
}

/** The same without the names of its methods: those come from outside and are looked up. */
interface AnyDoor
  extends Omit<ServedDoor<never, { readonly after: number }, Numbered>, 'methods' | 'requests' | 'handlers'> {
  readonly methods: Readonly<Record<string, MethodPolicy>>;
  readonly requests: Readonly<Record<string, v.GenericSchema>>;
  readonly handlers: Readonly<Record<string, Handler>>;
}

interface Visit {
  readonly port: IncomingPort;
  readonly caller: Caller;
  readonly hostId: string;
  readonly remembered: Map<string, Promise<ServerMessage>>;
}

function servePort(served: AnyDoor, visit: Visit): void {
  const ending = new AbortController();
  const signal = AbortSignal.any([served.signal, ending.signal]);
  const watches = new Map<string, { ending: AbortController; seen: (batch: number) => void }>();
  let clientId: string | null = null;
  let badMessages = 0;
  let openRequests = 0;

  const bad = () => {
    badMessages += 1;
    if (BUILD_FLAGS.debug) console.warn(`door ${served.door}: bad message from ${visit.caller.key}`);
    // Nothing more is read from it; the port itself stays, for it may have other listeners.
    if (badMessages > LIMITS.badMessagesPerPort.standard) ending.abort();
  };
  const send = (message: ServerMessage) => channel.send(message);

  const request = async (message: Extract<ClientMessage, { kind: 'request' }>) => {
    if (openRequests >= LIMITS.requestsOpenPerPort.standard) {
      return void send(refusal(message.id, appError('run/queue-full')));
    }
    openRequests += 1;
    const answer = await answerOnce(served, visit, `${visit.caller.key} ${clientId} ${message.id}`, message);
    openRequests -= 1;
    void send(answer);
    if (message.isWatched !== true || answer.kind !== 'answer') return;
    watch({ kind: 'watch', id: message.id, body: { ...(answer.value as object), after: 0 } });
  };

  const watch = (message: Extract<ClientMessage, { kind: 'watch' }>) => {
    const lost = (error: AppError) => void send({ kind: 'lost', id: message.id, error: wireError(error) });
    if (!served.stream.callers.includes(visit.caller.kind)) return lost(appError('door/forbidden'));
    if (watches.size >= LIMITS.watchesPerPort.standard) return lost(appError('run/queue-full'));
    const body = v.safeParse(served.stream.request, message.body);
    if (!body.success) return lost(appError('door/bad-message'));
    const source = served.openStream(body.output, visit.caller);
    if (source === null) return lost(served.gone);
    unwatch(message.id);
    const watchEnding = new AbortController();
    const sender = sendItems({
      id: message.id,
      source,
      after: body.output.after,
      send: (item) => {
        if (item.kind === 'done' || item.kind === 'lost') watches.delete(message.id);
        return send(item);
      },
      gone: served.gone,
      signal: AbortSignal.any([signal, watchEnding.signal]),
    });
    watches.set(message.id, { ending: watchEnding, seen: (batch) => sender.seen(batch) });
  };

  const open = (message: Extract<ClientMessage, { kind: 'open' }>) => {
    if (message.door !== served.door || message.version !== DOOR_VERSION) return bad();
    clientId = message.clientId;
    void send({ kind: 'hello', version: DOOR_VERSION, hostId: visit.hostId });
  };
  const unwatch = (id: string) => {
    watches.get(id)?.ending.abort();
    watches.delete(id);
  };
  const receive = (message: ClientMessage): void => {
    if (message.kind === 'open') return open(message);
    if (clientId === null) return bad();
    switch (message.kind) {
      case 'request':
        return void request(message);
      case 'watch':
        return watch(message);
      case 'unwatch':
        return unwatch(message.id);
      case 'seen':
        return watches.get(message.id)?.seen(message.batch);
      case 'ping':
        return void send({ kind: 'pong', n: message.n });
      case 'cancel':
        // The caller no longer waits. What was begun runs on: half a write would be worse than a late one.
        return;
      default:
        return assertNever(message);
    }
  };

  const channel: MessageChannel = openMessageChannel(visit.port, {
    signal,
    onBadFrame: bad,
    isFrame,
    onMessage: (raw) => {
      const parsed = v.safeParse(clientMessageSchema, raw);
      if (parsed.success) receive(parsed.output);
      else bad();
    },
  });
  visit.port.onDisconnect(() => ending.abort(), { signal });
}

const wireError = ({ code, detail }: AppError) => ({ code, ...(detail === undefined ? {} : { detail }) });

const refusal = (id: string, error: AppError): ServerMessage => ({
  kind: 'refusal',
  id,
  error: wireError(error),
});

/** A request that comes again (its answer was lost with a link) gets the first one's answer. */
function answerOnce(
  served: AnyDoor,
  { caller, remembered }: Visit,
  key: string,
  message: Extract<ClientMessage, { kind: 'request' }>,
): Promise<ServerMessage> {
  const earlier = remembered.get(key);
  if (earlier !== undefined) return earlier;
  const answer = answerRequest(served, caller, message).catch((cause: unknown) => {
    // A bug in a handler must not leave the caller waiting; the log keeps what happened.
    console.error(`door ${served.door}: ${message.method} threw`, cause);
    return refusal(message.id, appError('door/failed', message.method));
  });
  remembered.set(key, answer);
  const oldest = remembered.keys().next();
  if (remembered.size > LIMITS.requestsRemembered.standard && !oldest.done) remembered.delete(oldest.value);
  // Answers with bytes are not worth their memory: reading again does no harm.
  void answer.then((done) => {
    if (done.kind === 'answer' && carriesBytes(done.value)) remembered.delete(key);
  });
  return answer;
}

async function answerRequest(
  served: AnyDoor,
  caller: Caller,
  message: Extract<ClientMessage, { kind: 'request' }>,
): Promise<ServerMessage> {
  const policy = Object.hasOwn(served.methods, message.method) ? served.methods[message.method] : undefined;
  const request = served.requests[message.method];
  const handler = served.handlers[message.method];
  if (policy === undefined || request === undefined || handler === undefined)
    return refusal(message.id, appError('door/forbidden', 'method'));
  if (!policy.callers.includes(caller.kind)) return refusal(message.id, appError('door/forbidden', message.method));
  const body = v.safeParse(request, message.body);
  if (!body.success) return refusal(message.id, appError('door/bad-message', message.method));
  const signal = AbortSignal.any([served.signal, AbortSignal.timeout(policy.deadlineMs)]);
  // Checked against the schema of this very method one line up; the types of the record cannot say so.
  const result = await handler(body.output as never, { caller, signal });
  return result.ok
    ? { kind: 'answer', id: message.id, value: result.value }
    : refusal(message.id, fail(result.error).error);
}

function carriesBytes(value: unknown): boolean {
  return (
    typeof value === 'object' && value !== null && Object.values(value).some((field) => field instanceof Uint8Array)
  );
}
