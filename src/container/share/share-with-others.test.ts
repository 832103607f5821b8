import { expect, test, vi } from 'vitest';
import { BOTH } from '../../../tests/support/share/guest-client.ts';
import { MessageWriter } from '../../../tests/support/share/message-writer.ts';
import { mounted } from '../../../tests/support/share/mounted.ts';
import { filesInMemory } from '../../../tests/support/workspace/memory-tree.ts';
import type { FileOperation, SessionFiles } from '../../contracts/files.ts';

const ENCODER = new TextEncoder();
const DECODER = new TextDecoder();

test('what others write, make, move and remove is there for the guest’s next request, in open files too', async () => {
  const { guest, files, put } = await mounted();
  await put('n', 'one');
  expect(await guest.textOf('n')).toBe('one');
  const fid = await guest.open('n');
  expect(DECODER.decode(await guest.read(fid, 0, 1))).toBe('o');
  await put('n', 'three');
  expect(DECODER.decode(await guest.read(fid, 1, 100))).toBe('hree');
  expect(await guest.statOf(fid)).toMatchObject({ sizeBytes: 5 });
  await files.perform({ op: 'mkdir', path: 'd' });
  await put('d/x', 'x');
  expect(await guest.names('d')).toEqual(['x']);
  await files.perform({ op: 'rename', path: 'd', to: 'e' });
  expect(await guest.names('')).toEqual(['e/', 'n']);
  expect(await guest.textOf('e/x')).toBe('x');
  await files.perform({ op: 'rename', path: 'n', to: 'e/n' });
  expect(DECODER.decode(await guest.read(fid, 0, 100))).toBe('three');
  await files.perform({ op: 'remove', path: 'e/n' });
  await expect(guest.stat('e/n')).rejects.toThrow('ENOENT');
  await put('.//e/../odd', 'x');
  expect(await guest.names('')).toEqual(['e/']);
});

test('a file that others removed is stale for who had it open', async () => {
  const { guest, files, put } = await mounted();
  await put('f', 'text');
  const fid = await guest.open('f', BOTH);
  await files.perform({ op: 'remove', path: 'f' });
  await expect(guest.read(fid, 0, 4)).rejects.toThrow('ESTALE');
  await expect(guest.write(fid, 0, 'x')).rejects.toThrow('ESTALE');
  await guest.clunk(fid);
});

test('a link of the guest gives way to what others make in its place', async () => {
  const { guest, put } = await mounted();
  await guest.symlink('l', 'x');
  await put('l', 'file');
  expect(await guest.names('')).toEqual(['l']);
  expect(await guest.textOf('l')).toBe('file');
});

test('changes under way are put in order with those of others', async () => {
  const { guest, share, files, put } = await mounted();
  await guest.put('f', 'mine');
  // Before the guest's own write has reached the tree.
  const others = [put('f', 'theirs'), put('g', 'theirs'), files.perform({ op: 'mkdir', path: 'd' })];
  await guest.put('h', 'mine');
  await Promise.all(others);
  await share.idle();
  expect(await guest.textOf('f')).toBe('theirs');
  expect(await guest.names('')).toEqual(['d/', 'f', 'g', 'h']);
});

/** A tree whose changes by the guest wait until they are let through. */
function gated() {
  const files = filesInMemory();
  const gate = Promise.withResolvers<void>();
  const slow = {
    ...files,
    perform: async (operation: FileOperation) => {
      if (!['read', 'list', 'stat'].includes(operation.op)) await gate.promise;
      return files.perform(operation);
    },
  };
  return { files, slow, open: gate.resolve };
}

const put = (files: SessionFiles, path: string, text: string) =>
  files.perform({ op: 'write', path, position: 0, bytes: ENCODER.encode(text), truncateTo: 0 });

test('a file that moved is read once its way is done', async () => {
  const { files, slow, open } = gated();
  await put(files, 'f', 'text');
  await files.perform({ op: 'mkdir', path: 'd' });
  const { guest } = await mounted({ files: slow });
  await guest.rename('f', 'd/g');
  await guest.rename('d', 'e');
  const read = guest.textOf('e/g');
  await new Promise(setImmediate);
  open();
  expect(await read).toBe('text');
});

