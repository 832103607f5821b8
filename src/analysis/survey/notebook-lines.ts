import { pythonLines } from '../syntax/python-tokens.ts';

/** What of a cell is for a shell, and the rest as Python, with every place as it was. */
export interface NotebookCell {
  /** Of the cell's length: what is no Python is blanked out, a line of a block is a statement that does nothing. */
  readonly python: string;
  readonly commands: readonly { readonly text: string; readonly from: number; readonly to: number }[];
}

/** Cells that a shell runs whole. */
const SHELLS = /^(?:bash|sh|zsh|system|sx|!|script[ \t]+(?:--\S+[ \t]+)*(?:\/\S*\/)?(?:bash|sh|zsh))\b/u;
/** Cells of Python; every other magic of a cell has something else for it. */
const PYTHONS = /^(?:time|timeit|capture|prun|python3?|pypy|memit|debug)\b/u;
const FIRST = /^(?:[ \t]*(?:#[^\n]*)?\r?\n)*[ \t]*%%(\S[^\n]*)(?:\n|$)/u;
const ANY = /^[ \t]*(?:\w[\w, \t]*=[ \t]*)?[%!]/mu;
/** `files = !ls`, `!!ls`, `%sx ls`, `%pip install x`. */
const COMMAND = /^(?:[^=%!]*=[ \t]*)?(?:!!?|%(?:sx|system)[ \t]+|%(?=(?:pip3?|conda|mamba|uv)\b))([\s\S]*)$/u;

const blank = (text: string): string => text.replace(/[^\r\n]/gu, ' ');
/** Of the same length, so that every place stays and a block of such a line alone is one. */
const nothing = (text: string): string => `0${blank(text).slice(1)}`;

/** A cell that is another language's from its first line on; null for one of Python. */
function otherCell(code: string, magic: string, start: number): NotebookCell | null {
  const python = blank(code);
  if (SHELLS.test(magic)) return { python, commands: [{ text: code.slice(start), from: start, to: code.length }] };
  if (PYTHONS.test(magic)) return null;
  const written = /^writefile[ \t]+(?:-a[ \t]+)?(\S+)/u.exec(magic)?.[1];
  // What it comes to, in the words of a shell.
  return { python, commands: written === undefined ? [] : [{ text: `cat > ${written}`, from: 0, to: start }] };
}

/**
 * Reads the lines of a notebook in Python: `%pip install x`, `!ls`, `files = !ls`, and a cell that is a shell's (`%%bash`). Its runtime
 * takes them before Python sees them.
 */
export function readNotebook(code: string): NotebookCell {
  if (!ANY.test(code)) return { python: code, commands: [] };
  const [head = '', magic] = FIRST.exec(code) ?? [];
  const start = head.length;
  const other = magic === undefined ? null : otherCell(code, magic, start);
  if (other !== null) return other;
  let python = blank(head);
  const commands: NotebookCell['commands'][number][] = [];
  let done = start;
  for (const { notebook } of pythonLines(code.slice(start))) {
    if (notebook === null) continue;
    const [from, to] = [start + notebook.from, start + notebook.to];
    python += code.slice(done, from) + nothing(code.slice(from, to));
    done = to;
    const text = COMMAND.exec(code.slice(from, to))?.[1];
    if (text !== undefined) commands.push({ text, from, to });
  }
  return { python: python + code.slice(done), commands };
}
