import { fail, ok, type Result } from '../../base/index.ts';
import type { EngineDoor } from '../../contracts/doors/engine.ts';
import type { AppError } from '../../contracts/errors.ts';
import { ownOrigins } from '../../contracts/network-origins.ts';
import type { SessionId } from '../../contracts/ids.ts';
import { storageFailure, type EgressLog } from '../../database/index.ts';
import type { Handlers, InSession } from '../handlers.ts';
import type { NetworkGate } from './network-gate.ts';

export type NetworkMethod = 'network' | 'allowHosts' | 'egressLog' | 'clearEgressLog';

/** What pages of the extension see and change of the gate. */
export function createNetworkHandlers(
  gate: Pick<NetworkGate, 'network' | 'allow'>,
  log: Pick<EgressLog, 'latest' | 'clear'>,
  inSession: InSession,
  /** The name that a person's page knows. */
  shownName: (kept: SessionId) => SessionId,
): Pick<Handlers<EngineDoor>, NetworkMethod> {
  return {
    network: ({ sessionId }, { caller }) => inSession(caller, sessionId, (kept) => stored(() => gate.network(kept))),
    allowHosts: ({ sessionId, hosts }, { caller }) =>
      inSession(caller, sessionId, async (kept) => {
        const origins = ownOrigins(hosts);
        return origins.ok ? stored(() => gate.allow(kept, origins.value)) : origins;
      }),
    egressLog: ({ most }) =>
      stored(async () => {
        const entries = await log.latest(most);
        return entries.map((entry) => ({ ...entry, sessionId: shownName(entry.sessionId) }));
      }),
    clearEgressLog: () =>
      stored(async () => {
        await log.clear();
        return null;
      }),
  };
}

async function stored<T>(act: () => Promise<T>): Promise<Result<T, AppError>> {
  try {
    return ok(await act());
  } catch (cause) {
    return fail(storageFailure(cause));
  }
}
