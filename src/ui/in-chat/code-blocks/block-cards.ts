import { signal as stateOf } from '@preact/signals';
import { hashOfText } from '../../../base/index.ts';
import type { RunsDoor } from '../../../contracts/doors/runs.ts';
import type { SettingsDoor } from '../../../contracts/doors/settings.ts';
import { type CallKey, callKeyOf, type SessionId } from '../../../contracts/ids.ts';
import { type Language, LANGUAGES } from '../../../contracts/run.ts';
import { TEXTS } from '../../texts.ts';
import { createCallRun } from '../call-run.ts';
import type { CardEntry } from '../calls.ts';
import { type CardServices, mountCard } from '../card/index.ts';
import type { ThemeWatch } from '../theme-watch.ts';
import type { BlockPlace, WantedBlock } from './code-blocks.ts';
import type { BlockCard } from './kept-cards.ts';
import { languageOfLabel } from './read-block.ts';

interface BlockCardsOptions {
  readonly runs: RunsDoor;
  readonly services: CardServices;
  readonly theme: ThemeWatch;
  readonly settings: Pick<SettingsDoor, 'get'>;
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

/** The program of a block's latest run, as the host still has it: a person may have changed it before. */
export interface EarlierProgram {
  readonly language: Language;
  readonly code: string;
}

/** By its code: a run is never shown under another program, wherever the page draws what. */
const idOf = ({ messageId, code, copy }: BlockPlace): string =>
  `${messageId}#code-${hashOfText(code)}${copy > 0 ? `-${copy}` : ''}`;

/** Under which key runs of a block are found again. */
export const keyOfBlock = (conversationId: string | null, block: BlockPlace): CallKey =>
  callKeyOf('chatgpt', conversationId, idOf(block));

/** Makes the card of a code block: to edit it first, with its earlier run, or to run it at once. */
export function createBlockCards(options: BlockCardsOptions) {
  const { runs, services, theme } = options;
  return (block: WantedBlock, how: 'run' | 'edit' | EarlierProgram): OpenedBlock => {
    const id = idOf(block);
    const conversationId = options.conversationOnScreen();
    const earlier = typeof how === 'string' ? null : how;
    const sessionId = options.sessionOnScreen();
    const closed = new AbortController();
    const signal = AbortSignal.any([options.signal, closed.signal]);
    const run = createCallRun({
      runs,
      language: earlier?.language ?? runnableOf(block.label),
      label: block.label,
      mayBeCached: true,
      sessionId: () => sessionId,
      callKey: (part) => callKeyOf('chatgpt', conversationId, part === undefined ? id : `${id}#${part}`),
      sessionReady: () => Promise.resolve(),
      settings: options.settings,
      onEnded: () => undefined,
      signal,
    });
    const entry: CardEntry = {
      key: id,
      run,
      note: stateOf(block.isWhole || earlier !== null ? '' : TEXTS.code.part),
      unsentResult: stateOf(null),
      sessionId: () => sessionId,
    };
    run.offer({ code: earlier?.code ?? block.code });
    const element = mountCard(entry, services, { signal });
    theme.follow(element);
    if (earlier !== null) void run.showEarlier();
    else if (how === 'edit' || !block.isWhole) run.isEditing.value = true;
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
