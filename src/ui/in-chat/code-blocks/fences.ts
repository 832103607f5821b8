/** A block of code in the Markdown of a message. */
export interface Fence {
  readonly code: string;
  /** The info string's first word, lower case; empty where there is none. */
  readonly word: string;
  /** Where the fence opens, in UTF-16 units from the text's start. The page has it as `data-start` of the block it draws. */
  readonly start: number;
  /** False where the text ends before the fence does: more may come. */
  readonly isClosed: boolean;
}

interface Container {
  readonly kind: 'quote' | 'item';
  /** Columns that a line of a list item begins with. */
  readonly indent: number;
}

interface OpenFence {
  readonly sign: string;
  readonly length: number;
  readonly indent: number;
  readonly depth: number;
  readonly word: string;
  readonly start: number;
  readonly lines: string[];
}

const TAB = 4;
/** No answer stands deeper in lists and quotes; each line is looked at once for each of them. */
const MOST_CONTAINERS = 100;
const OPENING = /^(?:(`{3,})([^`]*)|(~{3,})(.*))$/su;
const HEADING = /^#{1,6}(?:[ \t]|$)/u;
const BREAK = /^(?:(?:-[ \t]*){3,}|(?:\*[ \t]*){3,}|(?:_[ \t]*){3,})$/u;
/** Makes a heading of the paragraph above it. */
const UNDERLINE = /^(?:=+|-+)[ \t]*$/u;
const INTERRUPTS = new RegExp(`${HEADING.source}|${BREAK.source}|^(?:\`{3,}[^\`]*|~{3,}.*)$`, 'u');
const MARKER = /^(?:[-*+]|(\d{1,9})[.)])(?=[ \t]|$)/u;
/** No other sign is a blank to CommonMark: not a no-break space, and not a form feed. */
const CLOSING = /^[ \t]*(`+|~+)[ \t]*$/u;
const LEADING_BLANKS = /^[ \t]+/u;
/** A name of a file may follow it: `py:app.py`. */
const WORD = /^\{?\.?([^\s{}:,]*)/u;

const isBlank = (text: string): boolean => !/[^ \t]/u.test(text);

/** A line of text from some column on: tabs are as wide as where they stand (CommonMark, section 2.2). */
class Cursor {
  readonly #line: string;
  at = 0;
  column = 0;
  /** Columns of a tab that was taken in part. */
  #left = 0;

  constructor(line: string) {
    this.#line = line;
  }

  /** How many columns of blanks come next. */
  get blanks(): number {
    let { column } = this;
    column += this.#left;
    for (let at = this.at; ; at += 1) {
      const sign = this.#line[at];
      if (sign === ' ') column += 1;
      else if (sign === '\t') column += TAB - (column % TAB);
      else return column - this.column;
    }
  }

  /** As it stands. */
  get rest(): string {
    return ' '.repeat(this.#left) + this.#line.slice(this.at);
  }

  /** Without the blanks before it. */
  get text(): string {
    return this.#line.slice(this.at).replace(LEADING_BLANKS, '');
  }

  get isBlank(): boolean {
    return isBlank(this.#line.slice(this.at));
  }

  /** Takes up to `most` columns of blanks. */
  skipBlanks(most: number): void {
    const end = this.column + Math.min(most, this.blanks);
    while (this.column < end) {
      if (this.#left === 0) {
        this.#left = this.#line[this.at] === '\t' ? TAB - (this.column % TAB) : 1;
        this.at += 1;
      }
      const taken = Math.min(this.#left, end - this.column);
      this.#left -= taken;
      this.column += taken;
    }
  }

  /** Takes signs that are no blanks. */
  skip(length: number): void {
    this.at += length;
    this.column += length;
  }
}

/** Takes what a container begins each of its lines with; false where the line is none of it. */
function enter(cursor: Cursor, { kind, indent }: Container): boolean {
  if (kind === 'item') {
    if (!cursor.isBlank && cursor.blanks < indent) return false;
    cursor.skipBlanks(indent);
    return true;
  }
  return skipQuote(cursor);
}

function skipQuote(cursor: Cursor): boolean {
  if (cursor.blanks >= TAB || cursor.text[0] !== '>') return false;
  cursor.skipBlanks(TAB);
  cursor.skip(1);
  cursor.skipBlanks(1);
  return true;
}

/** Takes the marker of a list item, if one comes next; answers how far its lines are indented. */
function skipMarker(cursor: Cursor, isInParagraph: boolean): number | null {
  const before = cursor.blanks;
  if (before >= TAB) return null;
  const text = cursor.text;
  const marker = MARKER.exec(text);
  if (marker === null) return null;
  const isEmpty = isBlank(text.slice(marker[0].length));
  // CommonMark, section 5.2: what may interrupt a paragraph.
  if (isInParagraph && (isEmpty || (marker[1] !== undefined && Number(marker[1]) !== 1))) return null;
  const start = cursor.column;
  cursor.skipBlanks(before);
  cursor.skip(marker[0].length);
  const after = cursor.blanks;
  cursor.skipBlanks(isEmpty || after > TAB ? 1 : after);
  return isEmpty ? before + marker[0].length + 1 : cursor.column - start;
}

/** Whether a line is no further one of a paragraph, even where nothing marks it as one of its quote or item. */
const interrupts = (cursor: Cursor): boolean => cursor.blanks < TAB && INTERRUPTS.test(cursor.text);

function readOpening(opening: RegExpExecArray): Pick<OpenFence, 'sign' | 'length' | 'word'> {
  const marks = opening[1] ?? opening[3] ?? '`';
  const info = (opening[2] ?? opening[4] ?? '').trim();
  return { sign: marks.charAt(0), length: marks.length, word: (WORD.exec(info)?.[1] ?? '').toLowerCase() };
}

