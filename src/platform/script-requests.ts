import { browser } from 'wxt/browser';
import { onAbort } from '../base/index.ts';

/** Whom the browser names as the sender of a message. */
export interface ScriptSender {
  readonly id?: string;
  readonly frameId?: number;
  readonly origin?: string;
  readonly url?: string;
  readonly tab?: {
    readonly id?: number | undefined;
    readonly windowId?: number | undefined;
    readonly index?: number | undefined;
  };
}

/** Asks the background to do something, named by a mark of its own; false where it did not. */
export async function askToDo(mark: string, value: unknown): Promise<boolean> {
  try {
    return (await browser.runtime.sendMessage({ [mark]: value })) === true;
  } catch {
    // Nobody listens, or this script outlived its extension.
    return false;
  }
}

/** What a script of ours in a top frame asks for under this mark; undefined for every other message and sender. */
export function askedUnder(mark: string, message: unknown, sender: ScriptSender, ownId: string): unknown {
  const isOurs = sender.id === ownId && sender.frameId === 0;
  return isOurs ? (message as Record<string, unknown> | null | undefined)?.[mark] : undefined;
}

/** Does what `askToDo` asks for. `read` gives null for what is no such message: it is left to other listeners. */
export function serveScripts<Asked>(
  read: (message: unknown, sender: ScriptSender, ownId: string) => Asked | null,
  act: (asked: Asked) => Promise<unknown>,
  signal: AbortSignal,
): void {
  const listener = (message: unknown, sender: ScriptSender, reply: (isDone: boolean) => void) => {
    const asked = read(message, sender, browser.runtime.id);
    if (asked === null) return undefined;
    act(asked).then(
      () => reply(true),
      // The tab or its window went away; who asked says so, or asks again.
      () => reply(false),
    );
    return true;
  };
  browser.runtime.onMessage.addListener(listener);
  onAbort(signal, () => browser.runtime.onMessage.removeListener(listener));
}
