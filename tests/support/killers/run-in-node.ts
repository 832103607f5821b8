import { afterAll } from 'vitest';
import type { Runner } from '../../../src/contracts/runner.ts';
import { openInNode, type TestSession } from '../kit/open-node.ts';
import type { RunKiller } from './describe-killers.ts';

/** Killers in a worker thread of Node. */
export function inNode(runner: Runner): RunKiller {
  let open: TestSession | null = null;
  afterAll(() => open?.dispose());
  return async (code, limits) => {
    const opened = open?.session.isAlive ? open : await openInNode(runner);
    open = opened;
    const { outcome, events } = await opened.run(code, limits);
    const notices = events.flatMap((event) => (event.kind === 'notice' ? [event.text] : []));
    return { outcome, isAlive: opened.session.isAlive, notices };
  };
}
