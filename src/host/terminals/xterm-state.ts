/**
 * What a terminal of @xterm/headless 6.0.0 remembers beside its cells and offers no public way to read. The serialize addon reads the
 * same object; `screen.test.ts` compares with terminals that saw everything, so an update that moves something fails there.
 */
import type { IBufferCell, Terminal } from '@xterm/headless';

/** How cells look: the part of a cell that attributes have too. */
export type Look = Pick<
  IBufferCell,
  | 'getFgColor'
  | 'getBgColor'
  | 'isFgRGB'
  | 'isBgRGB'
  | 'isFgPalette'
  | 'isBgPalette'
  | 'isInverse'
  | 'isBold'
  | 'isUnderline'
  | 'isOverline'
  | 'isBlink'
  | 'isInvisible'
  | 'isItalic'
  | 'isDim'
  | 'isStrikethrough'
>;

/** A character set by identity; undefined is ASCII. */
export type Charset = object | undefined;

/** One of the two screens: rows and columns count from 0. */
export interface ScreenBuffer {
  readonly x: number;
  readonly y: number;
  /** Row of all lines at which the visible part begins. */
  readonly ybase: number;
  readonly scrollTop: number;
  readonly scrollBottom: number;
  readonly savedX: number;
  /** Of all lines. */
  readonly savedY: number;
  readonly savedCurAttrData: Look;
  readonly savedCharset: Charset;
  readonly tabs: Readonly<Record<number, boolean>>;
}

interface Core {
  readonly _bufferService: { readonly buffers: { readonly normal: ScreenBuffer; readonly alt: ScreenBuffer } };
  readonly _charsetService: {
    readonly charset: Charset;
    readonly glevel: number;
    readonly _charsets: readonly Charset[];
  };
  readonly _inputHandler: {
    readonly _curAttrData: Look;
    readonly _parser: {
      readonly currentState: number;
      readonly initialState: number;
      readonly precedingJoinState: number;
    };
    parse(text: string): unknown;
  };
  readonly coreService: {
    readonly isCursorHidden: boolean;
    readonly decPrivateModes: { readonly cursorStyle?: 'block' | 'underline' | 'bar'; readonly cursorBlink?: boolean };
  };
  readonly coreMouseService: { readonly activeEncoding: string };
}

const coreOf = (terminal: Terminal): Core => (terminal as unknown as { readonly _core: Core })._core;

/** Final bytes of the sequences that choose a character set. */
const CHARSETS = '0A4C5RQKYE6ZH7=';

/** Which final byte chooses a character set: xterm.js exports them not, so each is chosen once in a terminal that is still empty. */
export function learnCharsets(terminal: Terminal): (charset: Charset) => string {
  const core = coreOf(terminal);
  const finals = new Map<Charset, string>();
  for (const final of CHARSETS) {
    core._inputHandler.parse(`\u001b(${final}`);
    finals.set(core._charsetService.charset, final);
  }
  core._inputHandler.parse('\u001b(B');
  return (charset) => finals.get(charset) ?? 'B';
}

/** Whether it stands within an escape sequence. */
export function isWithinSequence(terminal: Terminal): boolean {
  const { currentState, initialState } = coreOf(terminal)._inputHandler._parser;
  return currentState !== initialState;
}

/** All of it, as it is now. */
export function stateOf(terminal: Terminal) {
  const core = coreOf(terminal);
  const { charset, glevel, _charsets: charsets } = core._charsetService;
  return {
    normal: core._bufferService.buffers.normal,
    alternate: core._bufferService.buffers.alt,
    look: core._inputHandler._curAttrData,
    /** The one that is used, which a restored cursor brings along whatever the sets G0 to G3 are. */
    charset,
    charsets: [0, 1, 2, 3].map((set) => charsets[set]),
    chosenSet: glevel,
    isCursorHidden: core.coreService.isCursorHidden,
    cursorStyle: core.coreService.decPrivateModes.cursorStyle,
    isCursorBlinking: core.coreService.decPrivateModes.cursorBlink ?? false,
    mouseEncoding: core.coreMouseService.activeEncoding,
    /** What was printed last may still take a combining character, or be repeated. */
    isJustPrinted: core._inputHandler._parser.precedingJoinState !== 0,
  };
}

export type XtermState = ReturnType<typeof stateOf>;
