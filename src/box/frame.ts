import { BoxHandle } from './box-handle.ts';
import { BOX_ASK, BOX_CONNECT } from './messages.ts';
import { parseReady } from './parse.ts';

/** Under load Chromium has lost the load of the frame that a document came with, once in twenty: it never ends. */
const FIRST_FRAME_MS = 1500;

export interface FrameOptions {
  readonly document: Document;
  readonly pageUrl: string;
  /** A frame of such a page that the document came with, made as `makeFrame` makes one; nobody has connected to it. */
  readonly frame?: HTMLIFrameElement | undefined;
  /** The open boxes of the document. */
  readonly neighbours: Set<BoxHandle>;
  readonly signal: AbortSignal;
}

/**
 * Makes the frame of a box, or takes the one it is given, and connects to its page. Null when `signal` aborts first; the
 * frame is removed then.
 */
export async function openFrame(options: FrameOptions): Promise<BoxHandle | null> {
  const { document, signal } = options;
  const view = document.defaultView;
  if (!view || signal.aborted) {
    options.frame?.remove();
    return null;
  }
  let frame = options.frame ?? makeFrame(document, options.pageUrl);
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
  // One that came with the document may have said it before this script ran.
  if (frame.isConnected) frame.contentWindow?.postMessage({ op: BOX_ASK }, '*');
  else document.body.append(frame);
  const late = setTimeout(() => {
    if (frame !== options.frame) return;
    frame.remove();
    frame = makeFrame(document, options.pageUrl);
    document.body.append(frame);
  }, FIRST_FRAME_MS);
  const hasSharedMemory = await ready;
  clearTimeout(late);
  over.abort();
  if (hasSharedMemory === null || !frame.contentWindow) {
    frame.remove();
    return null;
  }
  const channel = new MessageChannel();
  const boxId = crypto.randomUUID();
  const handle = new BoxHandle({ boxId, frame, port: channel.port1, hasSharedMemory, neighbours: options.neighbours });
  frame.contentWindow.postMessage({ op: BOX_CONNECT }, '*', [channel.port2]); // an opaque origin has no name to give
  return handle;
}

/** The attributes are the wall in Firefox; Chromium has the manifest's `sandbox` key besides. */
function makeFrame(document: Document, pageUrl: string): HTMLIFrameElement {
  const frame = document.createElement('iframe');
  frame.setAttribute('sandbox', 'allow-scripts');
  // Without the star an opaque origin gets no shared memory (Chromium).
  frame.setAttribute('allow', 'cross-origin-isolated *');
  frame.setAttribute('aria-hidden', 'true');
  frame.hidden = true;
  frame.src = pageUrl;
  return frame;
}
