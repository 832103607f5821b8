import { afterEach, describe, expect, it } from 'vitest';
import { fail, ok } from '../../base/index.ts';
import { connectTerminalsDoor } from '../../bridge/index.ts';
import { TERMINALS_POLICY } from '../../contracts/doors/terminals-policy.ts';
import { TERMINALS_PORT, type TerminalsDoor } from '../../contracts/doors/terminals.ts';
import { appError, type AppErrorCode } from '../../contracts/errors.ts';
import { sessionIdOf, type TerminalId } from '../../contracts/ids.ts';
import { LIMITS } from '../../contracts/limits.ts';
import type { RunnerSession } from '../../contracts/runner.ts';
import type { NumberedTerminalEvent, TerminalEvents, TerminalRequest } from '../../contracts/terminal.ts';
import type { PortSender } from '../../platform/index.ts';
import { createSwitchboard, OWN_ORIGIN } from '../../../tests/support/port-switchboard.ts';
import { recordsInMemory } from '../../../tests/support/records-in-memory.ts';
import { ShownSessions } from '../shown-sessions.ts';
import { createScreen } from './screen.ts';
import { serveTerminals } from './serve-terminals.ts';
import { TerminalService } from './terminal-service.ts';

const SIZE = { columns: 20, rows: 4 };
const sessionId = sessionIdOf('conversation');
const RETURN = '\r\n';

/** A terminal as the engine's side of these tests sees it. */
interface Played {
  readonly events: TerminalEvents;
  readonly asked: TerminalRequest[];
}

let ended = new AbortController();
afterEach(() => {
  ended.abort();
  ended = new AbortController();
});

/** The whole host side over ports, with an engine that the test plays. */
function open(unseenMs?: number) {
  const board = createSwitchboard();
  const played: Played[] = [];
  const busy: boolean[] = [];
  const left: string[] = [];
  let holds = 0;
  let starting = Promise.resolve();
  let failure: AppErrorCode | null = null;
  const session = {
    openTerminal: (size, events) => {
      const asked: TerminalRequest[] = [{ kind: 'open', ...size }];
      played.push({ events, asked });
      return { send: (request) => void asked.push(request) };
    },
  } as Pick<RunnerSession, 'openTerminal'> as RunnerSession;
  const service = new TerminalService({
    hold: async () => {
      await starting;
      const failed = failure;
      failure = null;
      if (failed !== null) return fail(appError(failed));
      holds += 1;
      let isHeld = true;
      return ok({
        session,
        network: async () => '{}',
        release: () => {
          if (isHeld) holds -= 1;
          isHeld = false;
        },
      });
    },
    loadScreens: async () => createScreen,
    onBusy: (isBusy) => busy.push(isBusy),
    createId: () => crypto.randomUUID() as TerminalId,
    ...(unseenMs === undefined ? {} : { unseenMs: () => unseenMs }),
  });
  const { signal } = ended;
  serveTerminals({
    service,
    machines: { report: (of) => (of === 'short' ? { samples: [], alerts: ['memory'], isResting: false } : null) },
    records: recordsInMemory(),
    pages: new ShownSessions((unseen) => {
      left.push(unseen);
      void service.left(unseen);
    }, 0),
    ownOrigin: OWN_ORIGIN,
    onPort: (listener, options) => board.onPort(listener, options),
    signal,
  });
  const from = (sender: Partial<PortSender>, until = signal): TerminalsDoor =>
    connectTerminalsDoor({
      signal: until,
      connect: () => board.connect(TERMINALS_PORT, sender),
      ensureOther: async () => null,
    });
  const closing = new AbortController();
  const page = from(
    { isOwn: true, origin: OWN_ORIGIN, tabId: 5, frameId: 0 },
    AbortSignal.any([signal, closing.signal]),
  );
  const site = from({ isOwn: true, origin: 'https://chatgpt.com', tabId: 1, frameId: 0 });
  /** Machines that are asked for from now on wait until the answer is called; the first of them then fails by this code. */
  const holdStarts = (failsBy: AppErrorCode | null = null): (() => void) => {
    const held = Promise.withResolvers<void>();
    starting = held.promise;
    failure = failsBy;
    return held.resolve;
  };
  return {
    board,
    service,
    from,
    page,
    site,
    played,
    busy,
    left,
    holdStarts,
    closePage: () => closing.abort(),
    holds: () => holds,
  };
}

