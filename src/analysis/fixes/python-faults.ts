import { childrenOf, firstOf, fromOf, nameOf, type SyntaxTable, textOf } from '../tree/syntax-table.ts';

const TAB = 8;

interface Indent {
  readonly text: string;
  readonly column: number;
}

function indentAt(code: string, offset: number): Indent | null {
  const start = code.lastIndexOf('\n', offset - 1) + 1;
  const text = code.slice(start, offset);
  if (text.trim() !== '') return null;
  let column = 0;
  for (const sign of text) column = sign === '\t' ? column + TAB - (column % TAB) : column + 1;
  return { text, column };
}

/** Statements of one block that do not begin where the first does, or begin there by other blanks. */
function unevenIn(table: SyntaxTable, block: number, expected: Indent | null): number[] {
  let first = expected;
  const found: number[] = [];
  for (const child of childrenOf(table, block)) {
    if (!/Statement|Definition|Comprehension$/u.test(nameOf(table, child))) continue;
    const own = indentAt(table.code, fromOf(table, child));
    if (own === null) continue;
    first ??= own;
    if (own.column !== first.column || own.text.replace(/ /gu, '').length !== first.text.replace(/ /gu, '').length)
      found.push(fromOf(table, child));
  }
  return found;
}

function isOpenText(text: string): boolean {
  const quote = /^[a-zA-Z]*("""|'''|"|')/u.exec(text);
  if (quote === null) return false;
  const sign = quote[1] ?? '';
  return text.length < quote[0].length + sign.length || !text.endsWith(sign);
}

/** `except A, b:`, which Python took before 3 and takes again, in another meaning, from 3.14 on. */
function caughtLists(table: SyntaxTable, node: number): number[] {
  let isCaught = false;
  return childrenOf(table, node)
    .filter((child) => {
      const name = nameOf(table, child);
      if (name === 'except') isCaught = true;
      else if (name === 'Body') isCaught = false;
      return isCaught && name === ',';
    })
    .map((child) => fromOf(table, child));
}

/** What the grammar takes and Python 3 does not: uneven blocks, texts without an end, `print x`. Offsets. */
export function pythonFaults(table: SyntaxTable): number[] {
  const found: number[] = [];
  for (let at = 0; at < table.count; at++) {
    const name = nameOf(table, at);
    if (name === 'Script') found.push(...unevenIn(table, at, { text: '', column: 0 }));
    else if (name === 'Body') found.push(...unevenIn(table, at, null));
    else if (name === 'PrintStatement') found.push(fromOf(table, at));
    else if (name === 'TryStatement') found.push(...caughtLists(table, at));
    else if (name === 'String' && firstOf(table, at) < 0 && isOpenText(textOf(table, at)))
      found.push(fromOf(table, at));
  }
  return found;
}
