import type { SerializeAddon } from '@xterm/addon-serialize';
import type { IBuffer, Terminal } from '@xterm/headless';
import { type Charset, type Look, type ScreenBuffer, stateOf, type XtermState } from './xterm-state.ts';

const ESC = '\u001b';
const CSI = `${ESC}[`;

/** Ends whatever sequence a terminal stands in, and makes it as new, in the order of what is written: `reset()` does neither. */
const AFRESH = `\u0018${ESC}c`;

/** How the serialize addon goes from the lines to the other screen. */
const TO_ALTERNATE = `${CSI}?1049h${CSI}H`;
/** Unlike 1049 it saves no cursor. */
const ALTERNATE = `${CSI}?1047h`;

/** Intermediates of the sequences that choose the sets G0 to G3, and what makes each of them the one in use. */
const SETS = ['(', ')', '*', '+'];
const SHIFTS = ['\u000f', '\u000e', `${ESC}n`, `${ESC}o`];

const PROTOCOLS = { none: '', x10: '9', vt200: '1000', drag: '1002', any: '1003' } as const;
const ENCODINGS: Readonly<Record<string, string>> = { SGR: '1006', SGR_PIXELS: '1016' };
const STYLES = { block: 2, underline: 4, bar: 6 } as const;
const TAB_WIDTH = 8;

/**
 * What draws a terminal, its scroll-back and all it remembers in another one of the same size: `content` by the serialize addon, then what
 * that leaves out or sets where it moves the cursor (margins, the saved cursor, character sets, the mouse, origin mode). `charsetFinal` is
 * from `learnCharsets`; `cut` is the begin of a sequence whose rest is still to come.
 */
export function redraw(
  terminal: Terminal,
  serializer: SerializeAddon,
  charsetFinal: (charset: Charset) => string,
  cut: string,
): string {
  const state = stateOf(terminal);
  const content = serializer.serialize({ excludeModes: true });
  const border = content.indexOf(TO_ALTERNATE);
  const isAlternate = terminal.buffer.active.type === 'alternate';
  const { normal, alternate } = terminal.buffer;
  const memory = (buffer: ScreenBuffer): string => margins(buffer, terminal.rows) + saved(buffer, charsetFinal);
  const screens = isAlternate
    ? [
        content.slice(0, border) + blanks(normal, terminal) + memory(state.normal),
        `${CSI}m${ALTERNATE}${CSI}H${content.slice(border + TO_ALTERNATE.length)}`,
        blanks(alternate, terminal) + memory(state.alternate),
      ]
    : [content, blanks(normal, terminal) + memory(state.normal)];
  const active = isAlternate ? state.alternate : state.normal;
  return [
    AFRESH,
    ...screens,
    tabs(active, terminal.cols),
    modes(terminal, state),
    cursor(terminal, state, active, charsetFinal),
    cut,
  ].join('');
}

/**
 * The grounds of cells that hold nothing, of the visible rows; moves the cursor. The addon leaves out rows after the last that has text,
 * and those that scroll into place while a ground is set get it.
 */
function blanks(buffer: IBuffer, { cols, rows }: Terminal): string {
  let drawn = '';
  for (let row = 0; row < rows; row += 1) {
    const line = buffer.getLine(buffer.baseY + row);
    const groundAt = (column: number): string | null => {
      const cell = line?.getCell(column);
      return cell === undefined || cell.getChars() !== '' || cell.getWidth() === 0 ? null : ground(cell);
    };
    for (let column = 0, end = 0; column < cols; column = end) {
      const found = groundAt(column);
      for (end = column + 1; end < cols && groundAt(end) === found; ) end += 1;
      if (found !== null) drawn += `${to(row, column)}${found}${CSI}${String(end - column)}X`;
    }
  }
  return drawn;
}

/** Rows that scroll; moves the cursor. */
function margins({ scrollTop, scrollBottom }: ScreenBuffer, rows: number): string {
  const isAll = scrollTop === 0 && scrollBottom === rows - 1;
  return isAll ? '' : `${CSI}${String(scrollTop + 1)};${String(scrollBottom + 1)}r`;
}

const to = (row: number, column: number): string => `${CSI}${String(row + 1)};${String(column + 1)}H`;

/** What ESC 8 brings back: place, look and character set; leaves the cursor there. */
function saved(buffer: ScreenBuffer, charsetFinal: (charset: Charset) => string): string {
  const row = Math.max(buffer.savedY - buffer.ybase, 0);
  const final = charsetFinal(buffer.savedCharset);
  const look = sgr(buffer.savedCurAttrData);
  if (row === 0 && buffer.savedX === 0 && final === 'B' && look === `${CSI}0m`) return '';
  return `${to(row, buffer.savedX)}${look}${ESC}(${final}${ESC}7${ESC}(B`;
}

/** Where tabs stop, unless that is in every eighth column; moves the cursor. */
function tabs({ tabs: stops }: ScreenBuffer, columns: number): string {
  const all = Array.from({ length: columns }, (_, column) => column);
  const isStop = (column: number): boolean => stops[column] === true;
  if (all.every((column) => isStop(column) === (column % TAB_WIDTH === 0))) return '';
  const set = all.filter(isStop).map((column) => `${to(0, column)}${ESC}H`);
  return `${CSI}3g${set.join('')}`;
}

