import * as fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { BOTH, GuestClient, Refused } from '../../../tests/support/share/guest-client.ts';
import { type AskedGuest, overPort } from '../../../tests/support/share/over-port.ts';
import { filesInMemory } from '../../../tests/support/workspace/memory-tree.ts';
import { ModelFiles, textOf } from '../../../tests/support/workspace/model-files.ts';
import { changes } from '../../../tests/support/workspace/operations.ts';
import { contentOf } from '../../../tests/support/workspace/tree-content.ts';
import type { FileOperation } from '../../contracts/files.ts';
import { ServedTree, type Share } from './index.ts';
import type { Change } from './journal.ts';

/** The same change, as a guest makes it. */
async function asGuest(guest: GuestClient, operation: Change): Promise<void> {
  switch (operation.op) {
    case 'mkdir':
      return void (await guest.mkdir(operation.path));
    case 'rename':
      return void (await guest.rename(operation.path, operation.to));
    case 'remove': {
      const { kind } = await guest.stat(operation.path);
      return void (await (kind === 'folder' ? guest.rmdir(operation.path) : guest.unlink(operation.path)));
    }
    case 'write': {
      const fid = await guest.create(operation.path, { flags: BOTH });
      if (operation.truncateTo !== null) await guest.setFid(fid, { size: operation.truncateTo });
      if (operation.bytes?.length) await guest.write(fid, operation.position, operation.bytes);
      await guest.clunk(fid);
    }
  }
}

const isDone = (act: Promise<unknown>) =>
  act.then(
    () => true,
    (error: unknown) => {
      if (error instanceof Refused && error.message !== 'EIO') return false;
      throw error;
    },
  );

/** The tree as the guest sees it. */
async function seenBy(guest: GuestClient, path = ''): Promise<(readonly [string, string])[]> {
  const found: (readonly [string, string])[] = [];
  for (const entry of await guest.names(path)) {
    const name = entry.replace(/\/$/, '');
    const below = path === '' ? name : `${path}/${name}`;
    if (name === entry) found.push([below, textOf(await guest.bytesOf(below))]);
    else found.push([below, 'directory'], ...(await seenBy(guest, below)));
  }
  return found.sort(([one], [other]) => (one < other ? -1 : 1));
}

const WAYS: [string, (share: Share) => AskedGuest][] = [
  ['itself', (share) => ({ handle: (message) => share.handle(message), settled: () => Promise.resolve() })],
  ['over its port', overPort],
];

const isChange = (operation: FileOperation): operation is Change => !['stat', 'list', 'read'].includes(operation.op);
const step = fc.record({
  by: fc.constantFrom('guest' as const, 'guest' as const, 'other' as const),
  change: changes.filter(isChange),
});

test.each(WAYS)(
  '%s: what guest and others do in turn is what a plain model makes of it, in the tree and in the guest’s eyes',
  async (_way, way) => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        const files = filesInMemory();
        const model = new ModelFiles();
        const share = new ServedTree({ files }).share();
        const asked = way(share);
        const guest = await new GuestClient(asked).mount();
        for (const { by, change } of steps) {
          if (by === 'other') {
            await asked.settled();
            await share.idle();
            expect((await files.perform(change)).ok, JSON.stringify(change)).toBe(model.change(change) === null);
          } else {
            const done = await isDone(asGuest(guest, change));
            expect(done, JSON.stringify({ ...change, bytes: undefined })).toBe(model.change(change) === null);
          }
        }
        expect(await seenBy(guest)).toEqual(model.content());
        await asked.settled();
        await share.idle();
        expect(await contentOf(files)).toEqual(model.content());
        share.dispose();
      }),
      { numRuns: 100 },
    );
  },
  120_000,
);

test.each(WAYS)(
  '%s: when guest and others work at the same time, both see the same tree in the end',
  async (_way, way) => {
    // Of two that make the same folder at once, the tree refuses one.
    const told = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        const files = filesInMemory();
        const share = new ServedTree({ files }).share();
        const asked = way(share);
        const guest = await new GuestClient(asked).mount();
        const others: Promise<unknown>[] = [];
        for (const { by, change } of steps) {
          if (by === 'other') others.push(files.perform(change));
          else await isDone(asGuest(guest, change));
        }
        await Promise.all(others);
        await asked.settled();
        await share.idle();
        expect(await seenBy(guest)).toEqual(await contentOf(files));
        share.dispose();
      }),
      { numRuns: 200 },
    );
    told.mockRestore();
  },
  120_000,
);
