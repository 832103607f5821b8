import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { MessageWriter } from '../../../tests/support/share/message-writer.ts';
import { LIMITS } from '../../contracts/limits.ts';
import { askShare, MOST_OWED } from './ask.ts';
import { together } from './foreseen.ts';

const [CLUNK, WALK, ATTRIBUTES, READ, WRITE] = [120, 110, 24, 116, 118];

const clunk = (fid: number, tag = 1) => new MessageWriter().u32(fid).message(CLUNK, tag);
const clone = (fid: number, to: number, tag = 1) => new MessageWriter().u32(fid).u32(to).u16(0).message(WALK, tag);
const walk = (fid: number, to: number, tag = 1) =>
  new MessageWriter().u32(fid).u32(to).u16(1).text('name').message(WALK, tag);
const attributes = (fid: number, tag = 1) => new MessageWriter().u32(fid).u64(0x3fff).message(ATTRIBUTES, tag);
const read = (fid: number, at: number, count: number, tag = 1) =>
  new MessageWriter().u32(fid).u64(at).u32(count).message(READ, tag);

const answer = (type: number, body = new MessageWriter()) => body.message(type + 1);
const walked = answer(WALK, new MessageWriter().u16(1).bytes(new Uint8Array(13)));
/** With a size; what else there is is zeros. */
const sized = (size: number) => new MessageWriter().bytes(new Uint8Array(49)).u64(size).bytes(new Uint8Array(96));
const theirs = (size: number) => answer(ATTRIBUTES, sized(size));
const bytesRead = (count: number) => answer(READ, new MessageWriter().u32(count).bytes(new Uint8Array(count)));

const ports: MessagePort[] = [];
let nowMs = 0;
beforeEach(() => {
  vi.spyOn(performance, 'now').mockImplementation(() => nowMs);
});
afterEach(() => {
  vi.restoreAllMocks();
  for (const port of ports.splice(0)) port.close();
});

/** A worker's end, and a host that hears what goes over the port and answers when it is told to. */
function asking() {
  const { port1: host, port2 } = new MessageChannel();
  ports.push(host);
  /** Types of the requests of each buffer. */
  const heard: number[][] = [];
  host.onmessage = ({ data }: MessageEvent<ArrayBuffer>) =>
    heard.push((together(new Uint8Array(data)) ?? []).map((request) => request[4] ?? 0));
  const ask = askShare(port2).serve;
  const answers: Uint8Array[] = [];
  let onAnswer: () => void = () => undefined;
  const say = async (...messages: Uint8Array[]) => {
    const answered = new Promise<void>((resolve) => (onAnswer = resolve));
    host.postMessage(Uint8Array.from(messages.flatMap((message) => [...message])).buffer);
    await answered;
  };
  const asked = (request: Uint8Array) =>
    ask(request, (bytes) => {
      answers.push(bytes.slice());
      onAnswer();
    });
  return { heard, answers, say, ask: asked };
}

test('that a fid is let go, or has another name, is answered at once and goes with the next question, in order', async () => {
  const { ask, answers, heard } = asking();
  ask(clone(1, 2, 7));
  ask(clunk(2, 8));
  expect(answers).toEqual([new MessageWriter().u16(0).message(WALK + 1, 7), new MessageWriter().message(CLUNK + 1, 8)]);
  ask(walk(1, 3));
  await expect.poll(() => heard).toEqual([[WALK, CLUNK, WALK]]);
  expect(answers).toHaveLength(2);
});

test('the host hears it soon where nothing else is asked', async () => {
  const { ask, heard } = asking();
  ask(clunk(2));
  ask(clunk(3));
  await expect.poll(() => heard).toEqual([[CLUNK, CLUNK]]);
});

test('it goes before a long question by itself', async () => {
  const { ask, heard } = asking();
  ask(clunk(2));
  const bytes = new Uint8Array(5_000);
  ask(new MessageWriter().u32(1).u64(0).u32(bytes.length).bytes(bytes).message(WRITE));
  await expect.poll(() => heard).toEqual([[CLUNK], [WRITE]]);
});

test('nothing goes with a question that does not say how long it is', async () => {
  const { ask, heard } = asking();
  ask(clunk(2));
  ask(Uint8Array.from([...walk(1, 2), 0]));
  await expect.poll(() => heard).toEqual([[CLUNK], []]);
});

