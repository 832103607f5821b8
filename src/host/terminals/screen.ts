import { SerializeAddon } from '@xterm/addon-serialize';
import { Unicode11Addon } from '@xterm/addon-unicode11';
import { Terminal } from '@xterm/headless';
import { LIMITS } from '../../contracts/limits.ts';
import type { TerminalSize } from '../../contracts/terminal.ts';

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
  return {
    write: (text, done) => terminal.write(text, done),
    resize: ({ columns: cols, rows: lines }) => terminal.resize(cols, lines),
    serialize: () => serializer.serialize(),
    dispose: () => terminal.dispose(),
  };
}
