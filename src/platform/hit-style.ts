import { browser } from 'wxt/browser';
import { askedUnder, askToDo, type ScriptSender, serveScripts } from './script-requests.ts';

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
export const raiseHitStyle = (names: readonly string[]): Promise<boolean> => askToDo(MARK, names);

/** The style that a message asks for and the tab that it is for; null where it is no such message of our script in a top frame. */
export function hitStyleFor(
  message: unknown,
  sender: ScriptSender,
  ownId: string,
): { readonly css: string; readonly tabId: number } | null {
  const names = askedUnder(MARK, message, sender, ownId);
  const tabId = sender.tab?.id;
  if (!Array.isArray(names) || tabId === undefined) return null;
  const isValid = names.length <= MOST_NAMES && names.every((name) => typeof name === 'string' && NAME.test(name));
  return isValid ? { css: styleFor(names as string[]), tabId } : null;
}

/** Answers `raiseHitStyle` of our content scripts (Firefox). */
export function serveHitStyle({ signal }: { readonly signal: AbortSignal }): void {
  const insert = ({ css, tabId }: { readonly css: string; readonly tabId: number }) =>
    browser.scripting.insertCSS({ target: { tabId, frameIds: [0] }, origin: 'USER', css });
  serveScripts(hitStyleFor, insert, signal);
}
