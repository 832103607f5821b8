import { isPlacedAt, placeAt } from './place-at.ts';

/** The card of a block that was run or edited. */
export interface BlockCard {
  readonly element: HTMLElement;
  /** Runs, or a person is at it. */
  isInUse(): boolean;
  /** Takes it from the page; nothing holds on to its run any more. What runs goes on. */
  close(): void;
}

interface Kept {
  key: string;
  /** What the block had when it was opened: the card is of that, whatever else comes to stand in its place. */
  readonly code: string;
  readonly card: BlockCard;
  block: Element;
}

/** Where a block stands, by the message and its number. */
interface Place {
  readonly key: string;
  readonly block: Element;
}

/**
 * Cards of blocks are kept, since the page unmounts and mounts turns as one scrolls. The oldest beyond this that is not
 * in use is let go of; its block has a Run button again.
 */
const MOST_CARDS = 100;

/** The cards of blocks that were run or edited, each at its own block, also where the page draws that anew. */
export function createKeptCards() {
  const kept = new Set<Kept>();
  const at = new WeakMap<Element, Kept>();

  const letGo = (one: Kept): void => {
    kept.delete(one);
    at.delete(one.block);
    one.card.close();
  };

  return {
    /** Whether a block of that place has a card, here or in a part of the page that is not mounted. */
    has: (key: string): boolean => [...kept].some((one) => one.key === key),
    add({ key, block }: Place, code: string, card: BlockCard): void {
      const one = { key, code, card, block };
      kept.add(one);
      at.set(block, one);
      placeAt(block, card.element);
      const oldest =
        kept.size > MOST_CARDS ? [...kept].find((other) => other !== one && !other.card.isInUse()) : undefined;
      if (oldest !== undefined) letGo(oldest);
    },
    /**
     * Puts a block's card where it belongs, if it has one; true where it has. A block that the page drew anew has the one of the
     * element before it, where it has the same code (`codeOf`): by its number alone it may be another one.
     */
    place({ key, block }: Place, codeOf: () => string | null): boolean {
      let one = at.get(block);
      if (one === undefined) {
        const lost = [...kept].filter((other) => other.key === key && !other.block.isConnected);
        const code = lost.length === 0 ? null : codeOf();
        one = lost.find((other) => other.code === code);
        if (one === undefined) return false;
        at.delete(one.block);
        one.block = block;
        at.set(block, one);
      }
      const { element } = one.card;
      // Moving takes the focus from what a person is at.
      if (!isPlacedAt(block, element) && !element.matches(':focus-within')) placeAt(block, element);
      return true;
    },
    /** The code that the card at a block was opened for; null where it has none. */
    codeAt: (block: Element): string | null => at.get(block)?.code ?? null,
    /** The page names the message otherwise, or a block came before this one. */
    rename(block: Element, key: string): void {
      const one = at.get(block);
      if (one !== undefined) one.key = key;
    },
    /** The page put another block into the same element. */
    leave(block: Element): void {
      const one = at.get(block);
      if (one === undefined) return;
      at.delete(block);
      one.card.element.remove();
      one.block = block.ownerDocument.createElement('div');
    },
    close(): void {
      for (const one of kept) one.card.close();
    },
  };
}
