import { describe, expect, it } from 'vitest';
import type { BoxWorker } from '../../contracts/box.ts';
import { LIMITS } from '../../contracts/limits.ts';
import type { TerminalEnd } from '../../contracts/terminal.ts';
import { EngineTerminals } from './engine-terminals.ts';

const SIZE = { columns: 80, rows: 24 };

function open() {
  const posted: unknown[] = [];
  let closed = 0;
  const terminals = new EngineTerminals({ post: (message) => void posted.push(message), close: () => (closed += 1) });
  const shown: string[] = [];
  const ends: TerminalEnd[] = [];
  const terminal = terminals.open(SIZE, {
    onOpened: () => undefined,
    onOutput: (text) => shown.push(text),
    onEnd: (end) => ends.push(end),
  });
  return { terminals, terminal, posted, shown, ends, closed: () => closed };
}

describe('terminals of an engine', () => {
  it('tell their worker what is asked of them, until they end', () => {
    const { terminals, terminal, posted, ends } = open();
    terminal.send({ kind: 'write', text: 'x' });
    terminals.take(1, { kind: 'exited', code: 2 });
    terminal.send({ kind: 'write', text: 'y' });
    expect(posted).toEqual([
      { kind: 'terminal', id: 1, request: { kind: 'open', ...SIZE } },
      { kind: 'terminal', id: 1, request: { kind: 'write', text: 'x' } },
    ]);
    terminals.take(1, { kind: 'exited', code: 0 });
    terminals.endAll();
    expect(ends).toEqual([{ kind: 'exited', code: 2 }]);
  });

  it('tell it how much of its output was taken as an answer, which earns it nothing', () => {
    const answers: boolean[] = [];
    const post: BoxWorker['post'] = (_message, { isAnswer = false } = {}) => void answers.push(isAnswer);
    const terminals = new EngineTerminals({ post, close: () => undefined });
    const nothing = (): void => undefined;
    const terminal = terminals.open(SIZE, { onOpened: nothing, onOutput: nothing, onEnd: nothing });
    terminal.send({ kind: 'taken', utf16: 1 });
    terminal.send({ kind: 'write', text: 'x' });
    expect(answers).toEqual([false, true, false]);
  });

  it('hear nothing of numbers that nobody opened', () => {
    const { terminals, shown } = open();
    terminals.take(7, { kind: 'output', text: 'x' });
    expect(shown).toEqual([]);
  });

  it('end a worker that sends far more than it may', () => {
    const { terminals, terminal, closed, shown } = open();
    const piece = 'x'.repeat(LIMITS.terminalAheadUtf16.standard);
    const pieces = LIMITS.terminalForgedUtf16.standard / piece.length;
    for (let count = 0; count < pieces; count += 1) terminals.take(1, { kind: 'output', text: piece });
    terminal.send({ kind: 'taken', utf16: piece.length });
    terminals.take(1, { kind: 'output', text: piece });
    expect(closed()).toBe(0);
    terminals.take(1, { kind: 'output', text: 'x' });
    expect(closed()).toBe(1);
    expect(shown).toHaveLength(pieces + 1);
  });

  it('are lost with their engine', () => {
    const { terminals, ends } = open();
    terminals.endAll();
    expect(ends).toEqual([{ kind: 'lost' }]);
  });
});
