import { setTimeout as pause } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import { GuestClient } from '../../../tests/support/share/guest-client.ts';
import { hostileRequests } from '../../../tests/support/share/hostile-requests.ts';
import { MessageWriter } from '../../../tests/support/share/message-writer.ts';
import { overPort } from '../../../tests/support/share/over-port.ts';
import { filesInMemory } from '../../../tests/support/workspace/memory-tree.ts';
import type { SessionFiles } from '../../contracts/files.ts';
import { askShare } from './ask.ts';
import { MOST_BEFORE } from './foreseen.ts';
import { ServedTree, serveShare } from './index.ts';

function connected() {
  const { port1, port2 } = new MessageChannel();
  const share = new ServedTree({ files: filesInMemory() }).share();
  const broken = Promise.withResolvers<string>();
  const served = serveShare(port1, share, () => broken.resolve('broken'));
  const ask = askShare(port2).serve;
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

test('a disk that is nearly full refuses at once what it has no room for', async () => {
  const share = new ServedTree({ files: filesInMemory(), mostBytes: 1_000 }).share();
  const guest = new GuestClient(overPort(share));
  await guest.mount();
  const fid = await guest.create('f');
  expect(await guest.write(fid, 0, 'x'.repeat(900))).toBe(900);
  await expect(guest.write(fid, 900, 'x'.repeat(200))).rejects.toThrow('ENOSPC');
});

test.each([
  ['no buffer', ['text']],
  ['a buffer that is too large', [new ArrayBuffer(262_145)]],
])('the port is closed on %s', async (_what, messages) => {
  const { port, broken } = connected();
  for (const message of messages) port.postMessage(message);
  expect(await broken).toBe('broken');
});

test('the port is closed where a request is not answered: nobody waits for good', async () => {
  const { port1, port2 } = new MessageChannel();
  const told = vi.spyOn(console, 'error').mockImplementation(() => undefined);
  const share = new ServedTree({ files: filesInMemory() }).share();
  const broken = vi.fn();
  serveShare(port1, { ...share, handle: () => Promise.reject(new Error('a bug')) }, broken);
  for (let n = 0; n < 3; n += 1) port2.postMessage(new ArrayBuffer(7));
  await new Promise((resolve) => port2.addEventListener('close', resolve));
  expect(broken).toHaveBeenCalledOnce();
  expect(told).toHaveBeenCalledOnce();
  told.mockRestore();
});

test('the port is closed on more requests than a machine ever has at a time', async () => {
  const { port1, port2 } = new MessageChannel();
  const broken = Promise.withResolvers<void>();
  const share = new ServedTree({ files: filesInMemory() }).share();
  serveShare(port1, { ...share, handle: () => new Promise(() => undefined) }, broken.resolve);
  for (let n = 0; n < 257; n += 1) port2.postMessage(new ArrayBuffer(7));
  await broken.promise;
});

const [ATTACH, WALK, MAKE_FOLDER, CLUNK] = [104, 110, 72, 120];
const [ERROR, WALKED, ATTRIBUTES] = [7, 111, 25];

const attach = () => new MessageWriter().u32(1).u32(0xffff_ffff).text('').text('').u32(0).message(ATTACH);
const makeFolder = (name: string) => new MessageWriter().u32(1).text(name).u32(0o755).u32(0).message(MAKE_FOLDER);
const walk = (to: number, ...names: string[]) => {
  const body = new MessageWriter().u32(1).u32(to).u16(names.length);
  for (const name of names) body.text(name);
  return body.message(WALK);
};
const clunk = (fid: number) => new MessageWriter().u32(fid).message(CLUNK);

const joined = (messages: readonly Uint8Array[]): ArrayBuffer =>
  Uint8Array.from(messages.flatMap((message) => [...message])).buffer;

/** Gives the types of the messages that a buffer is answered with. */
function raw() {
  const { port } = connected();
  const say = (...messages: Uint8Array[]) =>
    new Promise<number[]>((resolve) => {
      port.onmessage = ({ data }: MessageEvent<ArrayBuffer>) => {
        const types: number[] = [];
        for (let at = 0; at < data.byteLength; at += new DataView(data).getUint32(at, true)) {
          types.push(new DataView(data).getUint8(at + 4));
        }
        resolve(types);
      };
      const buffer = joined(messages);
      port.postMessage(buffer, [buffer]);
    });
  return { say };
}

test('requests that come together are done in order, and the last one is answered', async () => {
  const { say } = raw();
  expect(await say(attach(), makeFolder('d'), walk(2, 'd'), clunk(2), walk(3, 'd'))).toEqual([WALKED, ATTRIBUTES]);
});

test('answers come in the order of their requests, also where one is waited for', async () => {
  const files = filesInMemory();
  const slow: SessionFiles = {
    ...files,
    perform: async (operation, options) => {
      if (operation.op === 'stat' || operation.op === 'list') await pause(20);
      return files.perform(operation, options);
    },
  };
  const { port1, port2 } = new MessageChannel();
  const served = serveShare(port1, new ServedTree({ files: slow }).share());
  const heard: number[] = [];
  port2.onmessage = ({ data }: MessageEvent<ArrayBuffer>) => heard.push(new DataView(data).getUint8(4));
  const say = (...messages: Uint8Array[]) => port2.postMessage(joined(messages));
  say(attach(), makeFolder('d'), walk(2, 'd'));
  await expect.poll(() => heard).toEqual([WALKED]);
  // Whoever walks there now has to look first.
  await files.perform({ op: 'mkdir', path: 'd/e' });
  say(walk(3, 'd', 'e'));
  say(clunk(2));
  say(walk(4, 'd'));
  await expect.poll(() => heard).toHaveLength(4);
  expect(heard.slice(1)).toEqual([WALKED, CLUNK + 1, WALKED]);
  served.close();
});

test('a walk that went all the way is followed by the attributes of where it led, and no other', async () => {
  const { say } = raw();
  await say(attach(), makeFolder('d'));
  expect(await say(walk(2, 'd'))).toEqual([WALKED, ATTRIBUTES]);
  expect(await say(walk(2, 'd', 'none'))).toEqual([WALKED]);
  expect(await say(walk(2, 'none'))).toEqual([ERROR]);
  expect(await say(walk(2))).toEqual([WALKED]);
});

test('more than ever go together, or what does not fill its buffer, is one request and refused', async () => {
  const { say } = raw();
  await say(attach());
  expect(await say(...Array.from({ length: MOST_BEFORE + 2 }, () => clunk(2)))).toEqual([ERROR]);
  expect(await say(clunk(2), new Uint8Array(3))).toEqual([ERROR]);
});

test.each([1, 2, 3])(
  'a guest that means harm is answered, however its requests come together (%s)',
  async (seed) => {
    const { say } = raw();
    const told = vi.spyOn(console, 'error');
    let together: Uint8Array[] = [];
    let wanted = 1;
    for (const request of hostileRequests(seed, 4_000)) {
      together.push(request);
      if (together.length < wanted) continue;
      expect(await say(...together)).not.toHaveLength(0);
      together = [];
      wanted = (wanted * 7 + seed) % (MOST_BEFORE + 3) || 1;
    }
    expect(told).not.toHaveBeenCalled();
    told.mockRestore();
  },
  60_000,
);
