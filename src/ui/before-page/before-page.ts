import type { CapturedCall, CaptureEvent, CaptureHealth } from '../../contracts/capture.ts';
import type { PageAnswer, PageReport } from '../../contracts/doors/page-report.ts';
import type { RunsDoor } from '../../contracts/doors/runs.ts';
import type { SettingsDoor } from '../../contracts/doors/settings.ts';

export interface BeforePageOptions {
  readonly window: Window;
  /**
   * The doors, in a task of their own: compiling a script is a task's worth. Opening takes a moment; until then nothing
   * starts, for the person may have switched everything off.
   */
  readonly open: () => Promise<{ readonly runs: RunsDoor; readonly settings: SettingsDoor }>;
  readonly health: () => CaptureHealth;
  /** The text of a message, as the wire has brought it so far, and whether it is an answer; null where nothing of it came. */
  readonly messageText: (
    messageId: string,
  ) => { readonly text: string; readonly isFinished: boolean; readonly isAnswer: boolean } | null;
  /** Sends the answer to a seed frame back on the socket that it came by; false where that cannot be. */
  readonly sendSeedResponse: (call: CapturedCall, text: string) => Promise<boolean>;
  readonly signal: AbortSignal;
}

/** What the second script does with what the first one sees and hears. */
export interface Taker {
  /** Takes what the capture pipeline tells; never throws. */
  take(event: CaptureEvent): void;
  report(): PageReport;
  /** Files dragged over the page. */
  drag(event: DragEvent): void;
  /** What a person types, copies, drags or presses. */
  deed(event: Event): void;
  /** The page goes to another address; a download counts as that. */
  navigation(event: Event): void;
}

/** The first script, as the second one finds it. */
export interface BeforePage extends Omit<BeforePageOptions, 'window'> {
  /** Gives what waits, in its order and at once, then all that comes until `signal` aborts; after that it waits again. */
  handTo(taker: Taker, options: { readonly signal: AbortSignal }): void;
}

export interface StartedBeforePage {
  take(event: CaptureEvent): void;
  /** `loading` while there is no second script. */
  report(): PageAnswer;
}

/**
 * What is told of messages while the site parses its document, and as much again of all else, calls among it: messages never
 * take a call's place. Far more than the page says in that time; the newest are left out.
 */
export const MOST_WAITING = 20_000;

const DRAGS = ['dragenter', 'dragover', 'dragleave', 'drop'] as const;
/** Events of a shadow tree that reach the page's listeners and say what was typed, copied or dragged; and what begins a press. */
const DEEDS =
  'keydown keyup keypress beforeinput input compositionstart compositionupdate compositionend paste copy cut dragstart pointerover pointerdown';

/** By a symbol, for a page can give its elements any name, and a window has its elements as members. */
const FIRST = Symbol.for('companion-before-page');
/** Of this world, which both scripts share and no script of the page sees. */
const world = globalThis as { [FIRST]?: BeforePage };

/** What the first script left for the second; undefined where it never started. */
export const beforePage = (): BeforePage | undefined => world[FIRST];

/**
 * The first of two scripts, at document_start: keeps what is seen for the second one, and hears before the page does.
 * Listeners of one target run in the order of their adding, so these have to stand before the page's first script.
 */
export function startBeforePage({ window, ...options }: BeforePageOptions): StartedBeforePage {
  const { signal } = options;
  let taker: Taker | null = null;
  let waiting = new Map<number | string, CaptureEvent>();
  let others = 0;
  const wait = (event: CaptureEvent): void => {
    const told = event.kind === 'message' ? event.message : event.kind === 'output' ? event.output : null;
    // A message comes whole with each piece of it: the latest says all. Never past a turn or a call, which its order is about.
    const name = told === null ? ++others : `${others} ${event.kind} ${told.key}`;
    const isFull = told === null ? others > MOST_WAITING : waiting.size >= MOST_WAITING;
    if (!isFull || waiting.has(name)) waiting.set(name, event);
  };
  const listening = { capture: true, signal };
  for (const kind of DRAGS) window.addEventListener(kind, (event) => taker?.drag(event), listening);
  for (const kind of DEEDS.split(' ')) window.addEventListener(kind, (event) => taker?.deed(event), listening);
  const { navigation } = window as { readonly navigation?: EventTarget };
  // By the standard those for the capture phase come first.
  navigation?.addEventListener('navigate', (event) => taker?.navigation(event), listening);
  world[FIRST] = {
    ...options,
    handTo(next, { signal: until }) {
      taker = next;
      const seen = waiting;
      waiting = new Map();
      others = 0;
      for (const event of seen.values()) next.take(event);
      until.addEventListener('abort', () => {
        if (taker === next) taker = null;
      });
    },
  };
  return {
    take(event) {
      if (taker === null) wait(event);
      else taker.take(event);
    },
    report: () => taker?.report() ?? 'loading',
  };
}
