import { FitAddon } from '@xterm/addon-fit';
import { SearchAddon } from '@xterm/addon-search';
import { Unicode11Addon } from '@xterm/addon-unicode11';
import { WebLinksAddon } from '@xterm/addon-web-links';
import { Terminal } from '@xterm/xterm';
import css from '@xterm/xterm/css/xterm.css?inline';
import { LIMITS } from '../../contracts/limits.ts';
import type { TerminalSize } from '../../contracts/terminal.ts';
import { openLink } from './links.ts';
import { readTheme } from './theme.ts';

const FONT_PX = 14;
/** Below it colours of programs are moved away from the ground. */
const CONTRAST = 4.5;
/** OSC numbers of one of 256, text, ground and cursor. */
const COLOUR_QUESTIONS = [4, 10, 11, 12];

/** What a person sees of a terminal, and what it was made with. */
export interface Xterm {
  readonly terminal: Terminal;
  readonly search: SearchAddon;
  /** Makes it fill its place; null where that is not shown. */
  fit(): TerminalSize | null;
}

/** Makes a terminal in a place of the page. `onHover` gets the address under the pointer. */
export function createXterm(place: HTMLElement, onHover: (address: string | null) => void): Xterm {
  addStyle(place.ownerDocument);
  const terminal = new Terminal({
    allowProposedApi: true,
    cursorBlink: !matchMedia('(prefers-reduced-motion: reduce)').matches,
    fontFamily: getComputedStyle(place).getPropertyValue('--mono'),
    fontSize: FONT_PX,
    logLevel: 'off',
    minimumContrastRatio: CONTRAST,
    scrollback: LIMITS.terminalScrollback.standard,
    theme: readTheme(place),
    linkHandler: {
      activate: (_event, address) => openLink(address),
      hover: (_event, address) => onHover(address),
      leave: () => onHover(null),
    },
  });
  const fitter = new FitAddon();
  const search = new SearchAddon();
  terminal.loadAddon(fitter);
  terminal.loadAddon(search);
  terminal.loadAddon(new Unicode11Addon());
  terminal.loadAddon(
    new WebLinksAddon((_event, address) => openLink(address), {
      hover: (_event, address) => onHover(address),
      leave: () => onHover(null),
    }),
  );
  terminal.unicode.activeVersion = '11';
  leaveAnswersToHost(terminal);
  answerForColoursInFront(terminal, place.ownerDocument);
  terminal.open(place);
  return {
    terminal,
    search,
    fit() {
      const wanted = fitter.proposeDimensions();
      if (wanted === undefined || Number.isNaN(wanted.cols) || Number.isNaN(wanted.rows)) return null;
      const columns = Math.min(Math.max(wanted.cols, 2), LIMITS.terminalColumns.standard);
      const rows = Math.min(Math.max(wanted.rows, 1), LIMITS.terminalRows.standard);
      if (columns !== terminal.cols || rows !== terminal.rows) terminal.resize(columns, rows);
      return { columns, rows };
    },
  };
}

/** The host keeps the same screen and answers what programs ask of it: two pages would answer twice. */
function leaveAnswersToHost({ parser }: Terminal): void {
  const swallow = () => true;
  for (const id of [
    { final: 'c' },
    { prefix: '>', final: 'c' },
    { prefix: '=', final: 'c' },
    { final: 'n' },
    { prefix: '?', final: 'n' },
    { intermediates: '$', final: 'p' },
    { prefix: '?', intermediates: '$', final: 'p' },
    { prefix: '>', final: 'q' },
  ]) {
    parser.registerCsiHandler(id, swallow);
  }
  parser.registerDcsHandler({ intermediates: '$', final: 'q' }, swallow);
}

/** Its colours a page alone knows; of several windows the one that has the focus says them. */
function answerForColoursInFront({ parser }: Terminal, document: Document): void {
  const isQuestion = (asked: string): boolean => asked.split(';').includes('?');
  for (const id of COLOUR_QUESTIONS)
    parser.registerOscHandler(id, (asked) => isQuestion(asked) && !document.hasFocus());
}

function addStyle(document: Document): void {
  if (document.getElementById('xterm-style')) return;
  const style = document.createElement('style');
  style.id = 'xterm-style';
  style.textContent = css;
  document.head.append(style);
}
