/** A place on the site's page that we rely on. */
export interface Landmark {
  readonly name: string;
  /** Where it may be, in any design: pages between them have some of either. */
  readonly selector: string;
  /**
   * Where it must be found on a healthy page. Turns: in every conversation that is known. The composer: where a question was
   * asked; one of the past may be archived, which has none.
   */
  readonly expected: 'known' | 'asked' | 'optional';
}

/** How the wire told of a conversation: a turn of it came here, or only its history. Null for one that nothing was told of. */
export type Acquaintance = 'asked' | 'told' | null;

/** The answer that a block of code stands in. */
export interface BlockOwner {
  /** By which the block's runs are found again. */
  readonly messageId: string;
  /** All messages that the answer may be drawn from, in their order: it may span steps of tools. */
  readonly messageIds: readonly string[];
}

/** The page as it is read: each landmark is found by itself, whatever design the others are of. */
export interface PageDesign {
  /** Of which design the landmarks on screen are; for reports alone. */
  readonly id: 'legacy' | 'app-shell' | 'mixed';
  readonly landmarks: Readonly<Record<'composer' | 'turn' | 'fileInput' | 'codeBlock', Landmark>>;
  /** The part of the document that is on screen; hidden routes stay mounted beside it. */
  pageOf(document: Document): Element | null;
  composerOf(page: Element): HTMLElement | null;
  fileInputOf(page: Element): HTMLInputElement | null;
  /** The turns of a page, in their order; none within another. */
  turnsOf(page: Element): readonly Element[];
  /** The blocks of code of a page, in their order; none within another, and none of a document that is edited in an answer. */
  codeBlocksOf(page: Element): readonly Element[];
  /** Every id that a turn is known by: of its messages, and of its question. */
  idsOf(turn: Element): readonly string[];
  /** Whether the turn can hold an answer; a card never goes into a question's own turn if another fits. */
  isAnswer(turn: Element): boolean;
  /** The answer that a code block belongs to; null for a block of something else. */
  ownerOf(block: Element): BlockOwner | null;
  /** The message of the answer that a code block belongs to. */
  messageIdOf(block: Element): string | null;
  /** Where in a turn cards go: appended to this element. */
  slotOf(turn: Element): Element;
}
