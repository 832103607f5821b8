import { signal as stateOf } from '@preact/signals';
import { onAbort } from '../../base/index.ts';
import type { CaptureEvent } from '../../contracts/capture.ts';
import type { PageReport } from '../../contracts/doors/page-report.ts';
import type { RunsDoor } from '../../contracts/doors/runs.ts';
import type { SettingsDoor } from '../../contracts/doors/settings.ts';
import type { SessionId } from '../../contracts/ids.ts';
import type { Settings } from '../../contracts/settings.ts';
import type { BeforePage } from '../before-page/index.ts';
import { askForFailures, isSurface } from '../kit/index.ts';
import { sendFiles } from '../send-file.ts';
import { COMMON_TEXTS } from '../texts.ts';
import { readAddress } from './address.ts';
import { createCallCards } from './call-cards.ts';
import { createCalls } from './calls.ts';
import { createChatBlocks } from './code-blocks/index.ts';
import type { CardServices } from './card/index.ts';
import { attachFiles, createTypingWatch, findComposer, insertText } from './composer/index.ts';
import { createDropZone } from './drop-zone.ts';
import { findDesign, missingLandmarks } from './landmarks/index.ts';
import { createPlacement } from './placement.ts';
import { chooseFiles, type DropTarget } from './private-files.ts';
import { createSeedAnswers } from './seed-answers.ts';
import { createSessionNames } from './session-names.ts';
import { createThemeWatch } from './theme-watch.ts';
import { createToggle } from './toggle.tsx';
import { waitFor } from './composer/wait-for.ts';
import { warmAhead } from './warm-ahead.ts';

export interface InChatOptions extends Pick<BeforePage, 'health' | 'messageText' | 'sendSeedResponse' | 'signal'> {
  readonly document: Document;
  readonly runs: RunsDoor;
  readonly settings: SettingsDoor;
  /** Shows the terminals of a session in another tab; false where that could not be. */
  readonly openTerminals: (sessionId: SessionId) => Promise<boolean>;
}

export interface InChat {
  /** Takes what the capture pipeline tells; never throws. */
  take(event: CaptureEvent): void;
  report(): PageReport;
  /** The drop target of ours on the way of an event, if any: every element of ours is one. */
  findDrop(path: readonly EventTarget[]): DropTarget | null;
}

/** The page hydrates its composer within two seconds; ours waits so that the page finds the document as it left it. */
const TOGGLE_MS = 5_000;

/** A card that fails must never break the page's stream or the next call; the console keeps the trace. */
function guarded(work: () => void): void {
  try {
    work();
  } catch (error) {
    console.error('ChatGPT Companion:', error);
  }
}

/** Where nothing starts by itself anyway, an answer would come to nothing. */
const asksOfThinking = ({ isOn, startCalls, thinkingCalls }: Settings): boolean =>
  isOn && startCalls === 'auto' && thinkingCalls === 'unset';

