import type { ParsedLanguage } from '../../contracts/analysis.ts';

/** Text that is written out in the code; `isWhole` is false where something computed follows it. */
export interface LiteralText {
  readonly text: string;
  readonly isWhole: boolean;
}

export interface ArgumentFact {
  /** Null for arguments by position. */
  readonly keyword: string | null;
  /** Its text as it stands in the code. */
  readonly source: string;
  readonly literal: LiteralText | null;
  /** Words of a list that is written out, null for those that are computed: `["rm", "-rf", path]`. */
  readonly words: readonly (string | null)[] | null;
  /** Dotted name of what it is, after names were followed; null for a value that is not known. */
  readonly name: string | null;
  readonly node: number;
}

export interface CallFact {
  /** `os.system`, `fetch`, `requests.get().json`; starts with a point where the value is not known: `.append`. */
  readonly name: string;
  readonly args: readonly ArgumentFact[];
  readonly from: number;
  readonly to: number;
  readonly node: number;
  readonly isNew: boolean;
  /** Whether it is only handed to somebody who may call it: `map(eval, texts)`. */
  readonly isPassed: boolean;
}

export interface ImportFact {
  /** The whole name: `os.path`, `lodash/fp`, `./x`. */
  readonly module: string;
  /** What is taken from it, or null for all of it; `*` for everything. */
  readonly member: string | null;
  readonly isRelative: boolean;
  /** The code has a way to go on where it fails. */
  readonly isOptional?: boolean;
  readonly from: number;
  readonly to: number;
}

export interface NameFact {
  readonly name: string;
  readonly isAssigned: boolean;
  readonly from: number;
  readonly to: number;
}

export interface LoopFact {
  readonly from: number;
  readonly to: number;
  readonly node: number;
  readonly isEndless: boolean;
  /** How often it goes round, where that is written out. */
  readonly rounds: number | null;
  /** Loops around this one in the same function. */
  readonly outer: readonly number[];
}

/** A name that is used and nowhere in reach made before: of the language itself, of a session, or a mistake. */
export interface FreeName {
  readonly name: string;
  readonly from: number;
}

/** A function that calls itself. */
export interface RecursiveFact {
  readonly name: string;
  readonly nameNode: number;
  readonly definition: number;
  /** The calls of itself that it holds. */
  readonly calls: readonly CallFact[];
  readonly isCached: boolean;
}

/** What one language's reader gives the judges. */
export interface CodeFacts {
  readonly language: ParsedLanguage;
  readonly calls: readonly CallFact[];
  readonly imports: readonly ImportFact[];
  readonly names: readonly NameFact[];
  readonly loops: readonly LoopFact[];
  readonly freeNames: readonly FreeName[];
  readonly functions: number;
  readonly decisions: number;
  readonly recursive: readonly RecursiveFact[];
  readonly isAsync: boolean;
  readonly leavesNames: boolean;
  readonly hasSets: boolean;
}
