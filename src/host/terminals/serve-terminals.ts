import { fail, ok, type Result } from '../../base/index.ts';
import { serveDoor } from '../../bridge/index.ts';
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
import type { SessionRecords } from '../../database/index.ts';
import type { MachineMeter } from '../machine-meter.ts';
import type { TerminalService } from './terminal-service.ts';

export interface ServedTerminals {
  readonly service: TerminalService;
  readonly machines: Pick<MachineMeter, 'report'>;
  readonly records: Pick<SessionRecords, 'storedAs'>;
  readonly signal: AbortSignal;
  /** For tests; the browser's own otherwise. */
  readonly onPort?: (listener: (port: IncomingPort) => void, options: { readonly signal: AbortSignal }) => void;
  readonly ownOrigin?: string;
}

/** Serves the door to terminals. Registers its listener before it returns. */
export function serveTerminals({ service, machines, records, signal, ...test }: ServedTerminals): void {
  /** `act` gets the name under which the session is kept. */
  const inSession = async <T>(
    named: SessionId,
    act: (sessionId: SessionId) => Promise<Result<T, AppError>>,
  ): Promise<Result<T, AppError>> => {
    let sessionId: SessionId;
    try {
      sessionId = await records.storedAs(named);
    } catch (cause) {
      return fail(appError('host/unavailable', 'storage', cause));
    }
    return act(sessionId);
  };
  serveDoor<TerminalsDoor, TerminalWatch, NumberedTerminalEvent>({
    door: TERMINALS_PORT,
    methods: TERMINALS_POLICY,
    requests: TERMINALS_REQUESTS,
    handlers: {
      list: ({ sessionId }: Parameters<TerminalsDoor['list']>[0]) =>
        inSession(sessionId, async (kept) => ok(service.list(kept))),
      open: ({ sessionId, ...size }: Parameters<TerminalsDoor['open']>[0], context: { readonly signal: AbortSignal }) =>
        inSession(sessionId, (kept) => service.open(kept, size, context.signal)),
      attach: (request: Parameters<TerminalsDoor['attach']>[0]) => service.attach(request),
      write: async (request: Parameters<TerminalsDoor['write']>[0]) => service.write(request),
      resize: async (request: Parameters<TerminalsDoor['resize']>[0]) => service.resize(request),
      drawn: async (request: Parameters<TerminalsDoor['drawn']>[0]) => service.drawn(request),
      alerts: ({ sessionId }: Parameters<TerminalsDoor['alerts']>[0]) =>
        inSession(sessionId, async (kept) => ok(machines.report(kept, 1)?.alerts ?? [])),
      close: async (request: Parameters<TerminalsDoor['close']>[0]) => service.close(request),
    },
    stream: TERMINALS_STREAM,
    openStream: ({ terminalId, viewId }) => service.source(terminalId, viewId),
    gone: appError('terminal/not-found'),
    ownOrigin: test.ownOrigin ?? ownOrigin(),
    onPort: test.onPort ?? ((listener, options) => onPort(TERMINALS_PORT, listener, options)),
    signal,
  });
}
