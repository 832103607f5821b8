export interface AnsiPiece {
  readonly text: string;
  /** Class names of the theme (`ansi-red-fg`, `ansi-bold`), empty for plain text. */
  readonly classes: readonly string[];
  /** Colours of the 256 and the 16 million as CSS, null where a class says it. */
  readonly color: string | null;
  readonly background: string | null;
}

type Colour = { readonly name: string } | { readonly css: string } | null;

const NAMES = ['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white'] as const;
const DECORATIONS: Readonly<Record<number, string>> = {
  1: 'bold',
  2: 'dim',
  3: 'italic',
  4: 'underline',
  7: 'reverse',
  8: 'hidden',
  9: 'strikethrough',
};
/** What each code from 22 on takes away. */
const ENDINGS: Readonly<Record<number, readonly string[]>> = {
  21: ['bold'],
  22: ['bold', 'dim'],
  23: ['italic'],
  24: ['underline'],
  27: ['reverse'],
  28: ['hidden'],
  29: ['strikethrough'],
};

// An escape sequence that the end of a chunk cut off: kept back until the rest arrives.
const CUT_ESCAPE = /\u001b(?:\[[0-9;:?]{0,32})?$/;
const SEQUENCE =
  /\u001b(?:\[([0-9;]*)m|\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]{0,512}(?:\u0007|\u001b\\)|[()][A-Z0-9]|[=>78cDEHM])/g;

function named(index: number): Colour {
  const name = NAMES[index % 8] ?? 'white';
  return { name: index >= 8 ? `bright-${name}` : name };
}

/** The palette of 256: sixteen names, a cube of 6 × 6 × 6, 24 greys. Source: xterm. */
function ofPalette(index: number): Colour {
  if (index < 16) return named(index);
  if (index >= 232) {
    const grey = 8 + (index - 232) * 10;
    return { css: `rgb(${grey}, ${grey}, ${grey})` };
  }
  const level = (step: number) => (step === 0 ? 0 : 55 + step * 40);
  const cube = index - 16;
  return { css: `rgb(${level(Math.floor(cube / 36))}, ${level(Math.floor(cube / 6) % 6)}, ${level(cube % 6)})` };
}

/** Colour of `38;5;n` and `38;2;r;g;b`; takes its numbers off the front of `rest`. */
function extended(rest: number[]): Colour | undefined {
  const kind = rest.shift();
  const numbers = rest.splice(0, kind === 2 ? 3 : 1);
  if (numbers.some((value) => !(value >= 0 && value <= 255))) return undefined;
  if (kind === 2 && numbers.length === 3) return { css: `rgb(${numbers.join(', ')})` };
  return kind === 5 && numbers[0] !== undefined ? ofPalette(numbers[0]) : undefined;
}

interface Look {
  fg: Colour;
  bg: Colour;
  readonly decorations: Set<string>;
}

/** The colour that a code sets on its side; null takes it away, undefined changes nothing. `base` is the code for text. */
function colourOf(base: number, rest: number[]): Colour | undefined {
  if (base === 38) return extended(rest);
  if (base === 39) return null;
  return named(base >= 90 ? base - 90 + 8 : base - 30);
}

/** Which side a code colours, and the code that does the same to text. */
function sideOf(code: number): { readonly side: 'fg' | 'bg'; readonly base: number } | null {
  const isIn = (base: number) => (base >= 30 && base <= 39) || (base >= 90 && base <= 97);
  if (isIn(code)) return { side: 'fg', base: code };
  return isIn(code - 10) ? { side: 'bg', base: code - 10 } : null;
}

function applyColour(look: Look, code: number, rest: number[]): boolean {
  const found = sideOf(code);
  if (found === null) return false;
  const colour = colourOf(found.base, rest);
  if (colour !== undefined) look[found.side] = colour;
  return true;
}

function applyCodes(look: Look, codes: string): void {
  const rest = codes.split(';').map(Number);
  while (rest.length > 0) {
    const code = rest.shift() ?? 0;
    if (code === 0) {
      look.fg = look.bg = null;
      look.decorations.clear();
    } else if (!applyColour(look, code, rest)) {
      const added = DECORATIONS[code];
      if (added !== undefined) look.decorations.add(added);
      for (const ended of ENDINGS[code] ?? []) look.decorations.delete(ended);
    }
  }
}

function pieceOf(text: string, { fg, bg, decorations }: Look): AnsiPiece {
  const classes = [...decorations].map((name) => `ansi-${name}`);
  if (fg !== null && 'name' in fg) classes.push(`ansi-${fg.name}-fg`);
  if (bg !== null && 'name' in bg) classes.push(`ansi-${bg.name}-bg`);
  const css = (colour: Colour) => (colour !== null && 'css' in colour ? colour.css : null);
  return { text, classes, color: css(fg), background: css(bg) };
}

/** Reads a stream of text with ANSI colours; colours and cut sequences carry over from chunk to chunk. */
export function createAnsiReader(): { read(chunk: string): readonly AnsiPiece[] } {
  const look: Look = { fg: null, bg: null, decorations: new Set() };
  let kept = '';
  return {
    read(chunk) {
      let text = kept + chunk;
      kept = CUT_ESCAPE.exec(text)?.[0] ?? '';
      if (kept !== '') text = text.slice(0, text.length - kept.length);
      const pieces: AnsiPiece[] = [];
      let from = 0;
      for (const match of text.matchAll(SEQUENCE)) {
        if (match.index > from) pieces.push(pieceOf(text.slice(from, match.index), look));
        if (match[1] !== undefined) applyCodes(look, match[1]);
        from = match.index + match[0].length;
      }
      if (from < text.length) pieces.push(pieceOf(text.slice(from), look));
      return pieces;
    },
  };
}
