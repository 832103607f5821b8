import { BoxHandle } from './box-handle.ts';
import { BOX_CONNECT } from './messages.ts';
import { parseReady } from './parse.ts';

export interface FrameOptions {
  readonly document: Document;
  readonly pageUrl: string;
  readonly signal: AbortSignal;
}

/**
 * Makes the frame of a box and connects to its page. Null when `signal` aborts first; the frame is removed then.
 * The attribute is the wall in Firefox; Chromium has the manifest's `sandbox` key besides.
 */
export async function openFrame(options: FrameOptions): Promise<BoxHandle | null> {
  const { document, signal } = options;
  const view = document.defaultView;
  if (!view || signal.aborted) return null;
  const frame = document.createElement('iframe');
  frame.setAttribute('sandbox', 'allow-scripts');
  // Without the star an opaque origin gets no shared memory (Chromium).
  frame.setAttribute('allow', 'cross-origin-isolated *');
  frame.setAttribute('aria-hidden', 'true');
  frame.style.display = 'none';
  frame.src = options.pageUrl;
  const over = new AbortController();
  const ready = new Promise<boolean | null>((settle) => {
    view.addEventListener(
      'message',
      (event: MessageEvent<unknown>) => {
        if (event.source !== frame.contentWindow || event.origin !== 'null') return;
        const message = parseReady(event.data);
        if (message) settle(message.hasSharedMemory);
      },
      { signal: over.signal },
    );
    signal.addEventListener('abort', () => settle(null), { signal: over.signal });
  });
  document.body.append(frame);
  const hasSharedMemory = await ready;
  over.abort();
  if (hasSharedMemory === null || !frame.contentWindow) {
    frame.remove();
    return null;
  }
  const channel = new MessageChannel();
  const boxId = crypto.randomUUID();
  const handle = new BoxHandle({ boxId, frame, port: channel.port1, hasSharedMemory });
  frame.contentWindow.postMessage({ op: BOX_CONNECT }, '*', [channel.port2]); // an opaque origin has no name to give
  return handle;
}
