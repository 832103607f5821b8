import { Dexie } from 'dexie';
import { expect, test } from 'vitest';
import { storageFailure } from './storage-failure.ts';

const FULL = new DOMException('full', 'QuotaExceededError');

test.each([
  ['the browser’s own', FULL],
  ['Dexie’s own', new Dexie.QuotaExceededError('full', FULL)],
  ['a transaction of Dexie that was broken off for it', new Dexie.AbortError('ended', FULL)],
])('a full disk is told from all else: %s', (_title, cause) => {
  expect(storageFailure(cause)).toEqual({ code: 'host/no-room', cause });
});

test.each([
  new DOMException('gone', 'InvalidStateError'),
  new Dexie.AbortError('ended'),
  new Error('odd'),
  'odd',
  null,
])('what is none is not said to be one: %s', (cause) => {
  expect(storageFailure(cause)).toMatchObject({ code: 'host/unavailable', detail: 'storage' });
});