test('what others did before a change of the guest that was still under way is as that change left it', async () => {
  const { files, slow, open } = gated();
  await put(files, 'f', 'old');
  const { guest, share } = await mounted({ files: slow });
  await guest.unlink('f');
  await put(files, 'f', 'newer, and removed all the same');
  open();
  await share.idle();
  expect(await guest.names('')).toEqual([]);
});

test('a folder that others remove while it is looked at is gone, with all that was in it', async () => {
  const files = filesInMemory();
  const removed = Promise.withResolvers<void>();
  let looks = 0;
  const { guest } = await mounted({
    files: {
      ...files,
      perform: async (operation) => {
        const answer = await files.perform(operation);
        if (operation.op === 'list' && operation.path === 'd' && (looks += 1) === 1) await removed.promise;
        return answer;
      },
    },
  });
  await files.perform({ op: 'mkdir', path: 'd' });
  await put(files, 'd/f', 'x'.repeat(8_192));
  const looking = guest.names('d').catch((error: unknown) => String(error));
  await expect.poll(() => looks).toBe(1);
  await files.perform({ op: 'remove', path: 'd/f' });
  await files.perform({ op: 'remove', path: 'd' });
  removed.resolve();
  await looking;
  expect(await guest.names('')).toEqual([]);
  const usage = await guest.send(8, new MessageWriter().u32(guest.root));
  usage.bytes(8 + 3 * 8);
  expect(usage.u64() - usage.u64()).toBe(1);
});

test('a folder that the workspace did not take is not there', async () => {
  const told = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
  const files = filesInMemory();
  const { guest, share } = await mounted({
    files: {
      ...files,
      perform: async (operation) =>
        operation.op === 'mkdir' ? { ok: false, errno: 'ENOSPC' } : files.perform(operation),
    },
  });
  await guest.mkdir('d');
  await share.idle();
  expect(await guest.names('')).toEqual([]);
  told.mockRestore();
});

test('what is written while the workspace is at work goes there in one piece, and is read before', async () => {
  const files = filesInMemory();
  const gate = Promise.withResolvers<void>();
  const written: FileOperation[] = [];
  const { guest, share } = await mounted({
    files: {
      ...files,
      perform: async (operation) => {
        if (operation.op === 'write') {
          written.push(operation);
          await gate.promise;
        }
        return files.perform(operation);
      },
    },
  });
  const fid = await guest.create('log');
  for (let n = 0; n < 100; n += 1) await guest.write(fid, n, 'x');
  expect(await guest.textOf('log')).toBe('x'.repeat(100));
  gate.resolve();
  await share.idle();
  expect(written).toHaveLength(2);
});

test('who writes faster than the workspace takes it waits', async () => {
  const files = filesInMemory();
  const gate = Promise.withResolvers<void>();
  const { guest, share, textIn } = await mounted({
    files: {
      ...files,
      perform: async (operation) => {
        if (operation.op === 'write') await gate.promise;
        return files.perform(operation);
      },
    },
  });
  const fid = await guest.create('f');
  const piece = new Uint8Array(256_000).fill(120);
  let answered = 0;
  const writes = Promise.all(
    Array.from({ length: 100 }, async (_, n) => {
      await guest.write(fid, n * piece.length, piece);
      answered += 1;
    }),
  );
  await expect.poll(() => answered).toBeGreaterThan(60);
  expect(answered * piece.length).toBeLessThan(17 * 1024 * 1024);
  gate.resolve();
  await writes;
  await share.idle();
  expect(await textIn('f')).toBe('x'.repeat(1_000_000));
});

test('a file written a moment ago is read from memory', async () => {
  const { guest, share, asked } = await mounted();
  await guest.put('f', 'text');
  await share.idle();
  asked.length = 0;
  expect(await guest.textOf('f')).toBe('text');
  expect(asked).toEqual([]);
});
