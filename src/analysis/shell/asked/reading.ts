import type { Redirection } from 'unbash';
import type { KnownValues } from './known-values.ts';

export interface Place {
  readonly pos: number;
  readonly end: number;
}

/** Where a command stands. `isDirect`: nothing else starts it, so that it may be a function. */
export interface Standing extends Place {
  readonly redirects: readonly Redirection[];
  readonly isDirect: boolean;
}

/** What one script is read with. */
export interface Reading {
  readonly known: KnownValues;
  /** Asks about a command. `name` null: which one it is shows only when it runs, so it can be allowed for once only. */
  ask(name: string | null, why: string, at: Place): void;
  /** Reads a text as commands. `isSameShell`: the functions of this script are there. */
  read(text: string, at: Place, isSameShell: boolean): void;
}

/** Why a person is asked. */
export const WHY = {
  unlisted: 'It is not on the list of everyday commands.',
  computed: 'Which command this is shows only when it runs.',
  code: 'It runs a text as commands, and the text shows only when it runs.',
  input: 'It runs commands that come from outside of this code.',
  script: 'It runs a file that is not written in this code.',
  download: 'It runs what it downloads.',
  starts: 'It is told to start other programs.',
  changes: 'It changes which code the commands run.',
  unclear: 'Its options do not show which command it starts.',
  unread: 'Not all of this code could be read.',
} as const;
