import { onAbort } from '../../../base/index.ts';
import type { CaptureEvent } from '../../../contracts/capture.ts';
import type { RunsDoor } from '../../../contracts/doors/runs.ts';
import type { SettingsDoor } from '../../../contracts/doors/settings.ts';
import type { SessionId } from '../../../contracts/ids.ts';
import type { CardEntry } from '../calls.ts';
import type { CardServices } from '../card/index.ts';
import type { Placement } from '../placement.ts';
import type { ThemeWatch } from '../theme-watch.ts';
import { createBlockCards } from './block-cards.ts';
import { createCodeBlocks, type WantedBlock } from './code-blocks.ts';
import { createKnownBlocks } from './known-blocks.ts';
import { createMessageTexts, type OlderText } from './message-texts.ts';
import { languageOfLabel } from './read-block.ts';

interface ChatBlocksOptions {
  readonly runs: RunsDoor;
  readonly settings: SettingsDoor;
  readonly services: CardServices;
  readonly theme: ThemeWatch;
  readonly placement: Placement;
  readonly conversationOnScreen: () => string | null;
  readonly sessionOnScreen: () => SessionId;
  readonly isOn: () => boolean;
  /** The text of an answer that was told of before; null where it is not known. */
  readonly messageText?: OlderText;
  readonly signal: AbortSignal;
}

export interface ChatBlocks {
  /** Notes the texts of answers: code and language of their blocks are read from them. */
  take(event: CaptureEvent): void;
  show(isOn: boolean): void;
  /** The cards that were opened, for files that are dropped on them. */
  readonly entries: Iterable<readonly [CardEntry, HTMLElement]>;
}

/** Run buttons under the code blocks of this page. */
export function createChatBlocks(options: ChatBlocksOptions): ChatBlocks {
  const { placement, isOn } = options;
  const texts = createMessageTexts(options.messageText);
  const entries = new Map<CardEntry, HTMLElement>();
  const open = createBlockCards(options);
  const findEarlier = createKnownBlocks(options);
  const openCard = (block: WantedBlock, how: Parameters<typeof open>[1]) => {
    const opened = open(block, how);
    entries.set(opened.entry, opened.element);
    const close = () => {
      entries.delete(opened.entry);
      opened.close();
    };
    return { ...opened, close };
  };
  const blocks = createCodeBlocks({
    theme: options.theme,
    isOn,
    messageText: (messageId) => texts.textOf(messageId),
    openCard,
    findEarlier: async (place) => {
      const program = await findEarlier(place);
      return program === null || options.signal.aborted ? null : (block) => openCard(block, program);
    },
    aimAt(label) {
      // Python is ready since the page connected; a machine costs too much for that.
      if (languageOfLabel(label) === 'shell')
        void options.runs.warm({ language: 'shell', sessionId: options.sessionOnScreen() });
    },
    lookAgain: () => placement.request(),
  });
  placement.onLook((design, page) => blocks.look(design, page));
  onAbort(options.signal, () => blocks.close());
  return {
    take(event) {
      if (event.kind === 'message') texts.take(event.message);
    },
    show: (isNowOn) => blocks.show(isNowOn),
    entries,
  };
}
