import { describe, expect, it } from 'vitest';
import { createFakeRunsDoor } from '../../../tests/support/fake-runs-door.ts';
import { fail } from '../../base/index.ts';
import type { CaptureEvent } from '../../contracts/capture.ts';
import { appError } from '../../contracts/errors.ts';
import { createSessionNames, sessionOfConversation, sessionOfSeedFrame } from './session-names.ts';

const turn = (patch: Partial<Extract<CaptureEvent, { kind: 'turn' }>>): CaptureEvent => ({
  kind: 'turn',
  stream: 'http:1',
  source: 'http:1',
  state: 'open',
  conversationId: null,
  userMessageId: null,
  ...patch,
});

function open() {
  const runs = createFakeRunsDoor();
  let shown: string | null = null;
  let made = 0;
  const names = createSessionNames({
    runs,
    conversationOnScreen: () => shown,
    createId: () => String((made += 1)),
  });
  return { runs, names, show: (id: string | null) => (shown = id) };
}

describe('createSessionNames', () => {
  it('makes the session of a new chat that of the conversation it becomes', async () => {
    const { runs, names, show } = open();
    expect(names.onScreen()).toBe('chat:1');
    names.take(turn({}));
    names.take(turn({ conversationId: 'c1' }));
    await names.settled('c1');
    expect(runs.adopted).toEqual([['chat:1', 'c1']]);
    // Before the address follows, and for a temporary chat for ever.
    expect(names.onScreen()).toBe('c1');
    show('c1');
    expect(names.onScreen()).toBe('c1');
    show(null);
    expect(names.onScreen()).toBe('chat:2');
  });

  it('gives what lies in a new chat to no conversation that was there before', async () => {
    const { runs, names, show } = open();
    show('old');
    names.take(turn({ conversationId: 'old' }));
    // A stream that is joined in the middle names its conversation later as well.
    names.take(turn({ stream: 'topic', source: 'conversation-turn-1' }));
    names.take(turn({ stream: 'topic', source: 'conversation-turn-1', conversationId: 'old' }));
    await names.settled('old');
    expect(runs.adopted).toEqual([]);
    expect(names.onScreen()).toBe('old');
  });

  it('tries once more before a run when the host was away', async () => {
    const { runs, names } = open();
    const adopt = runs.adoptSession;
    let tries = 0;
    runs.adoptSession = async (request) => {
      tries += 1;
      return tries === 1 ? fail(appError('host/unavailable')) : adopt(request);
    };
    names.take(turn({}));
    names.take(turn({ conversationId: 'c1' }));
    await names.settled('c1');
    expect(runs.adopted).toEqual([['chat:1', 'c1']]);
  });

  it.each(['page:x', 'chat:x', 'seed:1:c'])('takes no conversation for a session of ours: %s', (id) => {
    expect(sessionOfConversation(id)).not.toBe(id);
  });

  it('names the sessions of seed frames by socket and conversation', () => {
    expect(sessionOfSeedFrame(2, 'c1')).toBe('seed:2:c1');
    expect(sessionOfSeedFrame(2, null)).not.toBe(sessionOfSeedFrame(3, null));
    expect(sessionOfSeedFrame(1, 'x'.repeat(1_000)).length).toBeLessThan(256);
  });
});
