import { type Browser, browser } from 'wxt/browser';
import { onAbort } from '../base/index.ts';
import { originOf } from './sender-origin.ts';

/** What the browser itself stamped on the other end of a port; never what that end says of itself. */
export interface PortSender {
  /** True when the other end belongs to this extension. */
  readonly isOwn: boolean;
  /** Origin of the document at the other end; null where the browser names none. */
  readonly origin: string | null;
  readonly tabId: number | null;
  /** 0 is a tab's top document. */
  readonly frameId: number | null;
}

/** A port of the browser, without policy. Listeners end with their signal. */
export interface RawPort {
  readonly name: string;
  /** Throws when the port is closed or the message is beyond the browser's own bound (64 MiB). */
  post(message: unknown): void;
  onMessage(listener: (message: unknown) => void, options: { readonly signal: AbortSignal }): void;
  onDisconnect(listener: () => void, options: { readonly signal: AbortSignal }): void;
  /** Only ever called on ports that are ours: closing a foreign one closes it for every listener. */
  disconnect(): void;
}

/** A port that another context opened. */
export interface IncomingPort extends RawPort {
  readonly sender: PortSender;
}

interface Listenable<L> {
  addListener(listener: L): void;
  removeListener(listener: L): void;
}

function listen<L>(event: Listenable<L>, listener: L, signal: AbortSignal): void {
  if (signal.aborted) return;
  event.addListener(listener);
  onAbort(signal, () => event.removeListener(listener));
}

function wrap(port: Browser.runtime.Port): RawPort {
  return {
    name: port.name,
    post: (message) => port.postMessage(message),
    onMessage: (listener, { signal }) => listen(port.onMessage, (message: unknown) => listener(message), signal),
    onDisconnect: (listener, { signal }) => {
      listen(
        port.onDisconnect,
        () => {
          // Reading it keeps the browser from logging "Unchecked runtime.lastError"; no receiver is an expected state.
          void browser.runtime.lastError;
          listener();
        },
        signal,
      );
    },
    disconnect: () => port.disconnect(),
  };
}

/** Apart, for the content script only opens ports and need not carry it. */
function stampOf({ sender }: Browser.runtime.Port): PortSender {
  return {
    isOwn: sender?.id === browser.runtime.id,
    origin: originOf(sender),
    tabId: sender?.tab?.id ?? null,
    frameId: sender?.frameId ?? null,
  };
}

/** Opens a port to every listening context of the extension. Throws when the extension was reloaded or removed. */
export function connectPort(name: string): RawPort {
  return wrap(browser.runtime.connect({ name }));
}

/** Calls `listener` for each port of this name. Ports of other names are left alone: other contexts may own them. */
export function onPort(
  name: string,
  listener: (port: IncomingPort) => void,
  options: { readonly signal: AbortSignal },
): void {
  listen(
    browser.runtime.onConnect,
    (port: Browser.runtime.Port) => {
      if (port.name === name) listener({ ...wrap(port), sender: stampOf(port) });
    },
    options.signal,
  );
}
