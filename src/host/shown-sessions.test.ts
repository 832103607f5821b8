import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { sessionIdOf } from '../contracts/ids.ts';
import { LIMITS } from '../contracts/limits.ts';
import { ShownSessions } from './shown-sessions.ts';

const A = sessionIdOf('a');
const B = sessionIdOf('b');
const AFTER_MS = LIMITS.unseenMs.standard;

let unseen: string[];
let shown: ShownSessions;
beforeEach(() => {
  vi.useFakeTimers();
  unseen = [];
  shown = new ShownSessions((sessionId) => unseen.push(sessionId));
});
afterEach(() => {
  vi.useRealTimers();
});

test('a conversation is unseen a while after the last tab that shows it was closed', () => {
  const [one, other] = [shown.connected('tab 1'), shown.connected('tab 2')];
  shown.named('tab 1', A);
  shown.named('tab 2', A);
  one.ended();
  vi.advanceTimersByTime(AFTER_MS);
  expect(unseen).toEqual([]);
  other.ended();
  other.ended();
  vi.advanceTimersByTime(AFTER_MS - 1);
  expect(unseen).toEqual([]);
  vi.advanceTimersByTime(1);
  expect(unseen).toEqual([A]);
});

test('a tab that went on to another conversation shows the first no more', () => {
  shown.connected('tab 1');
  shown.named('tab 1', A);
  shown.named('tab 1', B);
  vi.advanceTimersByTime(AFTER_MS);
  expect(unseen).toEqual([A]);
});

test('a tab that is reloaded or comes back shows what it showed', () => {
  const before = shown.connected('tab 1');
  shown.named('tab 1', A);
  before.ended();
  const after = shown.connected('tab 1');
  shown.named('tab 1', A);
  vi.advanceTimersByTime(AFTER_MS);
  const again = shown.connected('tab 1');
  after.ended();
  shown.named('tab 1', B);
  shown.named('tab 1', A);
  vi.advanceTimersByTime(AFTER_MS);
  expect(unseen).toEqual([B]);
  again.ended();
  vi.advanceTimersByTime(AFTER_MS);
  expect(unseen).toEqual([B, A]);
});

test('a conversation that was shown meanwhile is unseen only a while after that', () => {
  const first = shown.connected('tab 1');
  shown.named('tab 1', A);
  first.ended();
  vi.advanceTimersByTime(AFTER_MS - 10);
  const second = shown.connected('tab 2');
  shown.named('tab 2', A);
  second.ended();
  vi.advanceTimersByTime(AFTER_MS - 1);
  expect(unseen).toEqual([]);
  vi.advanceTimersByTime(1);
  expect(unseen).toEqual([A]);
});

test('who is not connected, as a page of the extension, shows nothing', () => {
  const tab = shown.connected('tab 1');
  shown.named('extension', A);
  tab.ended();
  vi.advanceTimersByTime(AFTER_MS);
  expect(unseen).toEqual([]);
});
