import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { MessageWriter } from '../../../tests/support/share/message-writer.ts';
import { LIMITS } from '../../contracts/limits.ts';
import { askShare } from './ask.ts';
import { messagesOf } from './asked.ts';
import { MOST_BEHIND_BYTES } from './write-behind.ts';

const [USAGE, OPEN, CREATE, ATTRIBUTES, SYNC, WALK, WRITE, CLUNK] = [8, 12, 14, 24, 50, 110, 118, 120];
const [WRITE_ONLY, APPEND, DSYNC, TRUNCATE] = [1, 0o2000, 0o10000, 0o1000];
const MB = 2 ** 20;
const ENOSPC = 28;

const clone = (fid: number, to: number, tag = 1) => new MessageWriter().u32(fid).u32(to).u16(0).message(WALK, tag);
const walk = (fid: number, to: number, name: string, tag = 1) =>
  new MessageWriter().u32(fid).u32(to).u16(1).text(name).message(WALK, tag);
const attributes = (fid: number, tag = 1) => new MessageWriter().u32(fid).u64(0x3fff).message(ATTRIBUTES, tag);
const clunk = (fid: number) => new MessageWriter().u32(fid).message(CLUNK);
const sync = (fid: number, tag = 1) => new MessageWriter().u32(fid).u32(0).message(SYNC, tag);
const create = (fid: number, name: string, flags = WRITE_ONLY) =>
  new MessageWriter().u32(fid).text(name).u32(flags).u32(0o644).u32(0).message(CREATE);
const open = (fid: number, flags = WRITE_ONLY) => new MessageWriter().u32(fid).u32(flags).message(OPEN);
const write = (fid: number, at: number, count = 5, tag = 1) =>
  new MessageWriter().u32(fid).u64(at).u32(count).bytes(new Uint8Array(count)).message(WRITE, tag);

const QID = Uint8Array.from({ length: 13 }, (_, at) => at);
const answer = (type: number, body = new MessageWriter()) => body.message(type + 1);
const opened = answer(OPEN, new MessageWriter().bytes(QID).u32(0));
const created = answer(CREATE, new MessageWriter().bytes(QID).u32(0));
/** With a size; what else there is is zeros. */
const sized = (size: number) => new MessageWriter().bytes(new Uint8Array(49)).u64(size).bytes(new Uint8Array(96));
const theirs = (size = 5) => answer(ATTRIBUTES, sized(size));
const setSize = (fid: number, size: number) =>
  new MessageWriter().u32(fid).u32(8).u32(0).u32(0).u32(0).u64(size).bytes(new Uint8Array(32)).message(26);
const unlink = (fid: number, name: string) => new MessageWriter().u32(fid).text(name).u32(0).message(76);
const room = (bytes = 1024 * MB) =>
  answer(
    USAGE,
    new MessageWriter()
      .u32(0)
      .u32(4096)
      .u64(0)
      .u64(bytes / 4096),
  );
const taken = (count = 5, tag = 1) => new MessageWriter().u32(count).message(WRITE + 1, tag);
const refused = (tag = 1) => new MessageWriter().u32(ENOSPC).message(7, tag);

let nowMs = 0;
let host: MessagePort;
let share: ReturnType<typeof askShare>;
/** Requests as the host hears them. */
let heard: Uint8Array[];
let answers: Uint8Array[];
let onAnswer: () => void;

beforeEach(() => {
  nowMs = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => nowMs);
  const { port1, port2 } = new MessageChannel();
  [host, share, heard, answers, onAnswer] = [port1, askShare(port2), [], [], () => undefined];
  host.onmessage = ({ data }: MessageEvent<ArrayBuffer>) => heard.push(...(messagesOf(new Uint8Array(data), 16) ?? []));
});
afterEach(() => {
  vi.restoreAllMocks();
  host.close();
});

const ask = (request: Uint8Array) =>
  share.serve(request, (bytes) => {
    answers.push(bytes.slice());
    onAnswer();
  });
/** The host's answer to the next of the buffers that it got. */
const say = (...messages: Uint8Array[]) =>
  host.postMessage(Uint8Array.from(messages.flatMap((message) => [...message])).buffer);
/** The same to one that the guest waits for. */
async function tell(...messages: Uint8Array[]): Promise<void> {
  const isTold = new Promise<void>((resolve) => (onAnswer = resolve));
  say(...messages);
  await isTold;
}
const types = () => heard.map((request) => request[4]);

