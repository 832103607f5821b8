import * as v from 'valibot';
import { afterEach, expect, test } from 'vitest';
import { createSwitchboard, OWN_ORIGIN } from '../../tests/support/port-switchboard.ts';
import type { Result } from '../base/index.ts';
import type { MethodPolicy } from '../contracts/doors/door.ts';
import { type AppError, appError } from '../contracts/errors.ts';
import { createDoorClient } from './door-client.ts';
import { serveDoor } from './serve-door.ts';

const ending = new AbortController();
afterEach(() => ending.abort());

test('a call that is not answered ends at its deadline, and the other side is told to stop', async () => {
  const board = createSwitchboard();
  const stopped = Promise.withResolvers<void>();
  const methods: Record<string, MethodPolicy> = { wait: { callers: ['site'], deadlineMs: 30, whenAway: 'start' } };
  serveDoor<{ wait: (request: null) => Promise<Result<null, AppError>> }, { readonly after: number }, never>({
    door: 'test',
    methods: methods as { wait: MethodPolicy },
    requests: { wait: v.null() },
    handlers: {
      wait: (_request, { signal }) => {
        signal.addEventListener('abort', () => stopped.resolve());
        return new Promise(() => undefined);
      },
    },
    stream: { callers: ['site'], request: v.strictObject({ after: v.number() }) },
    openStream: () => null,
    gone: appError('run/not-found'),
    ownOrigin: OWN_ORIGIN,
    onPort: (listener, options) => board.onPort(listener, options),
    signal: ending.signal,
  });
  const client = createDoorClient({
    door: 'test',
    methods,
    connect: () => board.connect('test'),
    ensureOther: async () => undefined,
    signal: ending.signal,
  });
  expect(await client.call('wait', null)).toEqual({ ok: false, error: { code: 'door/deadline', detail: 'wait' } });
  await stopped.promise;
});