/** All but insert mode, which would push aside what is still to be drawn. Origin mode moves the cursor. */
function modes(terminal: Terminal, state: XtermState): string {
  const { modes: of } = terminal;
  const encoding = ENCODINGS[state.mouseEncoding];
  const set = [
    of.applicationCursorKeysMode && '1',
    of.originMode && '6',
    of.reverseWraparoundMode && '45',
    of.applicationKeypadMode && '66',
    PROTOCOLS[of.mouseTrackingMode],
    of.sendFocusMode && '1004',
    encoding,
    of.bracketedPasteMode && '2004',
  ].filter((mode) => typeof mode === 'string' && mode !== '');
  const { cursorStyle: style } = state;
  return [
    set.map((mode) => `${CSI}?${String(mode)}h`).join(''),
    of.wraparoundMode ? '' : `${CSI}?7l`,
    // Also where it is shown: nothing else brings back one that a terminal hides.
    `${CSI}?25${state.isCursorHidden ? 'l' : 'h'}`,
    style === undefined ? '' : `${CSI}${String(STYLES[style] - (state.isCursorBlinking ? 1 : 0))} q`,
  ].join('');
}

/** Place, look and character sets of what is printed next. */
function cursor(
  terminal: Terminal,
  state: XtermState,
  { x, y, scrollTop }: ScreenBuffer,
  charsetFinal: (charset: Charset) => string,
): string {
  const { originMode, insertMode } = terminal.modes;
  const row = y - (originMode ? scrollTop : 0);
  const last = lastPrinted(terminal, x, y);
  // Only what is printed into the last column leaves the cursor behind it.
  const isBehind = x === terminal.cols && last !== null;
  const place = isBehind ? to(row, last.column) + last.look + last.text : to(row, x);
  const rest = sgr(state.look) + charsets(state, charsetFinal) + (insertMode ? `${CSI}4h` : '');
  // Printed again, it takes what may still combine with it, and can be repeated.
  const isAgain = state.isJustPrinted && last !== null && !insertMode && last.look === sgr(state.look);
  return place + rest + (isAgain ? to(row, last.column) + last.text : '');
}

function lastPrinted(
  terminal: Terminal,
  x: number,
  y: number,
): { readonly column: number; readonly look: string; readonly text: string } | null {
  const { active } = terminal.buffer;
  const line = active.getLine(active.baseY + y);
  let column = x - 1;
  if (line?.getCell(column)?.getWidth() === 0) column -= 1;
  const cell = line?.getCell(column);
  return cell === undefined || cell.getChars() === '' ? null : { column, look: sgr(cell), text: cell.getChars() };
}

/** The four sets, and which of them is in use: after ESC 8 that may be one which none of them is. */
function charsets(
  { charsets: sets, charset, chosenSet }: XtermState,
  charsetFinal: (charset: Charset) => string,
): string {
  const isChosen = sets[chosenSet] === charset;
  const other = sets.indexOf(charset);
  const used = isChosen || other === -1 ? chosenSet : other;
  const chosen = sets.map((set, number) => {
    const final = charsetFinal(number === used ? charset : set);
    return final === 'B' ? '' : `${ESC}${SETS[number] ?? ''}${final}`;
  });
  return chosen.join('') + (used === 0 ? '' : (SHIFTS[used] ?? ''));
}

const ground = (look: Look): string =>
  `${CSI}${[0, ...colour(40, look.getBgColor(), Boolean(look.isBgRGB()), Boolean(look.isBgPalette()))].join(';')}m`;

/** The sequence that makes what is printed look so, whatever the look was. */
function sgr(look: Look): string {
  const flags: readonly (readonly [number | boolean, number])[] = [
    [look.isBold(), 1],
    [look.isDim(), 2],
    [look.isItalic(), 3],
    [look.isUnderline(), 4],
    [look.isBlink(), 5],
    [look.isInverse(), 7],
    [look.isInvisible(), 8],
    [look.isStrikethrough(), 9],
    [look.isOverline(), 53],
  ];
  const codes = [
    0,
    ...flags.filter(([isOn]) => Boolean(isOn)).map(([, code]) => code),
    ...colour(30, look.getFgColor(), Boolean(look.isFgRGB()), Boolean(look.isFgPalette())),
    ...colour(40, look.getBgColor(), Boolean(look.isBgRGB()), Boolean(look.isBgPalette())),
  ];
  return `${CSI}${codes.join(';')}m`;
}

/** `first` is the code of the first of the eight colours: 30 of text, 40 of the ground. */
function colour(first: number, value: number, isRgb: boolean, isPalette: boolean): readonly number[] {
  if (isRgb) return [first + 8, 2, (value >> 16) & 255, (value >> 8) & 255, value & 255];
  if (!isPalette) return [];
  if (value < 8) return [first + value];
  return value < 16 ? [first + 60 + value - 8] : [first + 8, 5, value];
}
