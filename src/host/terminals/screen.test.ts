import { Unicode11Addon } from '@xterm/addon-unicode11';
import { Terminal } from '@xterm/headless';
import { describe, expect, it } from 'vitest';
import { createScreen } from './screen.ts';

const ESC = '\u001b';
const CSI = `${ESC}[`;
/** Between the places where a page comes back: prime, so that they fall within sequences of every length. */
const STEP = 13;
const SIZE = { columns: 24, rows: 6 };

/** What these programs write, by the terminal description that a terminal of the product names. */
const PROGRAMS = {
  'the progress bar of apt': [
    'Reading lists... Done\r\nUnpacking cowsay ...\r\n\r\n',
    `${ESC}7${CSI}0;5r${ESC}8${CSI}1A`,
    `${ESC}7${CSI}6;0f${CSI}42m${CSI}30mProgress: [ 20%]${CSI}49m${CSI}39m [#...]${ESC}8`,
    'Setting up cowsay (3.03) ...\r\nSetting up libtext ...\r\n',
    `${ESC}7${CSI}6;0f${CSI}42m${CSI}30mProgress: [ 80%]${CSI}49m${CSI}39m [###.]${ESC}8`,
    'Processing triggers ...\r\n',
    `${ESC}7${CSI}0;6r${ESC}8${CSI}1A${CSI}J`,
  ],
  'tmux with two panes': [
    `$ tmux\r\n${CSI}?1049h${CSI}22;0;0t${CSI}?1h${ESC}=${CSI}H${CSI}2J${CSI}?12l${CSI}?25h`,
    `${CSI}?1006h${CSI}?1002h${CSI}?1004h${CSI}1;5r${CSI}H$ make\r\ncc -O2 main.c`,
    `${CSI}1;13H${ESC}(0x${CSI}2;13Hx${CSI}3;13Htqq${ESC}(B${CSI}m top`,
    `${CSI}?25l${CSI}6;1H${CSI}30m${CSI}42m[0] 0:bash* ${CSI}10X${CSI}23G"h"${ESC}(B${CSI}m${CSI}2;13H${CSI}?25h`,
    `${CSI}5;1H\n\n${CSI}4;1Hdone é 漢字${CSI}1;6r${CSI}?1006l${CSI}?1002l${CSI}?1049l$ `,
  ],
  'vim with a split window': [
    `$ vim a.c\r\n${CSI}?1049h${CSI}>4;2m${CSI}?1h${ESC}=${CSI}?2004h${CSI}1;6r${CSI}27m${CSI}m${CSI}H${CSI}2J${CSI}?25l`,
    `int x;\r\n${CSI}94m~${CSI}22X\r\n~${CSI}m${CSI}4;1H${CSI}1m${CSI}7ma.c [+]${CSI}15C1,1${CSI}m${CSI}1;1H${CSI}?25h${CSI}5 q`,
    `${CSI}?25l${CSI}1;3r${CSI}3;1H\nreturn 0;${CSI}1;6r${CSI}48;5;236m${CSI}6;1H${CSI}K-- INSERT --${CSI}2;4H${CSI}?25h`,
    `${CSI}4hab${CSI}4l${CSI}2 q${CSI}?2004l${CSI}?1l${ESC}>${CSI}m${CSI}?1049l$ `,
  ],
  'less, which scrolls back': [
    `$ less a\r\n${CSI}?1049h${CSI}?1h${ESC}=\rone\r\ntwo\r\nthree\r\nfour\r\nfive\r\n${CSI}7ma${CSI}27m${CSI}K`,
    `\r${CSI}K${CSI}H${ESC}Mzero\r\n${CSI}6;1H\r${CSI}K:${CSI}K`,
    `\r${CSI}K${CSI}4msix and a line that is longer than the screen${CSI}24m\r\n${CSI}7m(END)${CSI}27m${CSI}K\r${CSI}K${CSI}?1l${ESC}>${CSI}?1049l$ `,
  ],
  'a box by way of the second character set': [
    `${CSI}3g${CSI}5G${ESC}H\r${ESC}(B${ESC})0${CSI}31m\u000elqqqk${ESC}7\u000f\r\nplain${CSI}m\r\n\u000ex${ESC}8mqqqj\u000f\r\n\ttab`,
    `${CSI}2;5r${CSI}?6h${CSI}?7l${CSI}2;3Hin the margins, and cut off${CSI}?6l${CSI}r${CSI}?7he\u0301${CSI}3b${ESC}]0;title\u0007${ESC}P+q544e${ESC}\\end`,
  ],
} as const;

