import type { SessionId } from '../../src/contracts/ids.ts';
import type { AskNetwork } from '../../src/contracts/network.ts';
import { NetworkGate } from '../../src/host/network/index.ts';
import { consentsInMemory, egressInMemory } from './network-in-memory.ts';

/** The real gate before Node's own fetch, for a run of a conversation that may reach these origins. */
export async function gateFor(origins: readonly string[]): Promise<AskNetwork> {
  const gate = new NetworkGate({
    consents: consentsInMemory(),
    log: egressInMemory(),
    mostMB: () => 50,
    fetch,
    isPrivate: async () => false,
    now: () => Date.now(),
  });
  const sessionId = 'test' as SessionId;
  await gate.allow(sessionId, origins);
  return gate.forRun(sessionId, 'test');
}
