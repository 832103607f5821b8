import { browser } from 'wxt/browser';
import { onAbort } from '../base/index.ts';

const MARK = 'companion-hit-style';
const MOST_NAMES = 16;
const NAME = /^c-[\da-f-]{36}$/;

/** In force where an element has an attribute of one of the names: it and all in it take part in hit tests, and what stands before and after; not one where the attribute says `out`. */
const styleFor = (names: readonly string[]): string => {
  const at = `:is(${names.map((name) => `[${name}]`).join()})`;
  const parts = ['', '::before', '::after', '::backdrop'].flatMap((part) => [`${at}${part}`, `${at} *${part}`]);
  const out = names.map((name) => `[${name}=out]`).join();
  return `${parts.join()}{pointer-events:all!important}:is(${out}):not(#c){pointer-events:none!important}`;
};

/** Asks the background for a style of the user's kind in this tab, in force by attributes of these names; false where there is none. */
export async function raiseHitStyle(names: readonly string[]): Promise<boolean> {
  try {
    return (await browser.runtime.sendMessage({ [MARK]: names })) === true;
  } catch {
    // Nobody listens, or this script outlived its extension; what asked does without and asks again.
    return false;
  }
}

interface Sender {
  readonly id?: string;
  readonly frameId?: number;
  readonly tab?: { readonly id?: number | undefined };
}

/** The style that a message asks for and the tab that it is for; null where it is no such message of our script in a top frame. */
export function hitStyleFor(message: unknown, sender: Sender, ownId: string): { css: string; tabId: number } | null {
  const names = (message as Record<string, unknown> | null)?.[MARK];
  const tabId = sender.tab?.id;
  if (!Array.isArray(names) || sender.id !== ownId || sender.frameId !== 0 || tabId === undefined) return null;
  const isValid = names.length <= MOST_NAMES && names.every((name) => typeof name === 'string' && NAME.test(name));
  return isValid ? { css: styleFor(names as string[]), tabId } : null;
}

/** Answers `raiseHitStyle` of our content scripts (Firefox). Other messages are left to other listeners. */
export function serveHitStyle({ signal }: { readonly signal: AbortSignal }): void {
  const listener = (message: unknown, sender: Sender, reply: (isRaised: boolean) => void) => {
    const asked = hitStyleFor(message, sender, browser.runtime.id);
    if (asked === null) return undefined;
    const { css, tabId } = asked;
    browser.scripting.insertCSS({ target: { tabId, frameIds: [0] }, origin: 'USER', css }).then(
      () => reply(true),
      // The tab went away; its script asks again with the next press.
      () => reply(false),
    );
    return true;
  };
  browser.runtime.onMessage.addListener(listener);
  onAbort(signal, () => browser.runtime.onMessage.removeListener(listener));
}
