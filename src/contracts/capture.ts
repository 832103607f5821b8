/** How a turn's event stream stands; `cut` is a body that ended without saying so. */
export type TurnState = 'open' | 'complete' | 'handoff' | 'cut' | 'error';

/** One message of the site, normalised. Absent or wrongly typed fields are null. Times are seconds since the epoch. */
export interface CapturedMessage {
  /** `<conversation id>|<message id>`; branched conversations reuse message ids. */
  readonly key: string;
  readonly messageId: string;
  readonly conversationId: string | null;
  readonly role: string | null;
  readonly name: string | null;
  readonly recipient: string | null;
  readonly channel: string | null;
  readonly contentType: string | null;
  readonly text: string;
  readonly status: string | null;
  readonly isEndOfTurn: boolean | null;
  readonly parentId: string | null;
  readonly isHidden: boolean;
  /** Made while thinking: channel `analysis`, or a `reasoning_status` in its metadata. */
  readonly isThinking: boolean;
  readonly assets: readonly string[];
  readonly attachments: readonly string[];
  readonly createdAtSeconds: number | null;
  readonly modelSlug: string | null;
}

/**
 * Whether a message of this status is all that was to be said: one that was stopped or interrupted ends in the middle. Source:
 * docs/wire.md (`finished_partial_completion`).
 */
export const isSaidToItsEnd = (status: string | null): boolean => status === 'finished_successfully';

export type CallAdapter = 'chatgpt' | 'seed-frames';
export type CallLanguage = 'python' | 'shell';

/** A call that is complete and may be offered. `auto` false: never start it without a person's click (rule C7). */
export interface CapturedCall {
  readonly key: string;
  readonly adapter: CallAdapter;
  readonly version?: string;
  readonly conversationId: string | null;
  readonly messageId: string;
  /** The site's name of the tool, such as `python` or `python_user_visible`. */
  readonly tool: string;
  readonly language: CallLanguage;
  readonly code: string;
  /** Working directory that a seed frame of shell or ide names. */
  readonly workingDirectory?: string | null;
  readonly auto: boolean;
  /** Part of a thinking turn. */
  readonly thinking: boolean;
  readonly seedFrame?: {
    readonly id: string;
    /** The page hook's number of the socket that the frame came on; an answer goes out on it. */
    readonly socket: number;
    /** `out`: the page itself sent it, as any script of the page can; it is offered, and nothing of it goes by itself. */
    readonly direction: 'in' | 'out';
    readonly environment?: Readonly<Record<string, unknown>>;
  };
}

/** A table or chart that a result of the site showed; what it holds is in a file of the site. */
export interface SiteVisual {
  /** `table`, `chart` or another word of the site. */
  readonly type: string | null;
  readonly title: string | null;
  readonly fileId: string | null;
}

/** A result that the site itself delivered, paired with its call where one was found. */
export interface SiteOutput {
  readonly key: string;
  readonly conversationId: string | null;
  readonly messageId: string | null;
  readonly callMessageId: string | null;
  readonly status: string | null;
  readonly text: string;
  readonly exception: string | null;
  readonly imageCount: number;
  /** Absent when it showed none. */
  readonly visuals?: readonly SiteVisual[];
}

export interface CapturedTurn {
  /** Unique in the page. */
  readonly stream: string;
  /** Where it came from: `http:<n>`, a topic, or `azure:<conversation>`. */
  readonly source: string;
  readonly state: TurnState;
  readonly conversationId: string | null;
  readonly userMessageId: string | null;
}

/** What the capture pipeline tells the rest of the content script. */
export type CaptureEvent =
  | ({ readonly kind: 'call' } & CapturedCall)
  | {
      readonly kind: 'call-forming';
      readonly key: string;
      readonly conversationId: string | null;
      readonly messageId: string;
      readonly tool: string;
    }
  | {
      readonly kind: 'call-refused';
      readonly key: string;
      readonly conversationId: string | null;
      readonly messageId: string;
      readonly tool: string;
      /** `incomplete`: frames may be missing (C5). `too-large`: above the code limit; shown, not offered (L2). */
      readonly reason: 'incomplete' | 'too-large';
    }
  | { readonly kind: 'output'; readonly output: SiteOutput }
  | { readonly kind: 'message'; readonly message: CapturedMessage }
  | { readonly kind: 'title'; readonly conversationId: string; readonly title: string }
  | ({ readonly kind: 'turn' } & CapturedTurn)
  | {
      readonly kind: 'conversation-id-known';
      readonly messageId: string;
      readonly conversationId: string;
      readonly previousKey: string;
      readonly key: string;
    }
  | { readonly kind: 'older-page'; readonly conversationId: string | null; readonly before: string | null }
  | {
      readonly kind: 'http-refused';
      readonly path: string;
      readonly status: number;
      readonly retryAfterSeconds: number | null;
    };

/** What became of the frames of a page. */
export interface FrameCounts {
  readonly processed: number;
  readonly blocked: number;
  readonly failed: number;
  /** Bytes of bodies and binary frames, UTF-16 units of text frames. */
  readonly size: number;
}

/**
 * `python-like`: a tool of the site whose name speaks of Python. `route`: an address that answers like a turn. `item-event`:
 * an event about an item of the conversation. `content-type`, `side-band`: a shape that no adapter knows.
 */
export type SightingKind = 'python-like' | 'route' | 'item-event' | 'content-type' | 'side-band';

/** Something that the site said that is not read, or read on little evidence. */
export interface Sighting {
  readonly kind: SightingKind;
  /** The site's own name for it, or `other`; never a value. */
  readonly name: string;
  readonly count: number;
}

/** How well what the site says is understood. */
export interface SiteReading {
  /** Bodies of turns that were opened. */
  readonly streamsSeen: number;
  /** Turn bodies from which at least one message came. */
  readonly decoded: number;
  readonly unknownShapes: number;
  readonly problems: Readonly<Record<string, number>>;
  readonly drift: 'none' | 'suspected';
  /** One shape that was not understood: keys and types only, no values. */
  readonly sampleShape: string | null;
  /** Absent when there are none. What looks like Python comes first. */
  readonly sightings?: readonly Sighting[];
}

export interface CaptureHealth extends SiteReading {
  /** `canvases`: messages to the site's canvas tool, which we hand on like any other. */
  readonly frames: FrameCounts & { readonly canvases: number };
  /** The last frames, oldest first: kind, size, route and result; never contents or addresses. */
  readonly log: readonly string[];
}