function newTerminal(): Terminal {
  const terminal = new Terminal({ cols: SIZE.columns, rows: SIZE.rows, allowProposedApi: true, logLevel: 'off' });
  terminal.loadAddon(new Unicode11Addon());
  terminal.unicode.activeVersion = '11';
  return terminal;
}

const written = (terminal: Terminal, text: string): Promise<void> => new Promise((done) => terminal.write(text, done));

/** What a person sees of a terminal. */
function looks({ buffer: { active }, modes }: Terminal) {
  const rows = Array.from({ length: active.length }, (_, row) => {
    const line = active.getLine(row);
    const cells = Array.from({ length: SIZE.columns }, (_, column) => {
      const cell = line?.getCell(column);
      const ground = `${String(cell?.getBgColorMode())},${String(cell?.getBgColor())}`;
      if (!cell?.getChars()) return ground;
      const flags = [
        cell.isBold(),
        cell.isDim(),
        cell.isItalic(),
        cell.isUnderline(),
        cell.isBlink(),
        cell.isInverse(),
      ];
      const more = [cell.isInvisible(), cell.isStrikethrough(), cell.isOverline(), cell.getFgColorMode()];
      return `${cell.getChars()} ${[...flags, ...more, cell.getFgColor()].join()} ${ground}`;
    });
    return `${String(line?.isWrapped)} ${cells.join('|')}`;
  });
  return { rows, modes, type: active.type, x: active.cursorX, y: active.cursorY };
}

/** Whether the cursor is shown, how the mouse is told, which rows scroll, what the cursor looks like. */
async function answers(terminal: Terminal): Promise<string> {
  let said = '';
  terminal.onData((answer) => (said += answer));
  await written(terminal, `${CSI}?25$p${CSI}?1006$p${ESC}P$qr${ESC}\\${ESC}P$q q${ESC}\\`);
  return said;
}

/** A terminal that saw `before`, and one that got the screen of it. */
async function pair(before: readonly string[]): Promise<readonly [Terminal, Terminal]> {
  const screen = createScreen(SIZE, () => undefined);
  for (const piece of before) await new Promise<void>((done) => screen.write(piece, done));
  const [whole, back] = [newTerminal(), newTerminal()];
  await written(whole, before.join(''));
  // What a page shows of it before it looks again.
  await written(back, `old${CSI}?25l${CSI}2;3r${ESC}(0${ESC}]0;ti`);
  await written(back, screen.serialize());
  screen.dispose();
  return [whole, back];
}

describe('a terminal that a page comes back to', () => {
  it.each(Object.entries(PROGRAMS))('is drawn right under %s, wherever it is cut', async (_, pieces) => {
    const stream = pieces.join('');
    for (let cut = 2; cut <= stream.length; cut += STEP) {
      const [whole, back] = await pair([stream.slice(0, cut - 2), stream.slice(cut - 2, cut)]);
      for (const rest of [stream.slice(cut, cut + 40), stream.slice(cut + 40)]) {
        await written(whole, rest);
        await written(back, rest);
        expect(looks(back), `cut at ${String(cut)}`).toEqual(looks(whole));
      }
      expect(await answers(back), `cut at ${String(cut)}`).toBe(await answers(whole));
      whole.dispose();
      back.dispose();
    }
  });

  it('has each colour and look of what was printed and of what comes next', async () => {
    const looked = [1, 2, 3, 4, 5, 7, 8, 9, 53, 31, 97, '38;5;200', '38;2;1;2;3', 44, 104, '48;5;17', '48;2;9;8;7'];
    for (const code of looked) {
      const [whole, back] = await pair([`a${CSI}${String(code)}m${ESC}7b${CSI}K${CSI}?25l`]);
      for (const terminal of [whole, back]) await written(terminal, `c${CSI}m${ESC}8${CSI}2@d`);
      expect(looks(back), String(code)).toEqual(looks(whole));
      expect(await answers(back)).toBe(await answers(whole));
    }
  });
});