/**
 * The blocks of code in a text of Markdown, in their order: fenced ones, also in lists and quotes, and indented ones. What is
 * drawn as code is what CommonMark says is code (sections 4.4, 4.5, 5.1, 5.2). A scanner of ours, since the page's own parser
 * takes a hundred times as long: decision 0185.
 */
export function readFences(text: string): readonly Fence[] {
  return new FenceReader().read(text);
}

class FenceReader {
  readonly #fences: Fence[] = [];
  #containers: Container[] = [];
  #open: OpenFence | null = null;
  #indented: { readonly start: number; readonly depth: number; readonly lines: string[] } | null = null;
  #isInParagraph = false;
  /** The innermost container is a list item of which nothing but its marker came. */
  #isEmptyItem = false;

  read(text: string): readonly Fence[] {
    if (!/`{3}|~{3}| {4}|\t/u.test(text)) return [];
    // A mark of the byte order may stand before all else.
    for (let at = text.startsWith('\uFEFF') ? 1 : 0; at <= text.length; ) {
      const feed = text.indexOf('\n', at);
      const end = feed === -1 ? text.length : feed;
      // The last line is not there where the text ends with a line end.
      if (at < text.length || feed !== -1) this.#readLine(text.slice(at, end).replace(/\r$/u, ''), at);
      at = end + 1;
    }
    this.#close(false);
    this.#endIndented();
    return this.#fences;
  }

  #readLine(line: string, start: number): void {
    const cursor = new Cursor(line);
    let depth = 0;
    for (const container of this.#containers) {
      if (!enter(cursor, container)) break;
      depth += 1;
    }
    if (this.#open !== null) {
      if (depth >= this.#open.depth) return this.#goOn(this.#open, cursor);
      this.#close(true);
    }
    if (this.#indented !== null && this.#takeIndented(this.#indented, cursor, depth)) return;
    if (cursor.isBlank) {
      // Quotes that the line is not marked as one of end, and an item that has begun with a blank line.
      this.#containers.length = this.#isEmptyItem ? Math.min(depth, this.#containers.length - 1) : depth;
      this.#isEmptyItem = false;
      this.#isInParagraph = false;
      return;
    }
    this.#readBegin(cursor, depth, start);
  }

  #readBegin(cursor: Cursor, depth: number, start: number): void {
    const isInside = depth === this.#containers.length;
    const opened = this.#openContainers(cursor, isInside && this.#isInParagraph);
    const isLazy = !isInside && this.#isInParagraph && opened.length === 0 && !interrupts(cursor);
    if (!isLazy) {
      this.#containers.length = depth;
      this.#containers.push(...opened);
    }
    if (opened.length > 0) this.#isInParagraph = false;
    this.#isEmptyItem = cursor.isBlank && opened.at(-1)?.kind === 'item';
    if (!cursor.isBlank) this.#readLeaf(cursor, start, isLazy);
  }

  #readLeaf(cursor: Cursor, start: number, isLazy: boolean): void {
    const { blanks } = cursor;
    if (blanks >= TAB) {
      if (!this.#isInParagraph) this.#startIndented(cursor, start);
      return;
    }
    const opening = OPENING.exec(cursor.text);
    if (opening === null) {
      const isUnderline = this.#isInParagraph && !isLazy && UNDERLINE.test(cursor.text);
      this.#isInParagraph = !(isUnderline || HEADING.test(cursor.text) || BREAK.test(cursor.text));
      return;
    }
    this.#isInParagraph = false;
    cursor.skipBlanks(blanks);
    this.#open = {
      ...readOpening(opening),
      indent: blanks,
      depth: this.#containers.length,
      start: start + cursor.at,
      lines: [],
    };
  }

  #openContainers(cursor: Cursor, isInParagraph: boolean): Container[] {
    const opened: Container[] = [];
    while (this.#containers.length + opened.length < MOST_CONTAINERS) {
      if (skipQuote(cursor)) {
        opened.push({ kind: 'quote', indent: 0 });
        continue;
      }
      if (cursor.blanks < TAB && BREAK.test(cursor.text)) return opened;
      const indent = skipMarker(cursor, isInParagraph);
      if (indent === null) return opened;
      opened.push({ kind: 'item', indent });
    }
    return opened;
  }

  #goOn(open: OpenFence, cursor: Cursor): void {
    const marks = cursor.blanks < TAB ? (CLOSING.exec(cursor.rest)?.[1] ?? '') : '';
    const isClosing = marks.startsWith(open.sign) && marks.length >= open.length;
    if (isClosing) return this.#close(true);
    cursor.skipBlanks(open.indent);
    open.lines.push(cursor.rest);
  }

  #close(isClosed: boolean): void {
    const open = this.#open;
    if (open === null) return;
    this.#open = null;
    this.#fences.push({ code: open.lines.join('\n'), word: open.word, start: open.start, isClosed });
  }

  #startIndented(cursor: Cursor, start: number): void {
    const at = start + cursor.at;
    cursor.skipBlanks(TAB);
    this.#indented = { start: at, depth: this.#containers.length, lines: [cursor.rest] };
  }

  /** Whether the line is one more of the indented code; a blank one may turn out to be. */
  #takeIndented(
    indented: { readonly depth: number; readonly lines: string[] },
    cursor: Cursor,
    depth: number,
  ): boolean {
    if (depth >= indented.depth && (cursor.isBlank || cursor.blanks >= TAB)) {
      cursor.skipBlanks(TAB);
      indented.lines.push(cursor.rest);
      return true;
    }
    this.#endIndented();
    return false;
  }

  #endIndented(): void {
    const indented = this.#indented;
    if (indented === null) return;
    this.#indented = null;
    const { lines } = indented;
    while (isBlank(lines.at(-1) ?? 'none')) lines.pop();
    this.#fences.push({ code: lines.join('\n'), word: '', start: indented.start, isClosed: true });
  }
}
