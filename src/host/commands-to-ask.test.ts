import { afterEach, beforeEach, expect, test } from 'vitest';
import { hostInMemory } from '../../tests/support/host-in-memory.ts';
import { CHAT, pressed } from '../../tests/support/run-request.ts';
import type { SessionId } from '../contracts/ids.ts';
import type { RunRequest } from '../contracts/run.ts';
import { ReaderFailed } from './reading/index.ts';

let ending: AbortController;
beforeEach(() => {
  ending = new AbortController();
});
afterEach(() => ending.abort());

const shell = (code: string, patch: Partial<RunRequest> = {}) => pressed({ language: 'shell', code, ...patch });
const refused = { ok: false, error: { code: 'run/commands-asked', detail: 'make all' } };

test('code of a page starts where all of its commands are on the list', async () => {
  const host = hostInMemory(ending.signal);
  const door = host.fromTab(1);
  expect(await door.start(shell('ls | sort; make all', { trigger: 'auto' }))).toMatchObject(refused);
  expect(await door.start(shell('ls | sort; make all'))).toMatchObject(refused);
  expect(host.runner.executions).toHaveLength(0);
  expect(await door.start(shell('ls | sort', { trigger: 'auto' }))).toMatchObject({ ok: true });
  (await host.runner.begun(1)).finish();
  // The same words are no command in Python.
  expect(await door.start(pressed({ code: 'make all' }))).toMatchObject({ ok: true });
  (await host.runner.begun(2)).finish();
});

test('a refused start claims nothing: what the person agrees to starts, and what our own pages ask for', async () => {
  const host = hostInMemory(ending.signal);
  const callKey = 'chatgpt|c|m' as RunRequest['callKey'];
  const door = host.fromTab(1);
  expect(await door.start(shell('make all', { callKey, trigger: 'auto' }))).toMatchObject(refused);
  expect(host.claims.size).toBe(0);
  expect(await door.start(shell('make all', { callKey, isAgreed: true }))).toMatchObject({ ok: true });
  (await host.runner.begun(1)).finish();
  expect(await host.fromOwnPage().start(shell('make all'))).toMatchObject({ ok: true });
  (await host.runner.begun(2)).finish();
});

test('what is asked is told with where it should run, and what was allowed is not, in that conversation only', async () => {
  const host = hostInMemory(ending.signal);
  const door = host.fromTab(1);
  const asked = async (code: string, sessionId = CHAT) => {
    const answer = await door.select({ sessionId, language: null, label: 'bash', code });
    return answer.ok ? answer.value.asked.map(({ name }) => name) : null;
  };
  expect(await asked('make all; apt update; $X')).toEqual(['make', 'apt', null]);
  expect(await door.choose({ sessionId: CHAT, commands: ['make'] })).toMatchObject({ ok: true });
  expect(await asked('make all; apt update; $X')).toEqual(['apt', null]);
  expect(await asked('make all', 'other' as SessionId)).toEqual(['make']);
  expect(await door.start(shell('make all', { trigger: 'auto' }))).toMatchObject({ ok: true });
  await door.choose({ sessionId: CHAT, commands: null });
  expect(await asked('make all')).toEqual(['make']);
  expect(await door.choose({ sessionId: CHAT, commands: [''] })).toMatchObject({ ok: false });
});

test('a conversation in which a command is allowed keeps its name', async () => {
  const host = hostInMemory(ending.signal);
  const door = host.fromTab(1);
  const to = 'conversation-2' as SessionId;
  await door.choose({ sessionId: to, commands: ['make'] });
  expect(await door.adoptSession({ from: 'chat:1' as SessionId, to })).toMatchObject({ value: { adopted: false } });
});

test('unread code starts by a press only, and that it is unread is told', async () => {
  const host = hostInMemory(ending.signal);
  host.reading.asked = () => Promise.reject(new ReaderFailed('gone'));
  const callKey = 'chatgpt|c|m' as RunRequest['callKey'];
  const door = host.fromTab(1);
  const unread = { ok: false, error: { code: 'reader/failed' } };
  expect(await door.start(shell('ls', { callKey, trigger: 'auto' }))).toMatchObject(unread);
  expect([host.claims.size, host.runner.executions.length]).toEqual([0, 0]);
  // Its risks were read, its commands were not.
  expect(await door.select({ sessionId: CHAT, language: 'shell', label: null, code: 'ls' })).toMatchObject(unread);
  expect(host.analysed).toHaveLength(1);
  expect(await door.start(shell('ls', { callKey }))).toMatchObject({ ok: true });
  (await host.runner.begun(1)).finish();
  expect(await door.start(pressed({ trigger: 'auto' }))).toMatchObject({ ok: true });
  (await host.runner.begun(2)).finish();
});
