import type { RunsDoor } from '../../../contracts/doors/runs.ts';
import { LIMITS } from '../../../contracts/limits.ts';
import { type EarlierProgram, keyOfBlock } from './block-cards.ts';
import type { BlockPlace } from './code-blocks.ts';

interface Asked {
  readonly block: BlockPlace;
  readonly settle: (program: EarlierProgram | null) => void;
}

interface KnownBlocksOptions {
  readonly runs: Pick<RunsDoor, 'knownRuns'>;
  /** The conversation that the address names now. */
  readonly conversationOnScreen: () => string | null;
}

/** Asks the host which blocks have run before: one question for all that come within a task, none that starts a host. */
export function createKnownBlocks({ runs, conversationOnScreen }: KnownBlocksOptions) {
  let waiting: Asked[] = [];

  const ask = async (asked: readonly Asked[]): Promise<void> => {
    const conversationId = conversationOnScreen();
    const keys = asked.map(({ block }) => keyOfBlock(conversationId, block));
    const answer = await runs.knownRuns({ callKeys: keys });
    const known = answer.ok ? answer.value : []; // nobody there, nothing known
    for (const [at, { settle }] of asked.entries()) settle(known.find(({ callKey }) => callKey === keys[at]) ?? null);
  };
  const askAll = (): void => {
    const all = waiting;
    waiting = [];
    const most = LIMITS.callKeysAsked.standard;
    for (let from = 0; from < all.length; from += most) void ask(all.slice(from, from + most));
  };

  return (block: BlockPlace): Promise<EarlierProgram | null> =>
    new Promise((settle) => {
      if (waiting.length === 0) setTimeout(askAll);
      waiting.push({ block, settle });
    });
}
