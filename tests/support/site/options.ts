/** Which of the two page designs is served. */
export type Renderer = 'legacy' | 'app';
export type Language = 'en' | 'de' | 'ko' | 'ar';
export type Theme = 'light' | 'dark' | 'system';

/** Pace of a turn. `quick` is `normal` without its pauses, for tests that want many small pieces soon. */
export type Speed = 'instant' | 'quick' | 'normal' | 'slow' | 'burst' | 'stall';

/** How the bytes of a turn reach the page. Source: docs/wire.md, sections 8 and 9. */
export type Transport =
  | 'inline'
  | 'socket'
  | 'stall-then-resume'
  | 'resume'
  | 'cut'
  | 'cut-inside-event'
  | 'cut-without-resume';

/** Whether the turn goes on elsewhere than in the answer to its POST. */
export const isHandedOff = (transport: Transport): boolean =>
  transport === 'socket' || transport === 'stall-then-resume' || transport === 'resume';

/** The frames' own shape. `drifted` is one that nobody but this page can read. Source: docs/wire.md, sections 4 and 7. */
export type Shape = 'delta' | 'unnamed' | 'legacy' | 'crlf' | 'items' | 'drifted';

/** Where a turn stops and waits until `site.goOn()` is called. */
export type Pause = 'in-call' | 'after-call' | 'before-answer' | 'in-answer';

/** Faults of the socket, each on request. Source: docs/wire.md, section 9. */
export type SocketFault = 'repeated' | 'missing' | 'swapped' | 'junk' | 'huge' | 'binary' | 'closed';

/** What the page does, beside what it is sent. */
export interface PageBehaviour {
  /** How long only a plain textarea stands where the composer will be, in milliseconds. */
  readonly hydrationMs: number;
  /** Replaces `window.fetch` once more a second after loading. */
  readonly replacesFetch: boolean;
  readonly reads: 'reader' | 'pipe' | 'iterate' | 'locked';
  /** How long the page of `stall-then-resume` waits for the next item; the site's own waits 5 seconds for the first and 30 for others. */
  readonly topicPatienceMs: number;
  readonly listens: 'onmessage' | 'addEventListener';
  /** Longer pastes become a file; UTF-16 units. */
  readonly pasteLimit: number;
  readonly refusesUntrustedPaste: boolean;
  /** What `insertHTML` puts into the composer is not taken. */
  readonly refusesMarkup: boolean;
  /** Files that are chosen, pasted or dropped are not taken. */
  readonly refusesFiles: boolean;
  /** What stands around the turns: the renderer's own page, the app shell also around legacy turns, or no app shell. */
  readonly layout: 'usual' | 'mixed' | 'no-shell';
  /** The renderer's own composer, the older one, the new one, or that of Work threads. */
  readonly composer: 'usual' | 'unified' | 'chatgpt' | 'work';
  /** Units of the app renderer are named by the question's id, or counted, with a second key inside. */
  readonly unitKeys: 'question-id' | 'fallback';
  /** Answers of the app renderer name their message at the body, too. */
  readonly bodiesHaveId: boolean;
  /** The element of a legacy turn: until March 2026 an article. */
  readonly turnTag: 'section' | 'article';
  /** Form of code blocks in the app renderer; `mixed` goes through the three in turn. */
  readonly codeBlocks: 'pre' | 'flat' | 'editor' | 'mixed';
  /** Form of code blocks in the legacy renderer; `mixed` goes through the three viewers of 2026 in turn. */
  readonly legacyBlocks: 'viewer-div' | 'viewer-pre-br' | 'viewer-pre-newlines' | 'until-2025' | 'mixed';
  /** Blocks of the app renderer have their text in an attribute as well. */
  readonly blocksHaveRawText: boolean;
  /** Aborts the body after `message_stream_complete`, as the real page does. */
  readonly abortsWhenComplete: boolean;
  /** Replaces the subtree of a turn once when the turn ends. */
  readonly replacesEndedTurn: boolean;
  /** Turns bear no attribute by which others know them. */
  readonly renamesTurns: boolean;
}

export interface SiteOptions extends PageBehaviour {
  readonly renderer: Renderer;
  readonly language: Language;
  readonly theme: Theme;
  readonly speed: Speed;
  readonly transport: Transport;
  readonly shape: Shape;
  /** Where turns are posted: the usual base, the second one that the site takes for some models, or the feed of Pulse. */
  readonly turnBase: 'backend-api' | 'backend-alt' | 'feed';
  /** How the topic of a turn is called. */
  readonly topicName: 'conversation-turn' | 'conv-turn-low-ttl';
  /** Calls name the tool, or the tool as a namespace. */
  readonly callRecipient: 'python' | 'python.exec';
  /** Whether calls come in one frame, by appends, or as each scene says. */
  readonly callForm: 'whole' | 'appended' | 'as-scene';
  readonly pauseAt: readonly Pause[];
  readonly socketFaults: readonly SocketFault[];
  /** Adds `require-trusted-types-for 'script'` to the policy. */
  readonly trustedTypes: boolean;
  /** How much later than the stream the history knows a message, in milliseconds. */
  readonly historyLagMs: number;
  /** Length of the silence of speed `stall`, in milliseconds. */
  readonly stallMs: number;
  /** What `resume` answers instead of a stream. */
  readonly resumeAnswer: 'stream' | 'restart' | 'not-found' | 'gone';
  /** The conversation list: answers 429 after three quick pages. */
  readonly limitsList: 'never' | 'with-retry-after' | 'without-retry-after';
  /** Every POST of a turn answers with a challenge page. */
  readonly challenges: boolean;
  /** The page works, and its HTML does not end until `site.endDocuments()` is called. */
  readonly holdsDocument: boolean;
  /** Shows the bar from which a person picks scenes. */
  readonly hasSceneBar: boolean;
}

export const defaultOptions: SiteOptions = {
  renderer: 'app',
  language: 'en',
  theme: 'light',
  speed: 'instant',
  transport: 'inline',
  shape: 'delta',
  turnBase: 'backend-api',
  topicName: 'conversation-turn',
  callRecipient: 'python',
  callForm: 'as-scene',
  pauseAt: [],
  socketFaults: [],
  trustedTypes: false,
  historyLagMs: 1000,
  stallMs: 90_000,
  resumeAnswer: 'stream',
  limitsList: 'never',
  challenges: false,
  holdsDocument: false,
  hasSceneBar: false,
  hydrationMs: 100,
  replacesFetch: false,
  reads: 'reader',
  topicPatienceMs: 2000,
  listens: 'onmessage',
  pasteLimit: 10_000,
  refusesUntrustedPaste: false,
  refusesMarkup: false,
  refusesFiles: false,
  layout: 'usual',
  composer: 'usual',
  unitKeys: 'question-id',
  bodiesHaveId: true,
  turnTag: 'section',
  codeBlocks: 'mixed',
  legacyBlocks: 'mixed',
  blocksHaveRawText: false,
  replacesEndedTurn: true,
  renamesTurns: false,
  abortsWhenComplete: false,
};