async function openToWrite(...along: Uint8Array[]): Promise<void> {
  ask(open(2));
  await tell(opened, ...along);
  answers = [];
}

async function openedWith(flags: number): Promise<Uint8Array> {
  ask(open(2, WRITE_ONLY + flags));
  await tell(opened, theirs(0), room());
  answers = [];
  return write(2, 0);
}

async function cutAfter(request: () => Uint8Array): Promise<void> {
  await openToWrite(theirs(5), room());
  ask(request());
}

test('Linux walks to what it made and asks for its attributes: both are known, and the host hears another name of the same file', async () => {
  ask(clone(1, 2));
  ask(create(2, 'é'));
  await tell(created, theirs(), room());
  answers = [];
  ask(walk(1, 3, 'é', 7));
  ask(attributes(3, 8));
  expect(answers).toEqual([
    new MessageWriter()
      .u16(1)
      .bytes(QID)
      .message(WALK + 1, 7),
    sized(5).message(ATTRIBUTES + 1, 8),
  ]);
  await expect.poll(types).toEqual([WALK, CREATE, WALK]);
  expect(heard[2]).toEqual(clone(2, 3, 7));
});

test.each([
  ['another name', () => walk(1, 3, 'g')],
  ['from another folder', () => walk(4, 3, 'f')],
])('a walk of Linux to %s is the host’s', async (_what, other) => {
  ask(clone(1, 2));
  ask(create(2, 'f'));
  await tell(created, theirs(), room());
  answers = [];
  ask(other());
  await expect.poll(types).toEqual([WALK, CREATE, WALK]);
  expect(answers).toEqual([]);
});

test('a write is answered while the host hears of it, and is settled once the host has it', async () => {
  await openToWrite(room());
  expect(share.settled()).toBeNull();
  ask(write(2, 0, 5, 9));
  expect(answers).toEqual([taken(5, 9)]);
  const settled = share.settled();
  await expect.poll(types).toEqual([OPEN, WRITE]);
  say(taken(), room());
  await settled;
  expect(share.settled()).toBeNull();
});

test('who waits for one write does not wait for later ones', async () => {
  await openToWrite(room());
  ask(write(2, 0));
  const first = share.settled();
  ask(write(2, 5));
  say(taken(), room());
  await first;
  expect(share.settled()).not.toBeNull();
});

test.each<[string, () => Promise<Uint8Array>]>([
  ['nothing is said of room', async () => (await openToWrite(), write(2, 0))],
  ['there is little', async () => (await openToWrite(room(63 * MB)), write(2, 0))],
  ['that was said a while ago', async () => (await openToWrite(room()), (nowMs += 50), write(2, 0))],
  [
    'the file would be too large',
    async () => (await openToWrite(theirs(LIMITS.fileBytes.standard), room()), write(2, LIMITS.fileBytes.standard - 4)),
  ],
  ['it was never opened', async () => (await openToWrite(room()), write(3, 0))],
  ['it is closed', async () => (await openToWrite(room()), ask(clunk(2)), (answers = []), write(2, 0))],
  ['it is added to', () => openedWith(APPEND)],
  ['each write waits for the disk', () => openedWith(DSYNC)],
  ['a hole would lie before it', async () => (await openToWrite(theirs(5), room()), write(2, 6))],
  ['the file may be shorter by now', async () => (await cutAfter(() => setSize(3, 0)), write(2, 5))],
  ['it may be, by another open', async () => (await cutAfter(() => open(3, WRITE_ONLY + TRUNCATE)), write(2, 5))],
  ['the file may have no name any more', async () => (await openToWrite(room()), ask(unlink(1, 'f')), write(2, 0))],
])('the host is asked where %s', async (_what, request) => {
  ask(await request());
  expect(answers).toEqual([]);
  await expect.poll(() => types().at(-1)).toBe(WRITE);
});

test('the guest is so many bytes ahead at most', async () => {
  await openToWrite(room());
  const count = MOST_BEHIND_BYTES / 8;
  for (let at = 0; at < MOST_BEHIND_BYTES; at += count) ask(write(2, at, count));
  expect(answers).toHaveLength(8);
  ask(write(2, MOST_BEHIND_BYTES));
  expect(answers).toHaveLength(8);
  for (let n = 0; n < 8; n += 1) say(taken(count), room());
  await tell(taken(), room());
  ask(write(2, MOST_BEHIND_BYTES + 5));
  expect(answers).toHaveLength(10);
});

