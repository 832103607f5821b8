import { fail, ok, type Result } from '../../base/index.ts';
import { type Caller, callerOf, serveDoor } from '../../bridge/index.ts';
import { TERMINALS_PORT, type TerminalsDoor } from '../../contracts/doors/terminals.ts';
import {
  TERMINALS_POLICY,
  TERMINALS_REQUESTS,
  TERMINALS_STREAM,
  type TerminalWatch,
} from '../../contracts/doors/terminals-policy.ts';
import { type AppError, appError } from '../../contracts/errors.ts';
import type { SessionId } from '../../contracts/ids.ts';
import type { NumberedTerminalEvent } from '../../contracts/terminal.ts';
import { onPort, ownOrigin, type IncomingPort } from '../../platform/index.ts';
import { storageFailure, type SessionRecords } from '../../database/index.ts';
import type { MachineMeter } from '../machine-meter.ts';
import type { ShownSessions } from '../shown-sessions.ts';
import type { TerminalService } from './terminal-service.ts';

interface Context {
  readonly caller: Caller;
  readonly signal: AbortSignal;
}

export interface ServedTerminals {
  readonly service: TerminalService;
  readonly machines: Pick<MachineMeter, 'report'>;
  readonly records: Pick<SessionRecords, 'storedAs'>;
  /** Told which pages show terminals, and of which session. */
  readonly pages: Pick<ShownSessions, 'connected' | 'named'>;
  readonly signal: AbortSignal;
  /** For tests; the browser's own otherwise. */
  readonly onPort?: (listener: (port: IncomingPort) => void, options: { readonly signal: AbortSignal }) => void;
  readonly ownOrigin?: string;
}

/** Serves the door to terminals. Registers its listener before it returns. */
export function serveTerminals({ service, machines, records, pages, signal, ...test }: ServedTerminals): void {
  const own = test.ownOrigin ?? ownOrigin();
  const listen = test.onPort ?? ((listener, options) => onPort(TERMINALS_PORT, listener, options));
  /** `act` gets the name under which the session is kept. */
  const inSession = async <T>(
    { caller }: Context,
    named: SessionId,
    act: (sessionId: SessionId) => Promise<Result<T, AppError>>,
  ): Promise<Result<T, AppError>> => {
    let sessionId: SessionId;
    try {
      sessionId = await records.storedAs(named);
    } catch (cause) {
      return fail(storageFailure(cause));
    }
    pages.named(caller.key, sessionId);
    return act(sessionId);
  };
  serveDoor<TerminalsDoor, TerminalWatch, NumberedTerminalEvent>({
    door: TERMINALS_PORT,
    methods: TERMINALS_POLICY,
    requests: TERMINALS_REQUESTS,
    handlers: {
      list: ({ sessionId }: Parameters<TerminalsDoor['list']>[0], context: Context) =>
        inSession(context, sessionId, async (kept) => ok(service.list(kept))),
      open: ({ sessionId, ...size }: Parameters<TerminalsDoor['open']>[0], context: Context) =>
        inSession(context, sessionId, (kept) => service.open(kept, size, context.signal)),
      attach: (request: Parameters<TerminalsDoor['attach']>[0], { caller }: Context) => {
        const shown = service.sessionOf(request.terminalId);
        if (shown !== null) pages.named(caller.key, shown);
        return service.attach(request);
      },
      write: async (request: Parameters<TerminalsDoor['write']>[0]) => service.write(request),
      resize: async (request: Parameters<TerminalsDoor['resize']>[0]) => service.resize(request),
      drawn: async (request: Parameters<TerminalsDoor['drawn']>[0]) => service.drawn(request),
      alerts: ({ sessionId }: Parameters<TerminalsDoor['alerts']>[0], context: Context) =>
        inSession(context, sessionId, async (kept) => ok(machines.report(kept, 1)?.alerts ?? [])),
      close: async (request: Parameters<TerminalsDoor['close']>[0]) => service.close(request),
    },
    stream: TERMINALS_STREAM,
    openStream: ({ terminalId, viewId }) => service.source(terminalId, viewId),
    gone: appError('terminal/not-found'),
    ownOrigin: own,
    onPort: (listener, until) =>
      listen((port) => {
        const caller = callerOf(port.sender, own);
        if (caller !== null) port.onDisconnect(pages.connected(caller.key).ended, until);
        listener(port);
      }, until),
    signal,
  });
}
