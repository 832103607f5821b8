import type { SessionId } from '../../src/contracts/ids.ts';
import type { AskNetwork } from '../../src/contracts/network.ts';
import { NetworkGate } from '../../src/host/network/index.ts';
import { consentsInMemory, egressInMemory } from './network-in-memory.ts';

/**
 * The real gate before Node's own fetch, for a run of a conversation that may reach these origins. `names` are origins that a
 * server of this machine stands for, as a resolver of names would have it.
 */
export async function gateFor(
  origins: readonly string[],
  names: Readonly<Record<string, string>> = {},
): Promise<AskNetwork> {
  const gate = new NetworkGate({
    consents: consentsInMemory(),
    log: egressInMemory(),
    mostMB: () => 50,
    fetch: (address, request) => {
      const { origin } = new URL(address);
      return fetch(address.replace(origin, names[origin] ?? origin), request);
    },
    isPrivate: async () => false,
    now: () => Date.now(),
  });
  const sessionId = 'test' as SessionId;
  await gate.allow(sessionId, origins);
  return gate.forRun(sessionId, 'test');
}
