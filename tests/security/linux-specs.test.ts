import { afterEach, beforeAll, expect, test } from 'vitest';
import type { SessionId } from '../../src/contracts/ids.ts';
import { readMachineSpec } from '../../src/contracts/read-machine-spec.ts';
import type { NetworkAnswer } from '../../src/contracts/network.ts';
import { NetworkGate } from '../../src/host/network/index.ts';
import { createLinuxRunner } from '../../src/runners/linux/index.ts';
import { nodeSource } from '../support/kit/node-source.ts';
import { openInNode, type TestSession } from '../support/kit/open-node.ts';
import { needsLinuxImage } from '../support/linux-image.ts';
import { startLoopback } from '../support/loopback-server.ts';
import { consentsInMemory, egressInMemory } from '../support/network-in-memory.ts';

// Threat: root of a machine that was made with less than it could have takes the rest.
let open: TestSession | null = null;
beforeAll(needsLinuxImage);
afterEach(() => {
  open?.dispose();
  open = null;
});

async function machine(asked: object): Promise<TestSession> {
  const read = readMachineSpec({ name: 'test', image: 'python-data', ...asked });
  if (!read.ok) throw new Error(read.error.detail);
  const { spec } = read.value;
  const runner = createLinuxRunner({ source: nodeSource('linux'), isSmall: () => false, specOf: async () => spec });
  open = await openInNode(runner);
  return open;
}

test('who frees what holds the disk, and writes more than it may, loses the machine', async () => {
  const shell = await machine({ resources: { storage: '16MB' } });
  const freed = await shell.run('rm /var/lib/companion/held && df -m / | tail -1', { timeMs: 60_000 });
  expect(freed.outcome).toMatchObject({ kind: 'completed', exitCode: 0 });
  const { outcome } = await shell.run('dd if=/dev/urandom of=/root/big bs=1M; sync; sleep 60', { timeMs: 120_000 });
  expect(outcome).toMatchObject({ kind: 'crashed', code: 'linux/lost' });
});

test('a machine that was made for some hosts, or for none, reaches no other, though its conversation may', async () => {
  const server = await startLoopback((_request, response) => response.end('hello'));
  const gate = new NetworkGate({
    consents: consentsInMemory(),
    log: egressInMemory(),
    mostMB: () => 50,
    fetch,
    isPrivate: async () => false,
    now: () => Date.now(),
  });
  const session = 'chat' as SessionId;
  await gate.allow(session, [server.origin]);
  const ask = async (within: readonly string[] | null) => {
    const request = { url: `${server.origin}/`, method: 'GET', headers: [], body: null };
    const reach = gate.forRun(session, 'linux', 'press', undefined, { engine: session, within });
    return JSON.parse(await reach(JSON.stringify(request), new AbortController().signal)) as NetworkAnswer;
  };
  expect(await ask([])).toMatchObject({ code: 'not-allowed', error: expect.stringContaining('its spec keeps it') });
  expect(await ask(['https://example.org'])).toMatchObject({ code: 'not-allowed' });
  expect(server.seen).toHaveLength(0);
  expect(await ask([server.origin])).toMatchObject({ status: 200 });
  expect(await ask(null)).toMatchObject({ status: 200 });
  await server.close();
});