test('a host that is behind is waited for, however slowly it is told', async () => {
  const { ask, answers, heard, say } = asking();
  for (let fid = 0; fid < MOST_OWED; fid += 1) {
    if (fid % 5 === 4) await pause(4);
    ask(clunk(fid));
  }
  expect(answers).toHaveLength(MOST_OWED);
  ask(clunk(99, 99));
  expect(answers).toHaveLength(MOST_OWED);
  await expect.poll(() => heard.flat()).toHaveLength(MOST_OWED + 1);
  for (let buffer = 1; buffer < heard.length; buffer += 1) ports[0]?.postMessage(answer(CLUNK).buffer);
  await say(new MessageWriter().message(CLUNK + 1, 99));
  expect(answers.at(-1)?.[5]).toBe(99);
  ask(clunk(100));
  expect(answers).toHaveLength(MOST_OWED + 2);
});

test('a new mount has no fids', () => {
  const { ask, answers } = asking();
  for (let fid = 1; fid <= LIMITS.shareFids.standard; fid += 1) ask(walk(0, fid));
  ask(new MessageWriter().u32(262_144).text('9P2000.L').message(100));
  ask(clone(1, 2));
  expect(answers).toHaveLength(1);
});

test('where there are so many fids that one could be refused, the host is asked', () => {
  const { ask, answers } = asking();
  const most = LIMITS.shareFids.standard / 2;
  for (let fid = 1; fid <= most; fid += 1) ask(walk(0, fid));
  ask(clone(1, most + 1));
  expect(answers).toHaveLength(0);
  ask(clunk(most));
  ask(clunk(most + 1));
  ask(clone(1, most));
  expect(answers).toHaveLength(3);
});

test('attributes that the host sent along are the answer to what is asked next', async () => {
  const { ask, answers, heard, say } = asking();
  ask(walk(1, 2));
  await say(walked, theirs(5));
  expect(answers).toEqual([walked]);
  ask(attributes(2, 9));
  expect(answers[1]).toEqual(sized(5).message(ATTRIBUTES + 1, 9));
  ask(attributes(2));
  await expect.poll(() => heard).toEqual([[WALK], [ATTRIBUTES]]);
});

test.each([
  ['of another fid', () => attributes(3)],
  ['after another question', () => read(2, 0, 10)],
])('and not %s', async (_what, other) => {
  const { ask, answers, heard, say } = asking();
  ask(walk(1, 2));
  await say(walked, theirs(5));
  ask(other());
  ask(attributes(2));
  await expect.poll(() => heard).toEqual([[WALK], [other()[4]], [ATTRIBUTES]]);
  expect(answers).toHaveLength(1);
});

test('nor where another program asks at the same time, or later', async () => {
  const { ask, answers, heard, say } = asking();
  ask(walk(1, 2));
  ask(read(9, 0, 10));
  await say(walked, theirs(5));
  ask(attributes(2));
  expect(answers).toHaveLength(1);
  await say(bytesRead(10));
  await say(theirs(6));
  ask(walk(1, 2));
  await say(walked, theirs(5));
  nowMs += 50;
  ask(attributes(2));
  await expect.poll(() => heard).toEqual([[WALK], [READ], [ATTRIBUTES], [WALK], [ATTRIBUTES]]);
});

test('after fewer bytes than were asked for, the end of the file is known, once', async () => {
  const { ask, answers, heard, say } = asking();
  ask(read(2, 100, 4_000));
  await say(bytesRead(50));
  ask(read(2, 150, 3_950, 9));
  expect(answers[1]).toEqual(new MessageWriter().u32(0).message(READ + 1, 9));
  ask(read(2, 150, 4_000));
  await say(bytesRead(0));
  await expect.poll(() => heard).toEqual([[READ], [READ]]);
});

test.each([
  ['all that was asked for', 50, 50, 50],
  ['none', 0, 50, 50],
  ['fewer, where as much is asked for again: that is another read', 20, 50, 50],
])('and not after %s', async (_what, given, wanted, next) => {
  const { ask, answers, say } = asking();
  ask(read(2, 0, wanted));
  await say(bytesRead(given));
  ask(read(2, given, next));
  expect(answers).toHaveLength(1);
});

test('what is not as Linux writes it is the host’s to judge', async () => {
  const { ask, answers, heard } = asking();
  ask(new MessageWriter().u32(1).u8(0).message(CLUNK));
  ask(new MessageWriter().u32(1).u32(2).message(WALK));
  ask(new MessageWriter().u8(0).message(CLUNK));
  ask(new MessageWriter().u32(1).message(READ));
  await expect.poll(() => heard.flat()).toEqual([CLUNK, WALK, CLUNK, READ]);
  expect(answers).toHaveLength(0);
});
