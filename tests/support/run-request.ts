import type { SessionId } from '../../src/contracts/ids.ts';
import type { RunRequest } from '../../src/contracts/run.ts';

/** The conversation of requests that name no other. */
export const CHAT = 'conversation-1' as SessionId;

/** A press on Run: Python, standard limits, input by the person. */
export const pressed = (changes: Partial<RunRequest> = {}): RunRequest => ({
  sessionId: CHAT,
  language: 'python',
  code: 'print(1)',
  callKey: null,
  trigger: 'press',
  limits: { timeMs: 30_000, memoryMB: 256 },
  stdin: null,
  ...changes,
});
