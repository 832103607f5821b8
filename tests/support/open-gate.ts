import { sessionIdOf } from '../../src/contracts/ids.ts';
import type { AskNetwork } from '../../src/contracts/network.ts';
import { NetworkGate } from '../../src/host/network/index.ts';
import { consentsInMemory, egressInMemory } from './network-in-memory.ts';

/** The conversation of the sessions in Node. */
const SESSION = sessionIdOf('test');

/**
 * The real gate before Node's own fetch, for a conversation that may reach these origins. `names` are origins that a server of
 * this machine stands for, as a resolver of names would have it.
 */
export async function openGate(
  origins: readonly string[],
  names: Readonly<Record<string, string>> = {},
  mostMB = 50,
): Promise<NetworkGate> {
  const gate = new NetworkGate({
    consents: consentsInMemory(),
    log: egressInMemory(),
    mostMB: () => mostMB,
    fetch: (address, request) => {
      const { origin } = new URL(address);
      return fetch(address.replace(origin, names[origin] ?? origin), request);
    },
    isPrivate: async () => false,
    now: () => Date.now(),
  });
  await gate.allow(SESSION, origins);
  return gate;
}

/** The same for one run of that conversation. */
export async function gateFor(
  origins: readonly string[],
  names: Readonly<Record<string, string>> = {},
  mostMB?: number,
): Promise<AskNetwork> {
  return (await openGate(origins, names, mostMB)).forRun(SESSION, 'test');
}
