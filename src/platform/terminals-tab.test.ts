import { expect, it } from 'vitest';
import { terminalsAsked } from './terminals-tab.ts';

const OWN = 'companion@example';
const TAB = { id: OWN, frameId: 0, tab: { windowId: 3, index: 4 } };
const FROM = { ...TAB, origin: 'https://chatgpt.com' };
const asking = (session: unknown) => ({ 'companion-terminals': session });

it('is a session of the site and the place beside the tab that asks', () => {
  expect(terminalsAsked(asking('c-1'), FROM, OWN)).toEqual({ session: 'c-1', place: { windowId: 3, index: 5 } });
  const firefox = { ...TAB, url: 'https://chatgpt.com/c/1' };
  expect(terminalsAsked(asking('c-1'), firefox, OWN)?.session).toBe('c-1');
});

it('is no session of our own pages, and nothing that is no name', () => {
  for (const session of ['page:workbench', '', 'x'.repeat(257), 7, null, ['c-1']])
    expect(terminalsAsked(asking(session), FROM, OWN)).toBeNull();
  for (const message of [null, undefined, 'companion-terminals', {}])
    expect(terminalsAsked(message, FROM, OWN)).toBeNull();
});

it('is asked by nobody but our script in a top frame of the site', () => {
  for (const sender of [
    { ...FROM, id: 'other' },
    { ...FROM, frameId: 2 },
    { ...FROM, origin: 'https://example.org' },
    TAB,
    { ...FROM, tab: {} },
    { id: OWN, frameId: 0, origin: 'https://chatgpt.com' },
  ])
    expect(terminalsAsked(asking('c-1'), sender, OWN)).toBeNull();
});
