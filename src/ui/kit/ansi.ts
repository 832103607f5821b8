export interface AnsiPiece {
  readonly text: string;
  /** Class names of the theme (`ansi-red-fg`, `ansi-bold`), empty for plain text. */
  readonly classes: readonly string[];
  /** Colours of the 256 and the 16 million as CSS, null where a class says it. */
  readonly color: string | null;
  readonly background: string | null;
}

// An escape sequence that the end of a chunk cut off: kept back until the rest arrives.
const CUT_ESCAPE = /\u001b(?:\[[0-9;:?]{0,32})?$/;
const SEQUENCE =
  /\u001b(?:\[([0-9;]*)m|\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]{0,512}(?:\u0007|\u001b\\)|[()][A-Z0-9]|[=>78cDEHM]|)/g;
const LOOKS = /\u001b\[([0-9;]*)m/;
const ONE_LOOK = /[34]8;5;\d+|[34]8;2;\d+;\d+;\d+|\d+/g;

const NAMES = ['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white'] as const;
const BRIGHT = 8;
/** By their number; twenty more ends one. */
const MARKS = ['', 'bold', 'dim', 'italic', 'underline', '', '', 'reverse', 'hidden', 'strikethrough'] as const;

interface Colour {
  readonly className: string | null;
  readonly css: string | null;
}

/** How text looks from here on. */
interface Look {
  readonly marks: Set<string>;
  fg: Colour;
  bg: Colour;
}

type Side = 'fg' | 'bg';

const PLAIN: Colour = { className: null, css: null };

const hex = (parts: readonly number[]): Colour => ({
  className: null,
  css: `#${parts.map((part) => Math.min(part, 255).toString(16).padStart(2, '0')).join('')}`,
});
const levelOf = (step: number): number => (step === 0 ? 0 : 55 + 40 * step);

/**
 * Plain also for a number that no palette has. Of xterm's 256 (256colres.pl) the first sixteen are the theme's own, 16 to 231
 * are a cube of six levels and the last 24 greys.
 */
function paletteColour(index: number, side: Side): Colour {
  if (index < 2 * BRIGHT)
    return {
      className: `ansi-${index < BRIGHT ? '' : 'bright-'}${NAMES[index % BRIGHT] ?? ''}-${side}`,
      css: null,
    };
  if (index > 255) return PLAIN;
  if (index > 231) return hex(Array<number>(3).fill(8 + 10 * (index - 232)));
  const at = index - 16;
  return hex([Math.floor(at / 36), Math.floor(at / 6) % 6, at % 6].map(levelOf));
}

/** By the tens of their codes; from 90 on the colours are the bright ones. */
const SIDES: Readonly<Record<number, Side>> = { 3: 'fg', 4: 'bg', 9: 'fg', 10: 'bg' };

/** The unit of the code is the colour, or 8 for one that is spelt out, or 9 for none. */
function changeColour(look: Look, code: number, [mode, ...values]: readonly number[]): void {
  const side = SIDES[Math.floor(code / 10)];
  if (side === undefined) return;
  const unit = code % 10;
  if (unit < BRIGHT) look[side] = paletteColour(unit + (code < 90 ? 0 : BRIGHT), side);
  else if (code >= 90) return;
  else if (unit === 9) look[side] = PLAIN;
  else if (mode === 2) look[side] = hex(values);
  else if (mode === 5) look[side] = paletteColour(values[0] ?? 0, side);
}

function change(look: Look, [code = 0, ...colour]: readonly number[]): void {
  const mark = MARKS[code % 20] ?? '';
  if (code === 0) {
    look.marks.clear();
    look.fg = look.bg = PLAIN;
  } else if (code < 10) {
    if (mark !== '') look.marks.add(mark);
  } else if (code > 20 && code < 30) {
    look.marks.delete(mark);
    if (mark === 'dim') look.marks.delete('bold');
  } else changeColour(look, code, colour);
}

function pieceOf(text: string, { marks, fg, bg }: Look): AnsiPiece {
  const classes = [...marks].map((name) => `ansi-${name}`);
  for (const { className } of [fg, bg]) if (className !== null) classes.push(className);
  return { text, classes, color: fg.css, background: bg.css };
}

/** Reads a stream of text with ANSI colours; colours and cut sequences carry over from chunk to chunk. */
export function createAnsiReader(): { read(chunk: string): readonly AnsiPiece[] } {
  const look: Look = { marks: new Set(), fg: PLAIN, bg: PLAIN };
  let kept = '';
  return {
    read(chunk) {
      let text = kept + chunk;
      kept = CUT_ESCAPE.exec(text)?.[0] ?? '';
      if (kept !== '') text = text.slice(0, text.length - kept.length);
      const pieces: AnsiPiece[] = [];
      // What moves a cursor or names a window goes, as does a stray escape. Then texts and looks take turns.
      const parts = text
        .replace(SEQUENCE, (sequence, looks?: string) => (looks === undefined ? '' : sequence))
        .split(LOOKS);
      for (const [index, part] of parts.entries()) {
        if (index % 2 === 1) for (const one of part.match(ONE_LOOK) ?? ['0']) change(look, one.split(';').map(Number));
        else if (part !== '') pieces.push(pieceOf(part, look));
      }
      return pieces;
    },
  };
}
