import Anser from 'anser';

export interface AnsiPiece {
  readonly text: string;
  /** Class names of the theme (`ansi-red-fg`, `ansi-bold`), empty for plain text. */
  readonly classes: readonly string[];
  /** `rgb` triples of 256 and 16 million colours, null where a class says it. */
  readonly color: string | null;
  readonly background: string | null;
}

// An escape sequence that the end of a chunk cut off: kept back until the rest arrives.
const CUT_ESCAPE = /\u001b(?:\[[0-9;:?]{0,32})?$/;
const COLOUR_SEQUENCE = /\u001b\[([0-9;]*)m/;
// Selects the standard font, which changes nothing: without a leading sequence anser forgets the colour of the chunk before.
const CARRY_OVER = '\u001b[10m';
const OTHER_SEQUENCES =
  /\u001b(?:\[[0-?]*[ -/]*[@-ln-~]|\][^\u0007\u001b]{0,512}(?:\u0007|\u001b\\)|[()][A-Z0-9]|[=>78cDEHM])/g;

function pieceOf(entry: Anser.AnserJsonEntry): AnsiPiece {
  const classes = [...new Set(entry.decorations)].map((name) => `ansi-${name}`);
  const take = (name: string | null, truecolor: string | null, side: 'fg' | 'bg'): string | null => {
    if (!name) return null;
    if (name === 'ansi-truecolor') return truecolor ? `rgb(${truecolor})` : null;
    classes.push(`${name}-${side}`);
    return null;
  };
  const color = take(entry.fg, entry.fg_truecolor, 'fg');
  const background = take(entry.bg, entry.bg_truecolor, 'bg');
  return { text: entry.content, classes, color, background };
}

/** Reads a stream of text with ANSI colours; colours and cut sequences carry over from chunk to chunk. */
export function createAnsiReader(): { read(chunk: string): readonly AnsiPiece[] } {
  const anser = new Anser();
  let kept = '';
  let isColoured = false;
  return {
    read(chunk) {
      let text = kept + chunk;
      kept = CUT_ESCAPE.exec(text)?.[0] ?? '';
      if (kept !== '') text = text.slice(0, text.length - kept.length);
      if (text === '') return [];
      if (!isColoured && !text.includes('\u001b')) return [{ text, classes: [], color: null, background: null }];
      const coloured = text.replace(OTHER_SEQUENCES, '');
      if (!isColoured && !COLOUR_SEQUENCE.test(coloured))
        return [{ text: coloured, classes: [], color: null, background: null }];
      isColoured = true;
      return anser
        .ansiToJson(CARRY_OVER + coloured, { json: true, remove_empty: true, use_classes: true })
        .map(pieceOf)
        .filter((piece) => piece.text !== '');
    },
  };
}
