import type { CodeLanguage } from './analysis.ts';
import type { Language, RunLimit } from './run.ts';
import type { AskedCommand } from './shell-consent.ts';

/** Where a program runs. `hybrid`: what is light or needs the person's files here, the heavy part elsewhere. */
export const PLACES = ['onDevice', 'remote', 'hybrid'] as const;
export type Place = (typeof PLACES)[number];

/** One thing that was weighed. `speaksFor` null where it only informs. */
export interface SelectionFactor {
  readonly name:
    | 'language'
    | 'syntax'
    | 'packages'
    | 'network'
    | 'files'
    | 'system'
    | 'input'
    | 'time'
    | 'memory'
    | 'security'
    | 'choice';
  readonly speaksFor: Place | null;
  /** A whole sentence. */
  readonly text: string;
}

/** What the program will probably take here. */
export interface SelectionEstimate {
  readonly timeMs: number;
  readonly memoryMB: number;
  /** 0 to 1. */
  readonly confidence: number;
  /** Read from the code; from past runs of such programs here; from past runs of this very program. */
  readonly from: 'code' | 'alike' | 'same';
}

export const WARNING_KINDS = ['remoteRequired', 'limitedFunctionality', 'securityRisk'] as const;

/** What a person should know before it runs. Nothing of it opens the box: that is the wall. */
export interface SelectionWarning {
  readonly kind: (typeof WARNING_KINDS)[number];
  readonly title: string;
  readonly reasons: readonly string[];
}

export const WAY_KINDS = [
  'runHere',
  'runRemotely',
  'leaveToChatGPT',
  'allowNetwork',
  'useInstead',
  'editCode',
  'chooseLanguage',
] as const;

/** What the person can do now, most useful first. */
export interface WayOn {
  readonly kind: (typeof WAY_KINDS)[number];
  readonly text: string;
}

export interface Decision {
  readonly place: Place;
  /** Whether an engine for the language is here, so that "Run here anyway" makes sense. */
  readonly canRunHere: boolean;
  /** Whole sentences, the one that decided first. */
  readonly reasons: readonly string[];
  readonly factors: readonly SelectionFactor[];
  readonly estimate: SelectionEstimate;
  readonly warnings: readonly SelectionWarning[];
  readonly ways: readonly WayOn[];
}

/** What was seen in a piece of code, for a person who asks; the groups and their lines in the order of their weight. */
export interface SeenGroup {
  readonly title: string;
  /** `line` counts from 1; null where it is about the whole. */
  readonly lines: readonly { readonly text: string; readonly line: number | null }[];
}

/** What a page is told of a piece of code. */
export interface Selection {
  readonly language: CodeLanguage;
  /** Whether it was found in the code rather than said by a label. */
  readonly isDetected: boolean;
  readonly decision: Decision;
  readonly seen: readonly SeenGroup[];
  /** Commands of a shell that the person has not agreed to; without that the code does not start. */
  readonly asked: readonly AskedCommand[];
}

/** What a person chose for one conversation; what is missing is as set for all. */
export interface SessionChoices {
  readonly places: Readonly<Partial<Record<Language | 'all', Place>>>;
  readonly limits: Readonly<Partial<Record<RunLimit, number>>>;
  /** Commands of a shell that run unasked though they are not on the list. */
  readonly commands: readonly string[];
}
