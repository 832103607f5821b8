import { browser } from 'wxt/browser';
import { onAbort } from '../base/index.ts';
import { ownOrigin } from './host-world.ts';
import { originOf } from './sender-origin.ts';

const MARK = 'companion-host-choices';

/** Tells a host that has no storage what the person chose. Nothing happens where there is none: its address will say it. */
export async function tellHost(choices: unknown): Promise<void> {
  try {
    await browser.runtime.sendMessage({ [MARK]: choices });
  } catch {
    // Nobody listens; see above.
  }
}

/** Calls `listener` with what the background tells; content scripts are not heard. */
export function onHostChoices(
  listener: (choices: unknown) => void,
  { signal }: { readonly signal: AbortSignal },
): void {
  const heard = (message: unknown, sender: { id?: string; origin?: string; url?: string }) => {
    if (typeof message !== 'object' || message === null || !Object.hasOwn(message, MARK)) return;
    if (sender.id !== browser.runtime.id || originOf(sender) !== ownOrigin()) return;
    listener((message as Record<string, unknown>)[MARK]);
  };
  browser.runtime.onMessage.addListener(heard);
  onAbort(signal, () => browser.runtime.onMessage.removeListener(heard));
}
