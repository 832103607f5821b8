import { SerializeAddon } from '@xterm/addon-serialize';
import { Unicode11Addon } from '@xterm/addon-unicode11';
import { Terminal } from '@xterm/headless';
import { LIMITS } from '../../contracts/limits.ts';
import type { TerminalSize } from '../../contracts/terminal.ts';
import { redraw } from './redraw.ts';
import { isWithinSequence, learnCharsets } from './xterm-state.ts';

/** From the last begin of a sequence on: escape, or one of the C1 controls that stand for it and a letter. */
const BEGUN = /[\u001b\u0090\u0098\u009b\u009d-\u009f][^\u001b\u0090\u0098\u009b\u009d-\u009f]*$/u;
/** Acted on at once where they stand within one that is no string. */
const CONTROLS = /[\u0000-\u0017\u0019\u001c-\u001f]/gu;
const STRING = /^(?:\u001b[\]PX^_]|[\u0090\u0098\u009d-\u009f])/u;

/** A terminal's screen and what scrolled out of it, without a page. */
export interface Screen {
  /** `done` is called when all of it has been worked through. */
  write(text: string, done: () => void): void;
  resize(size: TerminalSize): void;
  /** What makes a fresh terminal of the same size look, scroll and behave like this one. */
  serialize(): string;
  dispose(): void;
}

/** `answer` gets what programs ask a terminal for (where the cursor is, what it can): pages that show it do not answer. */
export function createScreen({ columns, rows }: TerminalSize, answer: (text: string) => void): Screen {
  const terminal = new Terminal({
    cols: columns,
    rows,
    scrollback: LIMITS.terminalScrollback.standard,
    allowProposedApi: true,
    logLevel: 'off',
  });
  const serializer = new SerializeAddon();
  terminal.loadAddon(serializer);
  terminal.loadAddon(new Unicode11Addon());
  terminal.unicode.activeVersion = '11';
  terminal.onData(answer);
  const charsetFinal = learnCharsets(terminal);
  let cut = '';
  return {
    write: (text, done) =>
      terminal.write(text, () => {
        cut = isWithinSequence(terminal) ? begun(cut, text) : '';
        done();
      }),
    resize: ({ columns: cols, rows: lines }) => terminal.resize(cols, lines),
    serialize: () => redraw(terminal, serializer, charsetFinal, cut),
    dispose: () => terminal.dispose(),
  };
}

/** The sequence that `text` ends within, as another terminal has to get it before its rest; `before` began it where `text` does not. */
function begun(before: string, text: string): string {
  const head = BEGUN.exec(text)?.[0] ?? before + text;
  return STRING.test(head) ? head : head.replace(CONTROLS, '');
}
