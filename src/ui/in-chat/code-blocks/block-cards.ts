import { signal as stateOf } from '@preact/signals';
import type { RunsDoor } from '../../../contracts/doors/runs.ts';
import { callKeyOf, type SessionId } from '../../../contracts/ids.ts';
import { type Language, LANGUAGES, type RunLimits } from '../../../contracts/run.ts';
import { TEXTS } from '../../texts.ts';
import { createCallRun } from '../call-run.ts';
import type { CardEntry } from '../calls.ts';
import { type CardServices, mountCard } from '../card/index.ts';
import type { ThemeWatch } from '../theme-watch.ts';
import type { BlockCard, WantedBlock } from './code-blocks.ts';
import { languageOfLabel } from './read-block.ts';

interface BlockCardsOptions {
  readonly runs: RunsDoor;
  readonly services: CardServices;
  readonly theme: ThemeWatch;
  readonly limits: (language: Language) => RunLimits;
  /** The conversation that the address names now. */
  readonly conversationOnScreen: () => string | null;
  readonly sessionOnScreen: () => SessionId;
  readonly signal: AbortSignal;
}

/** The language that a label names, where one of the engines speaks it. */
function runnableOf(label: string | null): Language | null {
  const language = languageOfLabel(label);
  return LANGUAGES.find((runnable) => runnable === language) ?? null;
}

export interface OpenedBlock extends BlockCard {
  readonly entry: CardEntry;
}

/** Makes the card of a code block and, unless it is to be edited first, starts it. */
export function createBlockCards(options: BlockCardsOptions) {
  const { runs, services, theme } = options;
  return (block: WantedBlock, toEdit: boolean): OpenedBlock => {
    const id = `${block.messageId}#code-${block.index}`;
    const conversationId = options.conversationOnScreen();
    const sessionId = options.sessionOnScreen();
    const closed = new AbortController();
    const signal = AbortSignal.any([options.signal, closed.signal]);
    const run = createCallRun({
      runs,
      language: runnableOf(block.label),
      label: block.label,
      mayBeCached: true,
      sessionId: () => sessionId,
      callKey: (part) => callKeyOf('chatgpt', conversationId, part === undefined ? id : `${id}#${part}`),
      sessionReady: () => Promise.resolve(),
      limits: options.limits,
      onEnded: () => undefined,
      signal,
    });
    const entry: CardEntry = {
      key: id,
      run,
      note: stateOf(block.isWhole ? '' : TEXTS.code.part),
      unsentResult: stateOf(null),
      sessionId: () => sessionId,
    };
    run.offer({ code: block.code });
    const element = mountCard(entry, services, { signal });
    theme.follow(element);
    if (toEdit || !block.isWhole) run.isEditing.value = true;
    else void run.start('press');
    // An edit, or a question that is open, must not go away under a person's hand.
    const isInUse = () => run.isBusy.value || run.isEditing.value || run.held.value !== null;
    const close = () => {
      theme.leave(element);
      closed.abort();
    };
    return { entry, element, isInUse, close };
  };
}