const refuses = async () => {
  const told = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
  await openToWrite(room());
  ask(write(2, 0));
  say(refused());
  await share.settled();
  expect(told).toHaveBeenCalledOnce();
  answers = [];
};

test('what the host refused after all is told at the next two writes, for Linux may say of one only that it was short', async () => {
  await refuses();
  ask(write(2, 5, 5, 9));
  ask(write(2, 5, 5, 10));
  expect(answers).toEqual([refused(9), refused(10)]);
  ask(write(2, 5));
  expect(answers).toHaveLength(2);
});

test('and to nobody else once its writer knows', async () => {
  await refuses();
  ask(write(2, 5, 5, 9));
  ask(clunk(2));
  answers = [];
  ask(sync(7));
  expect(answers).toEqual([]);
});

test('and at an fsync, once; then the host is asked', async () => {
  await refuses();
  ask(sync(2, 9));
  expect(answers).toEqual([refused(9)]);
  ask(sync(2));
  ask(write(2, 5));
  expect(answers).toHaveLength(1);
});

test('also where the fsync was asked before the host had refused', async () => {
  vi.spyOn(console, 'warn').mockImplementation(() => undefined);
  await openToWrite(room());
  ask(write(2, 0));
  ask(sync(2, 9));
  say(refused());
  answers = [];
  await tell(answer(SYNC));
  expect(answers).toEqual([refused(9)]);
});

test.each([
  ['before', () => [clunk(2)], () => []],
  ['after', () => [], () => [clunk(2)]],
])('of a file that was closed %s that it is told at the next fsync, once', async (_when, early, late) => {
  vi.spyOn(console, 'warn').mockImplementation(() => undefined);
  await openToWrite(room());
  ask(write(2, 0));
  for (const request of early()) ask(request);
  say(refused());
  await share.settled();
  for (const request of late()) ask(request);
  answers = [];
  ask(sync(7, 9));
  ask(sync(7));
  expect(answers).toEqual([refused(9)]);
});

test('a new mount has nothing to hear of what an old one wrote', async () => {
  vi.spyOn(console, 'warn').mockImplementation(() => undefined);
  await openToWrite(room());
  ask(write(2, 0));
  ask(new MessageWriter().u32(262_144).text('9P2000.L').message(100));
  say(refused());
  await tell(answer(100));
  answers = [];
  ask(sync(7));
  expect(answers).toEqual([]);
});

test.each([
  ['made longer, and room is told by an earlier answer', () => setSize(3, 2 ** 27), () => [taken(), room()]],
  ['made shorter, and an earlier answer says how long one was', () => setSize(2, 0), () => [taken(), room()]],
])('the host is asked where a file is just being %s', async (_what, request, earlier) => {
  await openToWrite(theirs(5), room());
  ask(write(2, 0));
  ask(request());
  say(...earlier());
  await share.settled();
  answers = [];
  ask(write(2, 0));
  expect(answers).toEqual([]);
});

test('a file that was opened while another lost its name may be that one', async () => {
  ask(open(2));
  ask(unlink(1, 'f'));
  await tell(opened, theirs(0), room());
  answers = [];
  ask(write(2, 0));
  expect(answers).toEqual([]);
});

test('and never to who opens another file by that number', async () => {
  vi.spyOn(console, 'warn').mockImplementation(() => undefined);
  await openToWrite(room());
  ask(write(2, 0));
  ask(clunk(2));
  say(refused());
  await share.settled();
  await expect.poll(types).toEqual([OPEN, WRITE, CLUNK]);
  say(answer(CLUNK));
  await openToWrite(room());
  ask(write(2, 0));
  expect(answers).toEqual([taken()]);
});

test('attributes that came with an answer are not those after a write that went meanwhile', async () => {
  await openToWrite(room());
  ask(walk(1, 3, 'f'));
  ask(write(2, 0));
  await tell(answer(WALK, new MessageWriter().u16(1).bytes(QID)), theirs());
  answers = [];
  ask(attributes(3));
  expect(answers).toEqual([]);
});
