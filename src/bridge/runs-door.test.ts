import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { doorContract } from '../../tests/support/door-contract.ts';
import { serveFakeRuns } from '../../tests/support/fake-runs-host.ts';
import { createSwitchboard } from '../../tests/support/port-switchboard.ts';
import { CHAT, pressed } from '../../tests/support/run-request.ts';
import { RUNS_PORT } from '../contracts/doors/runs-policy.ts';
import type { RunFollower } from '../contracts/doors/runs.ts';
import type { RunId } from '../contracts/ids.ts';
import { LIMITS } from '../contracts/limits.ts';
import type { NumberedRunEvent } from '../contracts/run.ts';
import { runsChecks } from './door-checks.ts';
import { connectRunsDoor } from './runs-door.ts';

const RUN = 'run-1' as RunId;
const request = pressed();

let ending: AbortController;
beforeEach(() => {
  ending = new AbortController();
});
afterEach(() => {
  ending.abort();
  vi.useRealTimers();
});

function world(isHosted = true) {
  const board = createSwitchboard();
  let hosting = new AbortController();
  let host = isHosted ? serveFakeRuns(board, hosting.signal) : null;
  let starts = 0;
  const startHost = () => {
    host = serveFakeRuns(board, hosting.signal);
    return host;
  };
  const door = connectRunsDoor({
    signal: ending.signal,
    checks: runsChecks(),
    connect: () => board.connect(RUNS_PORT),
    ensureOther: async () => {
      starts += 1;
      if (host === null) startHost();
    },
  });
  const killHost = () => {
    hosting.abort();
    hosting = new AbortController();
    host = null;
    board.cutAll();
  };
  return { board, door, killHost, startHost, theHost: () => host ?? startHost(), starts: () => starts };
}

function following(signal: AbortSignal) {
  const seen: NumberedRunEvent[] = [];
  const lost: string[] = [];
  const wakes = new Set<() => void>();
  const wake = () => wakes.forEach((look) => look());
  const follower: RunFollower = {
    onEvent: (event) => {
      seen.push(event);
      wake();
    },
    onLost: (error) => {
      lost.push(error.code);
      wake();
    },
    signal,
  };
  const until = (holds: () => boolean) =>
    new Promise<void>((resolve) => {
      const look = () => holds() && resolve();
      wakes.add(look);
      look();
    });
  return { seen, lost, until, follower };
}

function watching(door: ReturnType<typeof connectRunsDoor>, after = 0) {
  const told = following(ending.signal);
  door.watch({ runId: RUN, after, ...told.follower });
  return told;
}

