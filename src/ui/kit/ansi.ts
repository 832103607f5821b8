import { createAnsiSequenceParser } from 'ansi-sequence-parser';

export interface AnsiPiece {
  readonly text: string;
  /** Class names of the theme (`ansi-red-fg`, `ansi-bold`), empty for plain text. */
  readonly classes: readonly string[];
  /** Colours of the 256 and the 16 million as CSS, null where a class says it. */
  readonly color: string | null;
  readonly background: string | null;
}

type Token = ReturnType<ReturnType<typeof createAnsiSequenceParser>['parse']>[number];
type Colour = NonNullable<Token['foreground']>;

// An escape sequence that the end of a chunk cut off: kept back until the rest arrives.
const CUT_ESCAPE = /\u001b(?:\[[0-9;:?]{0,32})?$/;
const SEQUENCE =
  /\u001b(?:\[([0-9;]*)m|\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]{0,512}(?:\u0007|\u001b\\)|[()][A-Z0-9]|[=>78cDEHM]|)/g;
const ONE_LOOK = /[34]8;5;\d+|[34]8;2;\d+;\d+;\d+|\d+/g;

const NAMES = ['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white'] as const;
const BRIGHT = 8;

/**
 * The parser knows colours only and takes each escape for one; within a sequence it takes away before it adds. So what
 * moves a cursor or names a window goes, as does a stray escape, and a sequence of several looks becomes one each, in
 * their order; none at all means "reset".
 */
const oneLookEach = (_sequence: string, looks: string | undefined): string => {
  if (looks === undefined) return '';
  return (looks.match(ONE_LOOK) ?? ['0']).map((look) => `\u001b[${look}m`).join('');
};

function classOf(colour: Colour | null, side: 'fg' | 'bg'): string | null {
  if (colour?.type === 'named') return `ansi-${colour.name.replace('bright', 'bright-').toLowerCase()}-${side}`;
  // The first sixteen of the 256 are the theme's own.
  if (colour?.type !== 'table' || colour.index >= 2 * BRIGHT) return null;
  const name = NAMES[colour.index % BRIGHT] ?? 'white';
  return `ansi-${colour.index < BRIGHT ? '' : 'bright-'}${name}-${side}`;
}

const hex = (parts: readonly number[]): string =>
  `#${parts.map((part) => Math.min(part, 255).toString(16).padStart(2, '0')).join('')}`;
const levelOf = (step: number): number => (step === 0 ? 0 : 55 + 40 * step);

/**
 * Null also for a number that no palette has. Of xterm's 256 (256colres.pl), 16 to 231 are a cube of six levels and the
 * last 24 greys. The parser's own palette would bring the names along, which are the theme's here.
 */
function cssOf(colour: Colour | null, className: string | null): string | null {
  if (colour === null || className !== null || colour.type === 'named') return null;
  if (colour.type === 'rgb') return hex(colour.rgb);
  const { index } = colour;
  if (index > 255) return null;
  if (index > 231) return hex(Array<number>(3).fill(8 + 10 * (index - 232)));
  const at = index - 16;
  return hex([Math.floor(at / 36), Math.floor(at / 6) % 6, at % 6].map(levelOf));
}

function pieceOf({ value, foreground, background, decorations }: Token): AnsiPiece {
  const fg = classOf(foreground, 'fg');
  const bg = classOf(background, 'bg');
  const classes = [...decorations].map((name) => `ansi-${name}`);
  for (const name of [fg, bg]) if (name !== null) classes.push(name);
  return { text: value, classes, color: cssOf(foreground, fg), background: cssOf(background, bg) };
}

/** Reads a stream of text with ANSI colours; colours and cut sequences carry over from chunk to chunk. */
export function createAnsiReader(): { read(chunk: string): readonly AnsiPiece[] } {
  const parser = createAnsiSequenceParser();
  let kept = '';
  return {
    read(chunk) {
      let text = kept + chunk;
      kept = CUT_ESCAPE.exec(text)?.[0] ?? '';
      if (kept !== '') text = text.slice(0, text.length - kept.length);
      return parser.parse(text.replace(SEQUENCE, oneLookEach)).map(pieceOf);
    },
  };
}