/** Everything that a person sees of us on the site's page. Nothing of it outlives the signal. */
export function mountInChat(options: InChatOptions): InChat {
  const { document, runs, settings, signal } = options;
  const window = document.defaultView;
  if (window === null) throw new Error('a document without a window has no chat');
  const withPrivate = new Set<SessionId>();
  const theme = createThemeWatch(document, { signal });
  const placement = createPlacement(document, { signal });
  const typing = createTypingWatch(window, { signal });
  const isOn = stateOf(settings.get().isOn);
  const isThinkingAsked = stateOf(asksOfThinking(settings.get()));
  const address = () => readAddress(window.location.pathname);
  const sessions = createSessionNames({ runs, conversationOnScreen: () => address().conversationId });

  const warm = warmAhead(window, { runs, composer: () => findComposer(document), isOn: () => isOn.value, signal });

  askForFailures(async () => {
    const answer = await runs.failures({});
    return answer.ok ? answer.value : null;
  });

  const pageNote = stateOf('');
  /** What could not be kept is said beside the switch, which every page has. */
  const keep = async (patch: Partial<Settings>): Promise<void> => {
    const isKept = await settings.set(patch).then(
      ({ ok }) => ok,
      () => false,
    );
    if (!isKept) pageNote.value = COMMON_TEXTS.notKept;
  };

  const services: CardServices = {
    runs,
    compose: (text) => insertText(document, text, { typing, signal }),
    openTerminals: options.openTerminals,
    attach: (files) => attachFiles(document, files, signal),
    addFiles: (sessionId, files) => {
      withPrivate.add(sessionId);
      return sendFiles(runs, sessionId, files);
    },
    hasPrivateFiles: async (sessionId) => {
      if (withPrivate.has(sessionId)) return true;
      const facts = await runs.sessionFacts({ sessionId });
      // Not known is not known to be harmless.
      return !facts.ok || facts.value.hasPrivateFiles;
    },
  };

  const cards = createCallCards({
    services,
    placement,
    theme,
    onThinkingAnswer: (thinkingCalls) => void keep({ thinkingCalls }),
    isThinkingAsked,
    conversationOnScreen: () => address().conversationId,
    signal,
  });
  const blocks = createChatBlocks({
    runs,
    settings,
    services,
    theme,
    placement,
    conversationOnScreen: () => address().conversationId,
    sessionOnScreen: () => sessions.onScreen(),
    isOn: () => isOn.value,
    messageText: options.messageText,
    signal,
  });
  const showOrHide = () => {
    cards.show(isOn.value);
    blocks.show(isOn.value);
  };
  const seedAnswers = createSeedAnswers({
    hasPrivateFiles: (sessionId) => services.hasPrivateFiles(sessionId),
    send: options.sendSeedResponse,
  });

  const calls = createCalls({
    runs,
    settings,
    sessions,
    mayStart: () => !address().isShared,
    onEntry: (entry) => cards.add(entry),
    onForget: (entry) => cards.remove(entry),
    onChange: (entry) =>
      guarded(() => {
        if (entry !== null) {
          cards.place(entry);
          showOrHide();
        }
        for (const seen of calls.all)
          if (seen.captured === null && seen.run.phase.value !== 'forming') cards.place(seen);
        placement.request();
      }),
    onEnded: (entry, view, outcome) => void seedAnswers.ended(entry, view, outcome),
    onRefused: (entry, error) => void seedAnswers.refused(entry, error),
    signal,
  });

  // Whoever comes back from another tab sees what became of the call there.
  const shown = () => {
    if (document.hidden) return;
    calls.hurry();
    void calls.lookElsewhere();
  };
  document.addEventListener('visibilitychange', shown, { signal });
  settings.onChange(
    (now) => {
      isOn.value = now.isOn;
      isThinkingAsked.value = asksOfThinking(now);
      showOrHide();
      if (now.thinkingCalls === 'always') calls.startThinking();
    },
    { signal },
  );

  const zone = createDropZone(document);
  theme.follow(zone.element);
  const drop = async (sessionId: SessionId, files: readonly File[], say: (text: string) => void) => {
    zone.hide();
    say(await services.addFiles(sessionId, files));
  };
  const findDrop = (path: readonly EventTarget[]): DropTarget | null => {
    // The innermost: cards of the thinking stand within their group.
    const element = path.find(isSurface);
    if (element === undefined) return null;
    const [entry] = [...cards.entries, ...blocks.entries].find(([, card]) => card === element) ?? [];
    const note = entry?.note ?? pageNote;
    return {
      element,
      // Asked only when the event is ours already: whatever fails then, the page has not seen the files.
      onFiles: (files) => {
        const session = entry?.sessionId() ?? cards.sessionOfGroup(element) ?? sessions.onScreen();
        void drop(session, files, (text) => (note.value = text));
      },
    };
  };
  // While files are dragged over the page, its overlay covers the cards; the zone stands above it.
  window.addEventListener(
    'dragenter',
    (event) => {
      if (event.isTrusted && isOn.value && event.dataTransfer?.types.includes('Files')) zone.show();
    },
    { capture: true, passive: true, signal },
  );
  const hideZone = (event: DragEvent) => {
    if (event.type !== 'dragleave' || event.relatedTarget === null) zone.hide();
  };
  for (const kind of ['drop', 'dragend', 'dragleave'] as const)
    window.addEventListener(kind, hideZone, { passive: true, signal });
  onAbort(signal, () => zone.hide());

  const toggle = createToggle({
    isOn,
    onToggle: (next) => void keep({ isOn: next }),
    onAddFiles: () => chooseFiles((files) => void drop(sessions.onScreen(), files, (text) => (pageNote.value = text))),
    note: pageNote,
    signal,
  });
  theme.follow(toggle);
  void waitFor(() => (findComposer(document) === null ? null : true), {
    under: document,
    mostMs: TOGGLE_MS,
    signal,
  }).then(() => {
    if (!signal.aborted) document.documentElement.append(toggle);
  });

  return {
    findDrop,
    take(event) {
      if (event.kind === 'turn') warm(event);
      guarded(() => {
        blocks.take(event);
        calls.take(event);
      });
    },
    report: () => {
      const design = findDesign(document);
      const { conversationId } = address();
      return {
        sessionId: sessions.onScreen(),
        conversationId,
        health: options.health(),
        callsSeen: calls.all.filter(({ captured }) => captured !== null).length,
        design: design?.id ?? null,
        missingLandmarks: missingLandmarks(document, design, calls.acquaintance(conversationId)),
      };
    },
  };
}
