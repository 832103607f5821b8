/** What a paragraph of the editor is. */
export type BlockKind = 'p' | 'ul' | 'ol' | 'quote' | 'pre' | 'h1' | 'h2' | 'h3' | 'h4' | 'h5' | 'h6';
export type Mark = '' | 'strong' | 'em' | 'code';

/** One UTF-16 unit; a line end is one within a paragraph. */
export interface Cell {
  readonly unit: string;
  /** Kept as it was pasted. */
  readonly isLiteral: boolean;
  readonly mark: Mark;
}

export interface EditorBlock {
  kind: BlockKind;
  /** Where a list of numbers begins to count. */
  order: number;
  cells: Cell[];
}

export const blockOf = (kind: BlockKind = 'p', cells: Cell[] = [], order = 1): EditorBlock => ({ kind, cells, order });

export const cellsOf = (text: string, isLiteral: boolean): Cell[] =>
  text.split('').map((unit) => ({ unit, isLiteral, mark: '' }));

export const textOfCells = (cells: readonly Cell[]): string => cells.map(({ unit }) => unit).join('');

/** Neighbours of one look as one. */
export function runsOf(cells: readonly Cell[]): { text: string; isLiteral: boolean; mark: Mark }[] {
  const runs: { text: string; isLiteral: boolean; mark: Mark }[] = [];
  for (const { unit, isLiteral, mark } of cells) {
    const last = runs.at(-1);
    if (last !== undefined && last.isLiteral === isLiteral && last.mark === mark) last.text += unit;
    else runs.push({ text: unit, isLiteral, mark });
  }
  return runs;
}

/** What a block becomes by what is typed at its beginning. */
const blockRules: readonly (readonly [RegExp, (match: RegExpExecArray) => { kind: BlockKind; order?: number }])[] = [
  [/^[-+*] $/u, () => ({ kind: 'ul' })],
  [/^(\d+)\. $/u, (match) => ({ kind: 'ol', order: Number(match[1]) })],
  [/^(#{1,6}) $/u, (match) => ({ kind: `h${String(match[1]?.length ?? 1)}` as BlockKind })],
  [/^> $/u, () => ({ kind: 'quote' })],
  [/^```$/u, () => ({ kind: 'pre' })],
];

const inlineRules: readonly (readonly [RegExp, Mark])[] = [
  [/\*\*([^*\s](?:[^*]*[^*\s])?)\*\*$/u, 'strong'],
  [/(?<![*\w])\*([^*\s](?:[^*]*[^*\s])?)\*$/u, 'em'],
  [/(?<![_\w])_([^_\s](?:[^_]*[^_\s])?)_$/u, 'em'],
  [/(?<!`)`([^`]+)`$/u, 'code'],
];

/** Reads Markdown in what stands before the caret, and answers where the caret is then. */
export function applyRules(block: EditorBlock, caret: number): number {
  if (block.kind === 'pre') return caret;
  // What was pasted is no part of what was typed.
  const before = block.cells
    .slice(0, caret)
    .map(({ unit, isLiteral, mark }) => (isLiteral || mark === 'code' ? '\ufffc' : unit))
    .join('');
  if (block.kind === 'p') {
    for (const [pattern, become] of blockRules) {
      const match = pattern.exec(before);
      if (match === null) continue;
      Object.assign(block, become(match));
      block.cells.splice(0, caret);
      return 0;
    }
  }
  for (const [pattern, mark] of inlineRules) {
    const match = pattern.exec(before);
    if (match === null) continue;
    const inner = match[1]?.length ?? 0;
    const signs = (match[0].length - inner) / 2;
    const from = match.index + signs;
    const marked = block.cells.slice(from, from + inner).map((cell) => ({ ...cell, mark }));
    block.cells.splice(match.index, match[0].length, ...marked);
    return match.index + inner;
  }
  return caret;
}

const signs: Readonly<Record<Mark, string>> = { '': '', strong: '**', em: '*', code: '`' };

/** The text that the site stores: what was pasted as it is, all else with a backslash before what Markdown would read. */
export function writeMarkdown(blocks: readonly EditorBlock[]): string {
  let written = '';
  let before: EditorBlock | null = null;
  let count = 0;
  for (const block of blocks) {
    const isNext = before?.kind === block.kind && (block.kind === 'ul' || block.kind === 'ol');
    count = isNext ? count + 1 : block.order;
    if (before !== null) written += isNext ? '\n' : '\n\n';
    written += writeBlock(block, count);
    before = block;
  }
  return written;
}

function writeBlock({ kind, cells }: EditorBlock, count: number): string {
  if (kind === 'pre') return `\`\`\`\n${textOfCells(cells)}\n\`\`\``;
  const text = runsOf(cells)
    .map((run) => {
      if (run.isLiteral) return run.text;
      const escaped =
        run.mark === 'code' ? run.text : run.text.replaceAll(/[\\*_`#]/gu, '\\$&').replaceAll('\n', '\\\n');
      return `${signs[run.mark]}${escaped}${signs[run.mark]}`;
    })
    .join('');
  if (kind === 'ul') return `- ${text}`;
  if (kind === 'ol') return `${String(count)}. ${text}`;
  if (kind === 'quote') return `> ${text}`;
  return kind === 'p' ? text : `${'#'.repeat(Number(kind.slice(1)))} ${text}`;
}
