import { LIMITS } from '../contracts/limits.ts';
import { type FromPreview, PREVIEW_CONNECT, PREVIEW_READY, type ToPreview } from './messages.ts';
import { parseFromPreview } from './parse.ts';

export interface PreviewFrameOptions {
  readonly place: HTMLElement;
  readonly pageUrl: string;
  /** For who does not see it. */
  readonly title: string;
  readonly onMessage: (message: FromPreview) => void;
  /** It loaded itself anew, and shows nothing now. */
  readonly onReloaded: () => void;
  /** It sent too much at once, or what our script in it does not send; it is closed then. */
  readonly onMisuse: () => void;
  readonly signal: AbortSignal;
}

export interface PreviewFrame {
  readonly send: (message: ToPreview) => void;
}

/** A frame of opaque origin for one page of a server; it goes when `signal` aborts. Null when that is before it is there. */
export async function openPreviewFrame(options: PreviewFrameOptions): Promise<PreviewFrame | null> {
  const { place, signal } = options;
  const view = place.ownerDocument.defaultView;
  if (!view || signal.aborted) return null;
  const frame = makeFrame(place.ownerDocument, options);
  let isReady = false;
  const ready = new Promise<boolean>((settle) => {
    view.addEventListener(
      'message',
      ({ source, origin, data }: MessageEvent<{ readonly op?: unknown } | null>) => {
        if (source !== frame.contentWindow || origin !== 'null' || data?.op !== PREVIEW_READY) return;
        if (isReady) return options.onReloaded();
        isReady = true;
        settle(true);
      },
      { signal },
    );
    signal.addEventListener('abort', () => settle(false), { once: true });
  });
  place.replaceChildren(frame);
  signal.addEventListener('abort', () => frame.remove(), { once: true });
  if (!(await ready) || !frame.contentWindow) return null;
  const channel = new MessageChannel();
  const port = channel.port1;
  signal.addEventListener('abort', () => port.close(), { once: true });
  const bound = messagesBound();
  port.onmessage = ({ data }: MessageEvent<unknown>) => {
    if (signal.aborted) return;
    const message = bound() ? parseFromPreview(data) : null;
    if (message) return options.onMessage(message);
    port.close();
    frame.remove();
    options.onMisuse();
  };
  frame.contentWindow.postMessage({ op: PREVIEW_CONNECT }, '*', [channel.port2]); // an opaque origin has no name to give
  return { send: (message) => port.postMessage(message) };
}

/** Whether one more message is within what a page may send. */
function messagesBound(): () => boolean {
  let from = performance.now();
  let sent = 0;
  return () => {
    if (performance.now() - from > LIMITS.previewFloodMs.standard) {
      from = performance.now();
      sent = 0;
    }
    sent += 1;
    return sent <= LIMITS.previewFloodMessages.standard;
  };
}

/** The attributes are the wall in Firefox; Chromium has the manifest's `sandbox` key besides. */
function makeFrame(document: Document, { pageUrl, title }: PreviewFrameOptions): HTMLIFrameElement {
  const frame = document.createElement('iframe');
  // Forms, so that the page is told of what is sent by one; the policy lets none go anywhere.
  frame.setAttribute('sandbox', 'allow-scripts allow-forms');
  frame.setAttribute('referrerpolicy', 'no-referrer');
  frame.title = title;
  frame.src = pageUrl;
  return frame;
}
