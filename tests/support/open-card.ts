import { afterEach, expect } from 'vitest';
import { mountCard } from '../../src/ui/in-chat/card/mount-card.tsx';
import type { CallLanguage } from '../../src/contracts/capture.ts';
import type { CardServices } from '../../src/ui/in-chat/card/services.ts';
import { vouchFor } from '../../src/ui/kit/trusted-press.ts';
import { capturedCall } from './captured-call.ts';
import { rootOf } from './closed-roots.ts';
import { createFakeCardServices } from './fake-card-services.ts';
import { createFakeRunsDoor, type FakeRun } from './fake-runs-door.ts';
import { createFakeSettings } from './fake-settings-door.ts';
import { createTestCalls } from './test-calls.ts';
import { until } from './until.ts';

let ended = new AbortController();
afterEach(() => {
  ended.abort();
  ended = new AbortController();
});

/** One call, in a card that a person sees; ended with its test. */
export async function open(
  startCalls: 'auto' | 'ask' = 'auto',
  changes: Partial<CardServices> = {},
  runs = createFakeRunsDoor(),
  code = 'print(1)',
  language: CallLanguage = 'python',
) {
  const hosts: HTMLElement[] = [];
  const calls = createTestCalls({
    runs,
    settings: createFakeSettings({ startCalls }),
    onEntry: (entry) => {
      const host = mountCard(entry, { ...createFakeCardServices(runs), ...changes }, { signal: ended.signal });
      document.body.append(host);
      hosts.push(host);
    },
    signal: ended.signal,
  });
  calls.take(capturedCall({ key: 'c|m', conversationId: 'c', messageId: 'm', code, language }));
  const part = (name: string) => rootOf(hosts[0])?.querySelector(`[data-part="${name}"]`) ?? null;
  const button = (name: string) => rootOf(hosts[0])?.querySelector<HTMLElement>(`[data-action="${name}"]`) ?? null;
  if (startCalls === 'auto' && runs.asking.length === 0) await until(() => expect(runs.started).toHaveLength(1));
  const end = () => ended.abort();
  return { end, runs, host: hosts[0], part, button, run: runs.started[0] as FakeRun, entry: calls.all[0] };
}

/** As a person presses. */
export function press(element: HTMLElement | null): void {
  const event = new MouseEvent('click', { bubbles: true });
  vouchFor(event);
  element?.dispatchEvent(event);
}
