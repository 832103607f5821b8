import { afterEach, expect, test, vi } from 'vitest';
import { createSwitchboard } from '../../tests/support/port-switchboard.ts';
import { CHAT, pressed } from '../../tests/support/run-request.ts';
import type { HostDoorOptions } from './host-door.ts';

const asked: unknown[] = [];
// The browser's API is looked for when platform is loaded.
vi.stubGlobal('chrome', {
  runtime: {
    id: 'own',
    getURL: (path: string) => `chrome-extension://own${path}`,
    sendMessage: async (message: unknown) => void asked.push(message),
  },
});
const { connectRunsDoor, connectTerminalsDoor } = await import('./index.ts');

afterEach(() => void asked.splice(0));

const start = (language: 'python' | 'shell') => (options: HostDoorOptions) =>
  connectRunsDoor(options).start(pressed({ language }));
const warm = (language: 'python' | 'shell') => (options: HostDoorOptions) =>
  connectRunsDoor(options).warm({ language });

test.each([
  ['a program of the shell', start('shell'), 'ensure-host-for-shell'],
  ['a shell that somebody is about to want', warm('shell'), 'ensure-host-for-shell'],
  [
    'terminals',
    (options: HostDoorOptions) => connectTerminalsDoor(options).list({ sessionId: CHAT }),
    'ensure-host-for-shell',
  ],
  ['a program of another language', start('python'), 'ensure-host'],
  ['another engine that somebody is about to want', warm('python'), 'ensure-host'],
  ['what names no language', (options: HostDoorOptions) => connectRunsDoor(options).status({}), 'ensure-host'],
])('for %s the background is asked for the host that begins with it', async (_what, call, request) => {
  const life = new AbortController();
  void call({ signal: life.signal, connect: () => createSwitchboard().connect('nobody') });
  await vi.waitFor(() => expect(asked).not.toEqual([]));
  life.abort();
  expect(asked[0]).toEqual({ 'companion-background': request });
});