/** Settles when everything that is on its way has come. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 8; turn += 1) await new Promise<void>((resolve) => void setImmediate(resolve));
}

const output = (text: string) => ({ kind: 'output', stream: 'stdout', text }) as const;

test('calls every method of the door and checks each answer', async () => {
  const { door, theHost } = world();
  expect(await door.start(request)).toEqual({ ok: true, value: { runId: RUN } });
  expect(await door.stop({ runId: RUN })).toEqual({ ok: true, value: null });
  const bytes = new Uint8Array(1_000_000).fill(7);
  expect(await door.addFile({ sessionId: CHAT, name: 'x.csv', bytes })).toMatchObject({
    value: { sizeBytes: 1_000_000 },
  });
  expect(await door.readFile({ sessionId: CHAT, path: 'x.csv' })).toEqual({
    ok: true,
    value: { bytes: new Uint8Array([1, 2, 3]) },
  });
  expect(await door.status({})).toMatchObject({ value: { python: 'cold' } });
  expect(await door.recentRuns({ most: 5 })).toMatchObject({ ok: false, error: { code: 'door/forbidden' } });
  const wrongAnswer = await door.describeFile({ sessionId: CHAT, path: 'x.csv', withValues: false });
  expect(wrongAnswer).toMatchObject({ ok: false, error: { code: 'door/bad-message' } });
  expect(theHost().calls).toContain('addFile');
});

test('a handler that throws answers door/failed, and the door lives on', async () => {
  const error = vi.spyOn(console, 'error').mockImplementation(() => undefined);
  const { door } = world();
  expect(await door.restartSession({ sessionId: CHAT })).toMatchObject({ ok: false, error: { code: 'door/failed' } });
  expect(error).toHaveBeenCalledOnce();
  error.mockRestore();
  expect(await door.stop({ runId: RUN })).toMatchObject({ ok: true });
});

test('gives up at once where the extension was reloaded under it', async () => {
  const lost: string[] = [];
  const door = connectRunsDoor({
    signal: ending.signal,
    connect: () => {
      throw new Error('Extension context invalidated.');
    },
    ensureOther: () => Promise.resolve(),
  });
  door.watch({
    runId: RUN,
    after: 0,
    onEvent: () => undefined,
    onLost: (error) => lost.push(error.code),
    signal: ending.signal,
  });
  expect(await door.start(request)).toMatchObject({ ok: false, error: { code: 'host/lost' } });
  expect(lost).toEqual(['host/lost']);
});

test('has an absent host started for what needs one', async () => {
  const { door, starts } = world(false);
  expect(await door.start(request)).toMatchObject({ ok: true });
  expect(starts()).toBe(1);
});

test('does not start a host for what makes no sense without one', async () => {
  const { door, starts } = world(false);
  expect(await door.stop({ runId: RUN })).toMatchObject({ ok: false, error: { code: 'host/unavailable' } });
  expect(starts()).toBe(0);
});

test('says host/unavailable when none comes, and tries again at the next call', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'performance'] });
  const board = createSwitchboard();
  const door = connectRunsDoor({
    signal: ending.signal,
    connect: () => board.connect(RUNS_PORT),
    ensureOther: async () => null,
  });
  const answer = door.start(request);
  await vi.advanceTimersByTimeAsync(LIMITS.hostSearchMs.standard + 5_000);
  expect(await answer).toMatchObject({ ok: false, error: { code: 'host/unavailable' } });
  serveFakeRuns(board, ending.signal);
  vi.useRealTimers();
  expect(await door.start(request)).toMatchObject({ ok: true });
});

test('says so at once where the background cannot open one, but not for a single refusal', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'performance'] });
  const board = createSwitchboard();
  let refusals = 0;
  let most = Number.POSITIVE_INFINITY;
  const door = connectRunsDoor({
    signal: ending.signal,
    connect: () => board.connect(RUNS_PORT),
    ensureOther: async () => {
      if (refusals === most) return void serveFakeRuns(board, ending.signal);
      refusals += 1;
      return 'failed';
    },
  });
  const refused = door.start(request);
  await vi.advanceTimersByTimeAsync(2 * LIMITS.helloMs.standard);
  expect(await refused).toMatchObject({ ok: false, error: { code: 'host/unavailable' } });
  most = refusals + 1;
  const answer = door.start(request);
  await vi.advanceTimersByTimeAsync(LIMITS.helloMs.standard);
  expect(await answer).toMatchObject({ ok: true });
});

test('a port that nobody of ours answers is no host', async () => {
  const { board, door, startHost } = world(false);
  // Another context of the extension listens for ports of other names and so keeps this one open.
  board.onPort(() => undefined, { signal: ending.signal });
  const answer = door.start(request);
  startHost();
  expect(await answer).toMatchObject({ ok: true });
});

test('delivers events in order, each once, first what was missed, then live', async () => {
  const { door, theHost } = world();
  const host = theHost();
  host.push(RUN, output('1'));
  host.push(RUN, output('2'));
  const { seen, until } = watching(door, 1);
  await until(() => seen.length === 1);
  host.push(RUN, output('3'));
  await until(() => seen.length === 2);
  expect(seen.map((event) => event.n)).toEqual([2, 3]);
});

test('after a lost link it goes on at the next number, without gap or repeat', async () => {
  const { board, door, theHost } = world();
  const host = theHost();
  host.push(RUN, output('1'));
  const { seen, until } = watching(door);
  await until(() => seen.length === 1);
  for (let n = 2; n <= 60; n += 1) {
    host.push(RUN, output(String(n)));
    if (n % 10 === 0) board.cutAll();
  }
  await until(() => seen.length === 60);
  expect(seen.map((event) => event.n)).toEqual(Array.from({ length: 60 }, (_, index) => index + 1));
});

test('a request whose link breaks is asked again and done once', async () => {
  const { board, door, theHost } = world();
  await door.status({});
  const answer = door.start(request);
  await new Promise<void>((resolve) => void setImmediate(() => setImmediate(resolve)));
  board.cutAll();
  expect(await answer).toMatchObject({ ok: true });
  expect(theHost().calls.filter((name) => name === 'start')).toHaveLength(1);
});

test('who starts a run is told of it without asking again', async () => {
  const { board, door, theHost } = world();
  theHost().push(RUN, output('1'));
  await door.status({});
  let frames = 0;
  board.onPort((port) => port.onMessage(() => (frames += 1), { signal: ending.signal }), { signal: ending.signal });
  board.cutAll();
  const { seen, until, follower } = following(ending.signal);
  expect(await door.start(request, follower)).toEqual({ ok: true, value: { runId: RUN } });
  await until(() => seen.length === 1);
  theHost().push(RUN, output('2'));
  await until(() => seen.length === 2);
  await settled();
  // Open, start, and one `seen` for each batch.
  expect(frames).toBe(4);
});

test('whose link breaks before the answer or after it is told all of the run, each once', async () => {
  const { board, door, theHost } = world();
  const host = theHost();
  host.push(RUN, output('1'));
  await door.status({});
  const { seen, until, follower } = following(ending.signal);
  const answer = door.start(request, follower);
  await new Promise<void>((resolve) => void setImmediate(() => setImmediate(resolve)));
  board.cutAll();
  expect(await answer).toMatchObject({ ok: true });
  await until(() => seen.length === 1);
  for (let n = 2; n <= 30; n += 1) {
    host.push(RUN, output(String(n)));
    if (n % 10 === 0) board.cutAll();
  }
  await until(() => seen.length === 30);
  expect(seen.map((event) => event.n)).toEqual(Array.from({ length: 30 }, (_, index) => index + 1));
  expect(host.calls.filter((name) => name === 'start')).toHaveLength(1);
});

test('who is refused, or has gone before the answer, is told nothing, and nothing is read for it', async () => {
  const { door, theHost } = world();
  const host = theHost();
  host.push(RUN, output('1'));
  const refused = following(ending.signal);
  const answer = await door.start({ ...request, code: 7 as never }, refused.follower);
  expect(answer).toMatchObject({ ok: false, error: { code: 'door/bad-message' } });
  const going = new AbortController();
  const gone = following(going.signal);
  const started = door.start(request, gone.follower);
  going.abort();
  expect(await started).toMatchObject({ ok: true });
  const late = following(going.signal);
  expect(await door.start(request, late.follower)).toMatchObject({ ok: true });
  await settled();
  expect(host.readers()).toBe(0);
  host.push(RUN, output('2'));
  await settled();
  for (const { seen, lost } of [refused, gone, late]) expect([seen, lost]).toEqual([[], []]);
});

test('a watcher learns that a run died with its host', async () => {
  const { door, theHost, killHost } = world();
  theHost().push(RUN, output('1'));
  const { seen, lost, until } = watching(door);
  await until(() => seen.length === 1);
  killHost();
  await until(() => lost.length === 1);
  expect(lost).toEqual(['run/not-found']);
});

test('a watcher learns that events were dropped before it came', async () => {
  const { door, theHost } = world();
  const host = theHost();
  for (let n = 0; n < 10; n += 1) host.push(RUN, output('x'));
  host.keepOnly(3);
  const { lost, until } = watching(door);
  await until(() => lost.length === 1);
  expect(lost).toEqual(['run/not-found']);
});

test('a flood reaches the reader whole and in few messages', async () => {
  const { board, door, theHost } = world();
  const host = theHost();
  host.push(RUN, output('first'));
  let frames = 0;
  board.onPort((port) => port.onMessage(() => (frames += 1), { signal: ending.signal }), { signal: ending.signal });
  const { seen, until } = watching(door);
  await until(() => seen.length === 1);
  for (let n = 0; n < 5_000; n += 1) host.push(RUN, output('x'));
  await until(() => seen.length === 5_001);
  // Open, watch, and one `seen` for each batch.
  expect(frames).toBeLessThan(30);
});

test('a host that no longer answers counts as lost though its port stays open', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  const { board, door, theHost } = world();
  theHost().push(RUN, output('1'));
  const { seen, until } = watching(door);
  await until(() => seen.length === 1);
  expect(board.openPorts).toBe(1);
  // The client pings; this answer is swallowed as a frozen host would.
  const parse = vi.spyOn(JSON, 'parse').mockImplementation(() => ({ kind: 'nothing' }));
  await vi.advanceTimersByTimeAsync(LIMITS.heartbeatMs.standard * 2 + 1);
  parse.mockRestore();
  theHost().push(RUN, output('2'));
  await until(() => seen.length === 2);
  expect(seen.map((event) => event.n)).toEqual([1, 2]);
});

test('everything fails at once after the signal, and no port is left', async () => {
  const { board, door } = world();
  await door.status({});
  const open = door.start(request);
  ending.abort();
  expect(await open).toMatchObject({ ok: false, error: { code: 'host/lost' } });
  expect(await door.status({})).toMatchObject({ ok: false, error: { code: 'host/lost' } });
  expect(board.openPorts).toBe(0);
});

doorContract('runs door', () => {
  const board = createSwitchboard();
  const host = serveFakeRuns(board, ending.signal);
  return {
    door: RUNS_PORT,
    connect: (sender) => board.connect(RUNS_PORT, sender),
    good: { method: 'start', body: request },
    forbiddenForSite: 'recentRuns',
    handled: () => host.calls.length,
  };
});