type World = ReturnType<typeof open>;
type Opening = Pick<World, 'page' | 'played'>;

async function opened({ page, played }: Opening) {
  const answer = await page.open({ sessionId, ...SIZE });
  if (!answer.ok) throw new Error(answer.error.code);
  const last = played.at(-1);
  if (!last) throw new Error('no engine was asked');
  return { ...last, terminalId: answer.value.terminalId };
}

/** Shows a terminal and follows it. */
async function shown(page: TerminalsDoor, terminalId: TerminalId, viewId = 'view') {
  const answer = await page.attach({ terminalId, viewId, ...SIZE });
  if (!answer.ok) throw new Error(answer.error.code);
  const seen: NumberedTerminalEvent[] = [];
  const lost = Promise.withResolvers<string>();
  let wake = (): void => undefined;
  const watching = new AbortController();
  page.watch({
    terminalId,
    viewId,
    after: answer.value.after,
    onEvent: (event) => {
      seen.push(event);
      wake();
    },
    onLost: ({ code }) => lost.resolve(code),
    signal: watching.signal,
  });
  const until = async (isEnough: (all: readonly NumberedTerminalEvent[]) => boolean) => {
    while (!isEnough(seen)) await new Promise<void>((resolve) => (wake = resolve));
    return seen;
  };
  const text = () => seen.map(({ event }) => (event.kind === 'output' ? event.text : `[${event.kind}]`)).join('');
  return { screen: answer.value, seen, until, text, lost: lost.promise, watching };
}

const asks = (asked: readonly TerminalRequest[], kind: TerminalRequest['kind']) =>
  asked.filter((request) => request.kind === kind);

