import type { TreeLanguage } from '../tree/grammars.ts';
import type { BrokenCode } from './broken-code.ts';

/** One way in which code gets broken on its way through a chat, and how to undo it. */
export interface Repair {
  /** What it does, as a person reads it. */
  readonly title: string;
  /** All where nothing is said. */
  readonly languages?: readonly TreeLanguage[];
  /** The whole code in other forms, likeliest first. Each is parsed before anybody sees it. */
  readonly propose: (broken: BrokenCode) => Iterable<string>;
}
