import { expect, test } from 'vitest';
import { GuestClient } from '../../../tests/support/share/guest-client.ts';
import { filesInMemory } from '../../../tests/support/workspace/memory-tree.ts';
import { askShare } from './ask.ts';
import { ServedTree, serveShare } from './index.ts';

function connected() {
  const { port1, port2 } = new MessageChannel();
  const share = new ServedTree({ files: filesInMemory() }).share();
  const broken = Promise.withResolvers<string>();
  const served = serveShare(port1, share, () => broken.resolve('broken'));
  const ask = askShare(port2);
  const handle = (message: Uint8Array) => new Promise<Uint8Array>((settle) => ask(message, settle));
  return { port: port2, guest: new GuestClient({ handle }), broken: broken.promise, served };
}

test('requests go over a port and come back in order', async () => {
  const { guest, served } = connected();
  await guest.mount();
  await guest.mkdir('d');
  await Promise.all(Array.from({ length: 20 }, (_, n) => guest.put(`d/${n}`, `text ${n}`)));
  expect(await guest.names('d')).toHaveLength(20);
  expect(await guest.textOf('d/7')).toBe('text 7');
  served.close();
});

test.each([
  ['no buffer', ['text']],
  ['a buffer that is too large', [new ArrayBuffer(262_145)]],
])('the port is closed on %s', async (_what, messages) => {
  const { port, broken } = connected();
  for (const message of messages) port.postMessage(message);
  expect(await broken).toBe('broken');
});

test('the port is closed on more requests than a machine ever has at a time', async () => {
  const { port1, port2 } = new MessageChannel();
  const broken = Promise.withResolvers<void>();
  const share = new ServedTree({ files: filesInMemory() }).share();
  serveShare(port1, { ...share, handle: () => new Promise(() => undefined) }, broken.resolve);
  for (let n = 0; n < 257; n += 1) port2.postMessage(new ArrayBuffer(7));
  await broken.promise;
});