describe('terminals at the host', () => {
  it('tell what of their machine is nearly used up', async () => {
    const { page } = open();
    expect(await page.alerts({ sessionId: sessionIdOf('short') })).toEqual(ok(['memory']));
    expect(await page.alerts({ sessionId })).toEqual(ok([]));
  });

  it('bring what is typed to the engine and what is printed to the page', async () => {
    const world = open();
    const { terminalId, events, asked } = await opened(world);
    const view = await shown(world.page, terminalId);
    expect(await world.page.write({ terminalId, text: 'ls\r' })).toEqual(ok(null));
    expect(asks(asked, 'write')).toEqual([{ kind: 'write', text: 'ls\r' }]);
    events.onOutput('a.txt');
    events.onEnd({ kind: 'exited', code: 3 });
    await view.until((all) => all.at(-1)?.event.kind === 'ended');
    expect(view.text()).toBe('a.txt[ended]');
    expect(await world.page.list({ sessionId })).toEqual(
      ok([{ terminalId, number: 1, end: { kind: 'exited', code: 3 } }]),
    );
  });

  it('give a page that comes later the whole screen, and then what follows', async () => {
    const world = open();
    const { terminalId, events } = await opened(world);
    for (let line = 1; line <= 30; line += 1) events.onOutput(`line ${line}${RETURN}`);
    const view = await shown(world.page, terminalId);
    const again = createScreen(SIZE, () => undefined);
    await new Promise<void>((done) => again.write(view.screen.screen, done));
    expect(again.serialize()).toBe(view.screen.screen);
    expect(view.screen.screen).toContain('line 1\r\n');
    expect(view.screen.screen).toContain('line 30');
    events.onOutput('next');
    await view.until((all) => all.length > 0);
    expect(view.text()).toBe('next');
  });

  it('answer programs that ask where the cursor is, also while no page shows them', async () => {
    const world = open();
    const { terminalId, events, asked } = await opened(world);
    events.onOutput('ab\u001b[6n');
    await shown(world.page, terminalId);
    expect(asks(asked, 'write')).toEqual([{ kind: 'write', text: '\u001b[1;3R' }]);
  });

  it('take the size of who shows them last', async () => {
    const world = open();
    const { terminalId, asked } = await opened(world);
    await world.page.attach({ terminalId, viewId: 'one', columns: 100, rows: 30 });
    await world.page.resize({ terminalId, columns: 90, rows: 20 });
    expect(asks(asked, 'resize')).toEqual([
      { kind: 'resize', columns: 100, rows: 30 },
      { kind: 'resize', columns: 90, rows: 20 },
    ]);
  });

  it('hold a program back until the page has drawn what it printed', async () => {
    const world = open();
    const { terminalId, events, asked } = await opened(world);
    const view = await shown(world.page, terminalId);
    const flood = 'x'.repeat(LIMITS.terminalUndrawnUtf16.standard + 1);
    events.onOutput(flood);
    await view.until(() => view.text().length === flood.length);
    // The screen has worked through it once this is answered.
    await world.page.attach({ terminalId, viewId: 'other', ...SIZE });
    expect(asks(asked, 'taken')).toEqual([]);
    await world.page.drawn({ terminalId, viewId: 'view', upTo: view.seen.at(-1)?.n ?? 0 });
    expect(asks(asked, 'taken')).toEqual([{ kind: 'taken', utf16: flood.length }]);
  });

  it('let a program go on that no page shows', async () => {
    const world = open();
    const { terminalId, events, asked } = await opened(world);
    const flood = 'x'.repeat(LIMITS.terminalUndrawnUtf16.standard + 1);
    events.onOutput(flood);
    await world.page.attach({ terminalId, viewId: 'view', ...SIZE });
    expect(asks(asked, 'taken')).toEqual([{ kind: 'taken', utf16: flood.length }]);
  });

  it('tell a view whose connection broke to come again', async () => {
    const world = open();
    const { terminalId, events } = await opened(world);
    const view = await shown(world.page, terminalId);
    events.onOutput('x');
    await view.until((all) => all.length > 0);
    world.board.cutAll();
    expect(await view.lost).toBe('terminal/not-found');
    expect((await world.page.attach({ terminalId, viewId: 'again', ...SIZE })).ok).toBe(true);
  });

  it('keep their machine while they run, and no longer', async () => {
    const world = open();
    const first = await opened(world);
    const second = await opened(world);
    expect(world.holds()).toBe(2);
    first.events.onEnd({ kind: 'lost' });
    expect(world.holds()).toBe(1);
    await world.page.close({ terminalId: second.terminalId });
    expect(asks(second.asked, 'end')).toHaveLength(1);
    expect(world.holds()).toBe(0);
    expect(world.busy.at(-1)).toBe(false);
  });

  it('end when no page has shown them for long', async () => {
    const world = open(0);
    const { asked } = await opened(world);
    await expect.poll(() => world.holds()).toBe(0);
    expect(asks(asked, 'end')).toHaveLength(1);
  });

  it('end soon after the last page that showed them was closed where they stand at their prompt, and are forgotten', async () => {
    const world = open();
    const pages = [6, 7].map((tabId) => {
      const closing = new AbortController();
      return { closing, door: world.from({ isOwn: true, origin: OWN_ORIGIN, tabId, frameId: 0 }, closing.signal) };
    });
    const [one, other] = pages;
    if (!one || !other) throw new Error('two pages');
    const resting = await opened({ ...world, page: one.door });
    const working = await opened({ ...world, page: one.door });
    const view = await shown(other.door, resting.terminalId);
    resting.events.onOutput('x');
    await view.until((all) => all.length > 0);
    one.closing.abort();
    await expect.poll(() => world.board.openPorts).toBe(1);
    expect(world.left).toEqual([]);
    other.closing.abort();
    await expect.poll(() => [resting, working].map(({ asked }) => asks(asked, 'leave').length)).toEqual([1, 1]);
    expect(world.holds()).toBe(2);
    resting.events.onEnd({ kind: 'signalled', signal: 1 });
    const left = [{ terminalId: working.terminalId, number: 2, end: null }];
    await expect.poll(() => world.page.list({ sessionId })).toEqual(ok(left));
    expect(world.holds()).toBe(1);
  });

  it('are asked to leave where their machine is to be saved, whoever shows them, and those of other sessions are not', async () => {
    const world = open();
    const { terminalId, asked, events } = await opened(world);
    await shown(world.page, terminalId);
    await world.page.open({ sessionId: sessionIdOf('another'), ...SIZE });
    const other = world.played.at(-1);
    const ending = world.service.endAtRest(sessionId);
    await expect.poll(() => asks(asked, 'leave').length).toBe(1);
    events.onEnd({ kind: 'signalled', signal: 1 });
    await ending;
    expect([world.holds(), asks(other?.asked ?? [], 'leave')]).toEqual([1, []]);
    // Who has it in front sees that it ended.
    expect(await world.page.list({ sessionId })).toMatchObject(ok([{ end: { kind: 'signalled', signal: 1 } }]));
  });

  it('are not asked to leave by a page that was reloaded, which comes back for them', async () => {
    const world = open();
    const { terminalId, asked } = await opened(world);
    await shown(world.page, terminalId);
    const reloaded = world.from({ isOwn: true, origin: OWN_ORIGIN, tabId: 5, frameId: 0 });
    await shown(reloaded, terminalId, 'again');
    world.closePage();
    await expect.poll(() => world.board.openPorts).toBe(1);
    expect([world.left, asks(asked, 'leave')]).toEqual([[], []]);
  });

  it('what was closed is gone', async () => {
    const world = open();
    const { terminalId } = await opened(world);
    await world.page.close({ terminalId });
    expect(await world.page.write({ terminalId, text: 'x' })).toMatchObject({ error: { code: 'terminal/not-found' } });
    expect(await world.page.attach({ terminalId, viewId: 'view', ...SIZE })).toMatchObject({
      error: { code: 'terminal/not-found' },
    });
  });

  it('a session has so many and no more', async () => {
    const world = open();
    for (let count = 0; count < LIMITS.terminalsPerSession.standard; count += 1) await opened(world);
    expect(await world.page.open({ sessionId, ...SIZE })).toMatchObject({ error: { code: 'terminal/too-many' } });
    expect((await world.page.open({ sessionId: sessionIdOf('another'), ...SIZE })).ok).toBe(true);
  });

  it('those that are still opening count, in their session and in all together, until they have failed', async () => {
    const world = open();
    const asked = (session: string) => world.page.open({ sessionId: sessionIdOf(session), ...SIZE });
    const many = (count: number, session: (at: number) => string) =>
      Promise.all(Array.from({ length: count }, (_, at) => asked(session(at))));
    const { terminalsPerSession, terminalsKept } = LIMITS;

    const letStart = world.holdStarts('box/lost');
    const own = many(terminalsPerSession.standard, () => 'a');
    expect(await asked('a')).toMatchObject({ error: { code: 'terminal/too-many' } });
    letStart();
    expect((await own).filter(({ ok: isOpen }) => !isOpen)).toMatchObject([{ error: { code: 'box/lost' } }]);
    expect((await asked('a')).ok).toBe(true);

    const letOthersStart = world.holdStarts();
    const others = many(terminalsKept.standard - terminalsPerSession.standard, (at) => `b${at}`);
    expect(await asked('c')).toMatchObject({ error: { code: 'terminal/too-many' } });
    letOthersStart();
    expect((await others).every(({ ok: isOpen }) => isOpen)).toBe(true);
  });

  it('nothing of it is for a tab of the site', async () => {
    const world = open();
    const { terminalId, asked } = await opened(world);
    const bodies = {
      list: { sessionId },
      open: { sessionId, ...SIZE },
      attach: { terminalId, viewId: 'view', ...SIZE },
      write: { terminalId, text: 'rm -rf /\r' },
      resize: { terminalId, ...SIZE },
      drawn: { terminalId, viewId: 'view', upTo: 1 },
      alerts: { sessionId },
      close: { terminalId },
    } as const;
    expect(Object.keys(bodies)).toEqual(Object.keys(TERMINALS_POLICY));
    for (const [name, body] of Object.entries(bodies)) {
      const call = world.site[name as keyof typeof bodies] as (request: unknown) => Promise<unknown>;
      expect(await call(body)).toMatchObject({ ok: false, error: { code: 'door/forbidden' } });
    }
    const lost = Promise.withResolvers<string>();
    world.site.watch({
      terminalId,
      viewId: 'view',
      after: 0,
      onEvent: () => lost.resolve('an event'),
      onLost: ({ code }) => lost.resolve(code),
      signal: ended.signal,
    });
    expect(await lost.promise).toBe('door/forbidden');
    expect(asks(asked, 'write')).toEqual([]);
    // The same from a page of ours is done.
    expect((await world.page.write(bodies.write)).ok).toBe(true);
    expect(asks(asked, 'write')).toHaveLength(1);
  });
});
