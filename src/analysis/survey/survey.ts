import type { CodeFact, FileUse, NetworkUse, ParsedLanguage } from '../../contracts/analysis.ts';
import type { Positions } from '../positions.ts';
import type { RuleInput } from '../rules/match-rules.ts';
import type { ShellFacts } from '../shell/shell-facts.ts';
import type { TreeRead } from '../tree/read-tree.ts';

export interface Place {
  readonly from: number;
  readonly to: number;
}

/** What was found in a piece of code, whatever its language; judges and rules read this. */
export interface Survey extends RuleInput {
  readonly language: ParsedLanguage;
  readonly code: string;
  readonly positions: Positions;
  readonly files: readonly FileUse[];
  readonly network: readonly NetworkUse[];
  readonly found: Map<CodeFact, Place[]>;
  readonly syntaxErrors: readonly { readonly message: string; readonly from: number; readonly to: number }[];
  /** Something was not read, and nobody here knows whether it is a fault. */
  readonly isUnsure: boolean;
  /** Packages that lines of a notebook install, by their names at the index. */
  readonly installs: readonly (Place & { readonly name: string })[];
  readonly endlessLoops: readonly Place[];
  /** The most that one expression asks for, as far as sizes are written out. */
  readonly allocatedBytes: number;
  readonly programs: readonly string[];
  /** The tree, for languages with a lezer grammar. */
  readonly tree: TreeRead | null;
  readonly shell: ShellFacts | null;
  /** Code of another language in a text of this one: `python3 -c '…'`. Its places are its own; `at` is where it stands. */
  readonly inner: readonly { readonly survey: Survey; readonly at: Place }[];
  readonly isPartial: boolean;
}

/** Adds places to a fact; a fact without places is no fact. */
export function addFact(found: Map<CodeFact, Place[]>, fact: CodeFact, places: readonly Place[]): void {
  if (places.length === 0) return;
  const before = found.get(fact);
  if (before) before.push(...places);
  else found.set(fact, [...places]);
}
