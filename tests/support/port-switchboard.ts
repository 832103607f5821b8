import type { IncomingPort, PortSender, RawPort } from '../../src/platform/index.ts';

export interface Switchboard {
  /** As a content script or page would connect; with nobody listening the port ends at once. */
  connect(name: string, sender?: Partial<PortSender>): RawPort;
  onPort(listener: (port: IncomingPort) => void, options: { readonly signal: AbortSignal }): void;
  /** Ends every open port at both ends, as the death of a context does. */
  cutAll(): void;
  readonly openPorts: number;
}

export const OWN_ORIGIN = 'chrome-extension://companion';
const SITE_TAB: PortSender = { isOwn: true, origin: 'https://chatgpt.com', tabId: 1, frameId: 0 };

interface End {
  readonly messages: Set<(message: unknown) => void>;
  readonly ends: Set<() => void>;
}

function subscribe<L>(set: Set<L>, listener: L, signal: AbortSignal): void {
  if (signal.aborted) return;
  set.add(listener);
  signal.addEventListener('abort', () => set.delete(listener), { once: true });
}

/** Ports like the browser's: JSON only, asynchronous, in order. */
export function createSwitchboard(): Switchboard {
  const listeners = new Set<(port: IncomingPort) => void>();
  const cuts = new Set<(by: End | null) => void>();

  function makePair(name: string, sender: PortSender): readonly [RawPort, IncomingPort] {
    const near: End = { messages: new Set(), ends: new Set() };
    const far: End = { messages: new Set(), ends: new Set() };
    let isOpen = true;
    const cut = (by: End | null) => {
      if (!isOpen) return;
      isOpen = false;
      cuts.delete(cut);
      for (const end of [near, far]) if (end !== by) queueMicrotask(() => end.ends.forEach((listener) => listener()));
    };
    cuts.add(cut);
    const side = (own: End, other: End): RawPort => ({
      name,
      post(message) {
        if (!isOpen) throw new Error('Attempting to use a disconnected port object');
        const json = JSON.stringify(message);
        setImmediate(() => {
          if (isOpen) other.messages.forEach((listener) => listener(JSON.parse(json)));
        });
      },
      onMessage: (listener, { signal }) => subscribe(own.messages, listener, signal),
      onDisconnect: (listener, { signal }) => subscribe(own.ends, listener, signal),
      disconnect: () => cut(own),
    });
    return [side(near, far), { ...side(far, near), sender }];
  }

  return {
    connect(name, sender = {}) {
      const [near, far] = makePair(name, { ...SITE_TAB, ...sender });
      if (listeners.size === 0) queueMicrotask(() => far.disconnect());
      else for (const listener of listeners) listener(far);
      return near;
    },
    onPort: (listener, { signal }) => subscribe(listeners, listener, signal),
    cutAll: () => [...cuts].forEach((cut) => cut(null)),
    get openPorts() {
      return cuts.size;
    },
  };
}
