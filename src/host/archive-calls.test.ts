import { unzipSync, zipSync } from 'fflate';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { hostInMemory } from '../../tests/support/host-in-memory.ts';
import { filesInMemory } from '../../tests/support/workspace/memory-tree.ts';
import type { SessionId } from '../contracts/ids.ts';
import { createArchiveHandlers } from './archive-calls.ts';

let ending: AbortController;
beforeEach(() => {
  ending = new AbortController();
});
afterEach(() => ending.abort());

const sessionId = 'conversation-1' as SessionId;
const bytesOf = (text: string) => new TextEncoder().encode(text);

test('a page of the extension brings a zip in and takes one out, in pieces', async () => {
  const host = hostInMemory(ending.signal);
  const [door, engine] = [host.fromOwnPage(), host.engineFromOwnPage()];
  await door.addFile({ sessionId, name: 'in.zip', bytes: zipSync({ 'x/a': bytesOf('one'), b: bytesOf('two') }) });
  expect(await engine.importZip({ sessionId, path: '/mnt/data/in.zip', into: 'd' })).toEqual({
    ok: true,
    value: { files: 2, folders: 0, bytes: 6 },
  });
  await door.removeFile({ sessionId, path: 'in.zip' });

  // Two at once: one zip each, none spoilt by the other.
  const both = await Promise.all([
    engine.exportZip({ sessionId, path: '' }),
    engine.exportZip({ sessionId, path: 'd' }),
  ]);
  expect(both).toMatchObject([{ ok: true }, { ok: true, value: { path: '.output/export.zip' } }]);
  const first = await engine.readPiece({ sessionId, path: '.output/export.zip', position: 0 });
  const packed = first.ok ? first.value.bytes : new Uint8Array(0);
  expect(unzipSync(packed)).toMatchObject({ 'x/a': bytesOf('one'), b: bytesOf('two') });
  const end = await engine.readPiece({ sessionId, path: '.output/export.zip', position: packed.length });
  const stat = { path: '.output/export.zip', kind: 'file', sizeBytes: packed.length };
  expect(end).toMatchObject({ ok: true, value: { bytes: new Uint8Array(0), stat } });
  expect(await door.listFiles({ sessionId })).toMatchObject({ value: [{ path: 'd/x/a' }, { path: 'd/b' }] });
});

test('files of a zip that the disk did not take are not said to be there', async () => {
  const files = filesInMemory();
  const zip = zipSync({ a: bytesOf('one') });
  await files.perform({ op: 'write', path: 'in.zip', position: 0, bytes: zip, truncateTo: 0 });
  let takesIt = false;
  const workspace = { filesOf: () => files, flush: async () => takesIt, damaged: async () => [] };
  const handlers = createArchiveHandlers(workspace, (_caller, named, act) => act(named));
  const importZip = () =>
    handlers.importZip(
      { sessionId, path: 'in.zip', into: '' },
      { caller: { kind: 'extension', key: 'own' }, signal: ending.signal },
    );
  expect(await importZip()).toMatchObject({ ok: false, error: { code: 'files/no-space' } });
  takesIt = true;
  expect(await importZip()).toMatchObject({ ok: true, value: { files: 1 } });
});

test('what cannot be is said, and the site asks for none of it', async () => {
  const host = hostInMemory(ending.signal);
  const engine = host.engineFromOwnPage();
  const { addFile } = host.fromOwnPage();
  await addFile({ sessionId, name: 'in.zip', bytes: zipSync({ '../up': bytesOf('x') }) });
  await addFile({ sessionId, name: 'text', bytes: bytesOf('no zip') });
  const failed = (code: string) => ({ ok: false, error: { code } });
  expect(await engine.importZip({ sessionId, path: 'in.zip', into: '' })).toMatchObject(failed('files/unsafe-archive'));
  expect(await engine.importZip({ sessionId, path: 'text', into: '' })).toMatchObject(failed('files/bad-archive'));
  expect(await engine.importZip({ sessionId, path: 'gone', into: '' })).toMatchObject(failed('files/not-found'));
  expect(await engine.importZip({ sessionId, path: 'in.zip', into: '../x' })).toMatchObject({ ok: false });
  expect(await engine.exportZip({ sessionId, path: '../..' })).toMatchObject(failed('files/bad-path'));
  expect(await engine.readPiece({ sessionId, path: '../x', position: 0 })).toMatchObject(failed('files/bad-path'));

  const site = host.engineFromTab(1);
  const refused = failed('door/forbidden');
  expect(await site.exportZip({ sessionId, path: '' })).toMatchObject(refused);
  expect(await site.importZip({ sessionId, path: 'in.zip', into: '' })).toMatchObject(refused);
  expect(await site.readPiece({ sessionId, path: 'text', position: 0 })).toMatchObject(refused);
});
