import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Outcome } from '../../src/contracts/outcome.ts';
import type { RunEvent } from '../../src/contracts/run.ts';
import type { RunnerSession } from '../../src/contracts/runner.ts';

/** The same small programs in a runner's language. */
export interface ContractPrograms {
  /** Prints `one` and `two` on two lines, then `oops` as an error message. */
  readonly print: string;
  /** Its last value is 42. */
  readonly answer: string;
  /** Sets a variable that `readVariable` gives as its last value, 7. */
  readonly setVariable: string;
  readonly readVariable: string;
  /** Fails with an exception on its second line. */
  readonly fail: string;
  /** Cannot be parsed. */
  readonly broken: string;
  /** Prints `go`, then runs for ever. */
  readonly endless: string;
  /** Ends with exit code 3. */
  readonly exit: string;
}

interface Ran {
  readonly outcome: Outcome;
  readonly events: readonly RunEvent[];
}

/** What every runner must do, whatever its language. `open` gives a fresh session that the suite disposes of. */
export function describeRunner(name: string, open: () => Promise<RunnerSession>, programs: ContractPrograms): void {
  describe(`runner contract: ${name}`, () => {
    let session: RunnerSession;
    beforeEach(async () => {
      session = await open();
    });
    afterEach(() => session.dispose());

    const run = async (
      code: string,
      timeMs = 20_000,
      onEvent?: (event: RunEvent, stop: () => void) => void,
    ): Promise<Ran> => {
      const stop = new AbortController();
      const events: RunEvent[] = [];
      const outcome = await session.execute(
        { language: 'python', code, stdin: [], limits: { timeMs, memoryMB: 256 } },
        {
          signal: stop.signal,
          onEvent: (event) => {
            events.push(event);
            onEvent?.(event, () => stop.abort());
          },
        },
      );
      return { outcome, events };
    };
    const printed = (ran: Ran, stream: 'stdout' | 'stderr'): string =>
      ran.events.map((event) => (event.kind === 'output' && event.stream === stream ? event.text : '')).join('');

    test('output comes in order, by stream', async () => {
      const ran = await run(programs.print);
      expect(printed(ran, 'stdout')).toBe('one\ntwo\n');
      expect(printed(ran, 'stderr')).toContain('oops');
      const order = ran.events.flatMap((event) => (event.kind === 'output' ? [event.stream] : []));
      expect(order.at(-1)).toBe('stderr');
    });

    test('the last value is the result', async () => {
      expect((await run(programs.answer)).outcome).toMatchObject({
        kind: 'completed',
        exitCode: 0,
        result: '42',
        error: null,
      });
    });

    test('variables stay between runs', async () => {
      await run(programs.setVariable);
      expect((await run(programs.readVariable)).outcome).toMatchObject({ result: '7' });
    });

    test("a program's own error is completed, with the person's line", async () => {
      const { outcome } = await run(programs.fail);
      expect(outcome).toMatchObject({ kind: 'completed', error: { line: 2 } });
      if (outcome.kind === 'completed') expect(outcome.exitCode).not.toBe(0);
    });

    test('a syntax error is said, running and checking', async () => {
      expect((await run(programs.broken)).outcome).toMatchObject({
        kind: 'completed',
        error: { line: expect.any(Number) },
      });
      expect((await session.validate(programs.broken, 'python')).ok).toBe(false);
      expect((await session.validate(programs.answer, 'python')).ok).toBe(true);
    });

    test('an exit code is passed on and the session lives', async () => {
      expect((await run(programs.exit)).outcome).toMatchObject({ kind: 'completed', exitCode: 3, error: null });
      expect((await run(programs.answer)).outcome).toMatchObject({ result: '42' });
    });

    test('Stop ends an endless program as cancelled, and tells the truth about the session', async () => {
      const { outcome } = await run(programs.endless, 20_000, (event, stop) => event.kind === 'output' && stop());
      expect(outcome).toMatchObject({ kind: 'cancelled', by: 'person' });
      if (outcome.kind === 'cancelled') expect(session.isAlive).toBe(!outcome.sessionLost);
    });

    test('the time limit ends an endless program as timed out', async () => {
      expect((await run(programs.endless, 300)).outcome).toMatchObject({ kind: 'timedOut', limitMs: 300 });
    });

    test('a second run at the same time is refused', async () => {
      const first = run(programs.endless, 300);
      expect((await run(programs.answer)).outcome.kind).toBe('refused');
      await first;
    });

    test('a disposed session ends its run and refuses more', async () => {
      const running = run(programs.endless, 20_000, (event) => event.kind === 'output' && session.dispose());
      expect((await running).outcome.kind).not.toBe('completed');
      expect(session.isAlive).toBe(false);
      expect((await run(programs.answer)).outcome).toMatchObject({ kind: 'crashed', sessionLost: true });
    });
  });
}
