import { onAbort } from '../base/index.ts';
import { LIMITS } from '../contracts/limits.ts';
import { type FromPreview, PREVIEW_CONNECT, PREVIEW_READY, type ToPreview } from './messages.ts';
import { parseFromPreview } from './parse.ts';

interface PreviewFramesOptions {
  readonly place: HTMLElement;
  readonly pageUrl: string;
  /** Takes the frame that is made ahead, too. */
  readonly signal: AbortSignal;
}

export interface PreviewFrameOptions {
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

/** A frame in which no page is yet. */
interface EmptyFrame {
  readonly element: HTMLIFrameElement;
  /** Its script listens; false when it was taken away before. */
  readonly isReady: Promise<boolean>;
  readonly gone: AbortSignal;
  onReloaded: () => void;
  remove(): void;
}

/**
 * The frame made ahead shares a process with the page before it: one whose script never ends holds both. What answers no sooner is
 * given up for a frame of its own; meanwhile the server is asked in any case.
 */
const ANSWERS_WITHIN_MS = 400;

/**
 * Frames of opaque origin, each for one page of a server. To make one takes as long as a server needs for a small page, so that the
 * next can be made ahead, unseen.
 */
export class PreviewFrames {
  readonly #options: PreviewFramesOptions;
  #ahead: EmptyFrame | null = null;

  constructor(options: PreviewFramesOptions) {
    this.#options = options;
    options.signal.addEventListener('abort', () => this.#ahead?.remove(), { once: true });
  }

  /** Makes the next frame, where there is none yet. */
  makeAhead(): void {
    if (!this.#options.signal.aborted) this.#ahead ??= makeFrame(this.#options);
  }

  /** A frame for one page; it goes when `signal` aborts. Null when that is before it is there. */
  async open(options: PreviewFrameOptions): Promise<PreviewFrame | null> {
    const { signal } = options;
    if (signal.aborted) return null;
    const ahead = this.#ahead;
    this.#ahead = null;
    const filled = ahead && (await fill(ahead, options, ANSWERS_WITHIN_MS));
    // A page that is gone meanwhile needs none.
    if (filled || signal.aborted) return filled;
    return fill(makeFrame(this.#options), options);
  }
}

/** Null where it is gone, or does not answer in time and is taken away. */
async function fill(frame: EmptyFrame, options: PreviewFrameOptions, withinMs?: number): Promise<PreviewFrame | null> {
  const { signal } = options;
  if (signal.aborted) frame.remove();
  signal.addEventListener('abort', () => frame.remove(), { once: true });
  frame.onReloaded = options.onReloaded;
  frame.element.title = options.title;
  frame.element.hidden = false;
  const late = withinMs === undefined ? undefined : setTimeout(() => frame.remove(), withinMs);
  const port = await connect(frame);
  clearTimeout(late);
  if (!port) return null;
  const bound = messagesBound();
  port.onmessage = ({ data }: MessageEvent<unknown>) => {
    if (signal.aborted) return;
    const message = bound() ? parseFromPreview(data) : null;
    if (message) return options.onMessage(message);
    frame.remove();
    options.onMisuse();
  };
  return { send: (message) => port.postMessage(message) };
}

/** The frame's one port, once it answers there; null when it is taken away before. */
async function connect({ element, isReady, gone }: EmptyFrame): Promise<MessagePort | null> {
  if (!(await isReady) || !element.contentWindow) return null;
  const { port1, port2 } = new MessageChannel();
  const answered = new Promise<MessagePort | null>((settle) => {
    port1.onmessage = () => settle(port1);
    onAbort(gone, () => {
      port1.close();
      settle(null);
    });
  });
  element.contentWindow.postMessage({ op: PREVIEW_CONNECT }, '*', [port2]); // an opaque origin has no name to give
  return answered;
}

/** An empty one, unseen. */
function makeFrame({ place, pageUrl }: PreviewFramesOptions): EmptyFrame {
  const element = frameElement(place.ownerDocument, pageUrl);
  const ending = new AbortController();
  const { signal: gone } = ending;
  const { promise: isReady, resolve: setReady } = Promise.withResolvers<boolean>();
  let hasBegun = false;
  const frame: EmptyFrame = {
    element,
    isReady,
    gone,
    onReloaded: () => undefined,
    remove: () => {
      ending.abort();
      element.remove();
      setReady(false);
    },
  };
  const hear = ({ source, origin, data }: MessageEvent<{ readonly op?: unknown } | null>): void => {
    if (source === null || source !== element.contentWindow) return;
    if (origin !== 'null' || data?.op !== PREVIEW_READY) return;
    if (hasBegun) return frame.onReloaded();
    hasBegun = true;
    setReady(true);
  };
  place.ownerDocument.defaultView?.addEventListener('message', hear, { signal: gone });
  place.append(element);
  return frame;
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
function frameElement(document: Document, pageUrl: string): HTMLIFrameElement {
  const frame = document.createElement('iframe');
  // Forms, so that the page is told of what is sent by one; the policy lets none go anywhere.
  frame.setAttribute('sandbox', 'allow-scripts allow-forms');
  frame.setAttribute('referrerpolicy', 'no-referrer');
  frame.hidden = true;
  frame.src = pageUrl;
  return frame;
}
