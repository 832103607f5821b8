import { type AskedShare, askShare } from '../../../src/container/share/ask.ts';
import { GuestClient } from './guest-client.ts';

/** What this worker is told to do as a guest; it answers with texts or nothing. */
export interface GuestTask {
  readonly kind: 'small' | 'large' | 'put' | 'text' | 'names' | 'hold' | 'held';
  readonly path: string;
  readonly text?: string;
}

let guest: GuestClient | null = null;
let share: AskedShare | null = null;
let held = 0;

/** As a shell does it: looked for, made, looked at, written, closed. */
async function smallFiles(client: GuestClient, folder: string): Promise<void> {
  await client.mkdir(folder);
  for (let n = 0; n < 200; n += 1) {
    const path = `${folder}/f${n}`;
    await client.stat(path).catch(() => undefined);
    await client.put(path, `hello ${n}\n`);
    await client.stat(path);
  }
}

async function largeFile(client: GuestClient, path: string): Promise<void> {
  const piece = new Uint8Array(262_120).fill(7);
  const fid = await client.create(path);
  for (let n = 0; n < 40; n += 1) await client.write(fid, n * piece.length, piece);
  for (let n = 0; n < 40; n += 1) {
    const bytes = await client.read(fid, n * piece.length, piece.length);
    if (bytes.length !== piece.length || bytes[9] !== 7) throw new Error('not what was written');
  }
  await client.clunk(fid);
}

async function perform(client: GuestClient, { kind, path, text = '' }: GuestTask): Promise<unknown> {
  switch (kind) {
    case 'small':
      return smallFiles(client, path);
    case 'large':
      return largeFile(client, path);
    case 'put':
      return client.put(path, text);
    case 'text':
      return client.textOf(path);
    case 'names':
      return client.names(path);
    case 'hold':
      held = await client.open(path);
      return null;
    case 'held':
      return new TextDecoder().decode(await client.read(held, 0, 1_000));
  }
}

self.onmessage = async ({ data }: MessageEvent<MessagePort | GuestTask>) => {
  if (data instanceof MessagePort) {
    share = askShare(data);
    const { serve } = share;
    guest = new GuestClient({ handle: (message) => new Promise((settle) => serve(message, settle)) });
    await guest.mount();
    self.postMessage({ value: 'mounted' });
    return;
  }
  if (!guest) throw new Error('no port yet');
  try {
    const value = await perform(guest, data);
    await share?.settled();
    self.postMessage({ value });
  } catch (error) {
    self.postMessage({ error: String(error) });
  }
};
