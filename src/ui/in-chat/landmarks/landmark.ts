/** A place on the site's page that we rely on. */
export interface Landmark {
  readonly name: string;
  readonly selector: string;
  /**
   * Where it must be found on a healthy page. Turns: in every conversation that is known. The composer: where a question was
   * asked; one of the past may be archived, which has none.
   */
  readonly expected: 'always' | 'known' | 'asked' | 'optional';
}

/** How the wire told of a conversation: a turn of it came here, or only its history. Null for one that nothing was told of. */
export type Acquaintance = 'asked' | 'told' | null;

/** One design of the site: selectors as values, and how a turn is read. Chosen by what is found. */
export interface PageDesign {
  readonly id: 'legacy' | 'app-shell';
  readonly landmarks: {
    readonly page: Landmark;
    readonly composer: Landmark;
    readonly turn: Landmark;
    readonly fileInput: Landmark;
    /** A block of code in an answer. */
    readonly codeBlock: Landmark;
  };
  /** Whether this design is on screen. */
  recognise(document: Document): boolean;
  /** The part of the document that is on screen; hidden routes stay mounted beside it. */
  pageOf(document: Document): Element | null;
  /** Every id that a turn is known by: of its messages, and of its question. */
  idsOf(turn: Element): readonly string[];
  /** Whether the turn can hold an answer; a card never goes into a question's own turn if another fits. */
  isAnswer(turn: Element): boolean;
  /** The message of the answer that a code block belongs to; null for a block of something else. */
  messageIdOf(block: Element): string | null;
  /** Where in a turn cards go: appended to this element. */
  slotOf(turn: Element): Element;
}
