import type { Grammar } from '../tree/grammars.ts';
import { fromOf, makeSyntaxTable, type SyntaxTable } from '../tree/syntax-table.ts';

/** A line of a notebook: `%pip install x`, `!ls`, `files = !ls`; and how far it is indented. */
const LINE = /^([ \t]*)(?:\w+[ \t]*=[ \t]*)?[%!]./;

/**
 * The tree of Python without its faults in lines of a notebook, which its runtime takes. Only for faults: in what it leaves
 * out may stand code. Other lines that begin with `%`, within a text or a sum, have no faults and stay.
 */
export function withoutNotebookLines(table: SyntaxTable, { parser }: Grammar): SyntaxTable {
  const { code } = table;
  const places = new Set<number>();
  for (const node of table.errors) {
    const start = code.lastIndexOf('\n', fromOf(table, node) - 1) + 1;
    const end = code.indexOf('\n', start);
    const line = LINE.exec(code.slice(start, end < 0 ? code.length : end));
    if (line) places.add(start + (line[1] ?? '').length);
  }
  if (places.size === 0) return table;
  let plain = '';
  let at = 0;
  for (const place of [...places].sort((a, b) => a - b)) {
    // A statement of the same length, so that every place stays and a block of such a line alone is one.
    plain += `${code.slice(at, place)}0#`;
    at = place + 2;
  }
  return makeSyntaxTable(parser, plain + code.slice(at));
}
