import { expect, test } from 'vitest';
import { FilesAhead } from './files-ahead.ts';

const MB = 1024 * 1024;

function ahead(mostMB: number) {
  const asked: number[] = [];
  return { asked, files: new FilesAhead({ ask: (id) => asked.push(id), mostBytes: mostMB * MB }) };
}

test('there is room until so much was sent as may be', () => {
  const { files } = ahead(64);
  expect(files.hasRoom(64 * MB)).toBe(true);
  files.sent(40 * MB);
  expect([24 * MB, 24 * MB + 1].map((bytes) => files.hasRoom(bytes))).toEqual([true, false]);
});

test('the host is asked now and then, and its answer is for all that was sent before the question', () => {
  const { files, asked } = ahead(64);
  files.sent(10 * MB);
  files.sent(10 * MB);
  files.sent(30 * MB);
  files.sent(1);
  expect(asked).toEqual([1, 2]);
  files.taken(1);
  expect([34 * MB - 1, 34 * MB].map((bytes) => files.hasRoom(bytes))).toEqual([true, false]);
  files.taken(2);
  expect([64 * MB - 1, 64 * MB].map((bytes) => files.hasRoom(bytes))).toEqual([true, false]);
  files.taken(7);
  expect(files.hasRoom(64 * MB)).toBe(false);
});

test('who waits for room asks where nobody did yet, and goes on when there is enough', async () => {
  const { files, asked } = ahead(20);
  files.sent(16 * MB);
  files.sent(4 * MB);
  const seen: string[] = [];
  const room = files.room(8 * MB).then(() => seen.push('room'));
  expect(asked).toEqual([1, 2]);
  files.taken(1);
  await room;
  expect(seen).toEqual(['room']);
  let isThere = false;
  const all = files.room(20 * MB).then(() => (isThere = true));
  await Promise.resolve();
  expect(isThere).toBe(false);
  files.taken(2);
  await all;
});
