import type { CommandArgument, Word, WordPart } from 'unbash';
import { wordOf } from '../read-shell.ts';

/** One word of a command, as the shell would take it apart. */
export interface Item {
  readonly text: string;
  /** Whether something in it is put in when it runs. */
  readonly isComputed: boolean;
  /** Whether it stands for names that it matches or spells out: `/b?n/ls`, `{a,b}`. */
  readonly hasPattern: boolean;
  /** The variable that it is, where it is nothing else: `$X`, `"${X}"`. */
  readonly variable: string | null;
}

const PATTERNS = new Set(['Glob', 'ExtendedGlob', 'BraceExpansion']);

function variableOf(parts: readonly WordPart[] | undefined): string | null {
  const [only, ...rest] = parts ?? [];
  if (only === undefined || rest.length > 0) return null;
  if (only.type === 'DoubleQuoted') return variableOf(only.parts);
  if (only.type === 'SimpleExpansion') return only.text.slice(1);
  const isPlain = only.type === 'ParameterExpansion' && !only.prefix && !only.index && !only.operation;
  return isPlain ? only.parameter : null;
}

export function itemOf(argument: CommandArgument): Item {
  if (argument.type === 'Word') return itemOfWord(argument);
  const value = argument.value.type === 'Word' ? wordOf(argument.value) : { text: '', isComputed: true };
  return { text: `${argument.name}=${value.text}`, isComputed: value.isComputed, hasPattern: false, variable: null };
}

export function itemOfWord(word: Word): Item {
  const hasPattern = word.parts?.some(({ type }) => PATTERNS.has(type)) ?? false;
  return { ...wordOf(word), hasPattern, variable: variableOf(word.parts) };
}

export const plainItem = (text: string): Item => ({ text, isComputed: false, hasPattern: false, variable: null });
