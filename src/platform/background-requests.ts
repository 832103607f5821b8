import { browser } from 'wxt/browser';
import { onAbort } from '../base/index.ts';
import { originOf } from './sender-origin.ts';

const REQUESTS = ['ensure-host', 'ensure-host-for-shell'] as const;

/** What any page of ours may ask of the background; answered with one word. What a host is started for, that it begins with. */
export type BackgroundRequest = (typeof REQUESTS)[number];

const MARK = 'companion-background';

/** Asks the background, waking it. Null when nobody answered (no background, or the extension was reloaded). */
export async function askBackground(request: BackgroundRequest): Promise<string | null> {
  try {
    const answer: unknown = await browser.runtime.sendMessage({ [MARK]: request });
    return typeof answer === 'string' ? answer : null;
  } catch {
    // Nobody listens, or this script outlived its extension; the caller tries again or says host/unavailable.
    return null;
  }
}

/** Answers `askBackground` of our own contexts. Other messages are left to other listeners. */
export function onBackgroundRequest(
  answer: (request: BackgroundRequest, senderOrigin: string | null) => Promise<string>,
  { signal }: { readonly signal: AbortSignal },
): void {
  const listener = (
    message: unknown,
    sender: { id?: string; origin?: string; url?: string },
    reply: (answer: string) => void,
  ) => {
    if (typeof message !== 'object' || message === null || sender.id !== browser.runtime.id) return undefined;
    const asked = (message as Record<string, unknown>)[MARK];
    const request = REQUESTS.find((known) => known === asked);
    if (request === undefined) return undefined;
    answer(request, originOf(sender)).then(reply, () => reply('failed'));
    return true;
  };
  browser.runtime.onMessage.addListener(listener);
  onAbort(signal, () => browser.runtime.onMessage.removeListener(listener));
}
