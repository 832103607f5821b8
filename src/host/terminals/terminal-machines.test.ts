import { expect, test } from 'vitest';
import { machinesInMemory } from '../../../tests/support/machines-in-memory.ts';
import { createScriptedRunner } from '../../../tests/support/scripted-runner.ts';
import { ok } from '../../base/index.ts';
import { type SessionId, sessionIdOf } from '../../contracts/ids.ts';
import { readMachineSpec } from '../../contracts/read-machine-spec.ts';
import type { RunnerSession } from '../../contracts/runner.ts';
import { machineSession, type NetworkUser } from '../../execution/index.ts';
import { MachineBook } from '../machines/index.ts';
import { createTerminalMachines } from './terminal-machines.ts';

const CHAT = sessionIdOf('chat');
const NEVER = new AbortController().signal;

/** A conversation with a machine without network and one that may reach one origin; machines start when the test says so. */
async function world() {
  const book = new MachineBook(machinesInMemory(), () => 1);
  for (const asked of [
    { name: 'closed', networking: { enabled: false } },
    { name: 'open', networking: { enabled: true, allowedHosts: ['example.org'] } },
  ]) {
    const read = readMachineSpec({ image: 'python-data', ...asked });
    if (!read.ok) throw new Error(read.error.detail);
    await book.create(CHAT, read.value.spec);
  }
  const started = Promise.withResolvers<void>();
  const held: SessionId[] = [];
  const reached: { readonly engine: SessionId; readonly within: readonly string[] | null }[] = [];
  const hold = createTerminalMachines({
    shell: createScriptedRunner(),
    book,
    pool: {
      hold: async ({ sessionId }) => {
        held.push(sessionId);
        await started.promise;
        return ok({ session: {} as RunnerSession, release: () => undefined });
      },
    },
    network:
      ({ engine }: NetworkUser) =>
      async () => {
        reached.push({ engine, within: book.narrowed(engine) });
        return '{}';
      },
  });
  return { book, hold, start: started.resolve, held, reached };
}

test('a terminal reaches what its machine may, whichever its person chooses while that starts', async () => {
  const { book, hold, start, held, reached } = await world();
  await book.choose(CHAT, 'closed');
  const opening = hold(CHAT, NEVER);
  await expect.poll(() => held).toEqual([machineSession('closed', CHAT)]);
  await book.choose(CHAT, 'open');
  start();
  const opened = await opening;
  if (!opened.ok) throw new Error(opened.error.code);
  await opened.value.network('{}', NEVER);
  expect(reached).toEqual([{ engine: machineSession('closed', CHAT), within: [] }]);
});

test('a machine that was removed since reaches nothing, the usual one all that its conversation may', async () => {
  const { book, hold, start, reached } = await world();
  await book.choose(CHAT, 'open');
  start();
  for (const name of ['open', null]) {
    await book.choose(CHAT, name);
    const opened = await hold(CHAT, NEVER);
    if (name !== null) await book.remove(CHAT, name);
    if (opened.ok) await opened.value.network('{}', NEVER);
  }
  expect(reached).toEqual([
    { engine: machineSession('open', CHAT), within: [] },
    { engine: CHAT, within: null },
  ]);
});
