import type { CapturedCall } from '../../src/contracts/capture.ts';

/** A call of Python as the capture tells it, the first of conversation c1, changed by `patch`. */
export const capturedCall = (patch: Partial<CapturedCall> = {}): { kind: 'call' } & CapturedCall => ({
  kind: 'call',
  key: 'c1|m1',
  adapter: 'chatgpt',
  conversationId: 'c1',
  messageId: 'm1',
  tool: 'python',
  language: 'python',
  code: 'print(1)',
  auto: true,
  thinking: false,
  ...patch,
});
