import { type Calls, type CallsOptions, createCalls } from '../../src/ui/in-chat/calls.ts';
import { createSessionNames } from '../../src/ui/in-chat/session-names.ts';
import { createFakeSettings } from './fake-settings-door.ts';

/** Calls by the door of `changes`; where nothing else is said, all may start and nobody listens. */
export const createTestCalls = (changes: Partial<CallsOptions> & Pick<CallsOptions, 'runs'>): Calls =>
  createCalls({
    settings: createFakeSettings(),
    sessions: createSessionNames({ runs: changes.runs, conversationOnScreen: () => null }),
    mayStart: () => true,
    onEntry: () => undefined,
    onChange: () => undefined,
    onEnded: () => undefined,
    onRefused: () => undefined,
    onForget: () => undefined,
    signal: new AbortController().signal,
    ...changes,
  });
