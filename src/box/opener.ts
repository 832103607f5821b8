import { fail, ok, type Result } from '../base/index.ts';
import type { BoxOpener, BoxWorker, EngineSpec, ExpectsEngines } from '../contracts/box.ts';
import { appError, type AppError } from '../contracts/errors.ts';
import { LIMITS } from '../contracts/limits.ts';
import { BegunBox, type Beginning } from './begun-box.ts';
import type { BoxHandle } from './box-handle.ts';
import { Calm } from './calm.ts';
import { EmptyBox } from './empty-box.ts';
import { EngineBytes } from './engine-bytes.ts';
import { openFrame } from './frame.ts';
import { Spare } from './spare.ts';

export interface BoxOpenerOptions {
  /** The host's document; box frames are hidden children of its body. */
  readonly document: Document;
  readonly pageUrl: string;
  /** Asked before each box that is kept ahead of need; false where memory is short. */
  readonly canAffordSpare: () => boolean;
  /** The same for an engine that holds much memory; where it is not said, as for others. */
  readonly canAffordCostly?: () => boolean;
  /** Its modules are compiled in the page of the empty box: the first start of it does not wait for that. */
  readonly compiledAhead?: EngineSpec;
  /** Boxes live in the process of the document: the bytes of engines are handed over to them. Default false. */
  readonly isOneProcess?: boolean;
  /** A frame of the box page that the document came with, so that its process starts beside the host's own script. */
  readonly firstFrame?: HTMLIFrameElement | undefined;
}

export interface SpareControl {
  /** A run began or ended: what is to be made ahead of need waits a while longer, but for the empty box that waits for its end. */
  noteUse(what: 'began' | 'ended'): void;
  /** Calls `act` once no run began or ended for `quietMs`, at the soonest `quietMs` from now; ten seconds are waited at most. */
  after(quietMs: number, act: () => void): void;
  /**
   * A big engine that nobody has made ahead of need is about to be opened: a box for it where it has not begun, and what is not
   * ready waits.
   */
  expectBig(): void;
  /** Ends what is kept ahead of need, and keeps nothing until the next `warm` or `open`. */
  dropSpare(): void;
  /** Waits for the spare that is being made: true once it stands, false where it could not be made; null where none is made. */
  spareReady(): Promise<boolean | null>;
  /** The same for the box in which an engine with stages has begun. */
  begunReady(): Promise<boolean>;
  /** The same for the box in which an engine has started whole. */
  wholeReady(): Promise<boolean>;
  /** The same for the box in which a costly engine has begun that was expected. */
  expectedReady(): Promise<boolean>;
  /** The same for the empty box. */
  emptyReady(): Promise<boolean>;
}

/** How long a costly engine that was begun for a call is kept where that call does not take it. */
const EXPECTED_MS = 10_000;

/**
 * Opens boxes, proves each before use. Keeps ahead of need one spare, one more of an engine that costs much where somebody asked
 * for it, one box each with a big and a small engine begun, for a while one with a costly engine begun, and one empty box.
 */
export function createBoxOpener(options: BoxOpenerOptions): BoxOpener & ExpectsEngines & SpareControl {
  const bytes = new EngineBytes({ carries: options.isOneProcess ?? false });
  const calm = new Calm();
  const { document, pageUrl, compiledAhead, canAffordCostly = options.canAffordSpare } = options;
  const neighbours = new Set<BoxHandle>();
  const empty = new EmptyBox({
    open: (signal, frame) => openFrame({ document, pageUrl, frame, neighbours, signal }),
    canAfford: options.canAffordSpare,
    calm,
    first: options.firstFrame,
    ...(compiledAhead && { prepare: (box: BoxHandle) => bytes.compileAhead(compiledAhead, box) }),
  });
  const begin = (engine: EngineSpec, signal: AbortSignal, isAhead = false): Beginning => {
    const box = empty.take(signal);
    const rest = () => bytes.finish(engine, box).then(() => bytes.sendBlobs(engine, box));
    return { box, early: bytes.begin(engine, box, { isAhead }), rest };
  };
  const unlessLate = (signal: AbortSignal): AbortSignal =>
    AbortSignal.any([signal, AbortSignal.timeout(LIMITS.boxReadyMs.standard)]);
  const beginAhead = {
    begin: (engine: EngineSpec, signal: AbortSignal): Beginning => {
      const { box, early } = begin(engine, unlessLate(signal), true);
      void box.then(() => empty.replenish());
      return { box, early: early.then(() => bytes.sendBlobs(engine, box)), rest: () => bytes.finish(engine, box) };
    },
    canAfford: options.canAffordSpare,
    calm,
  };
  const begun = new BegunBox(beginAhead);
  const whole = new BegunBox(beginAhead);
  const expected = new BegunBox({
    begin: (engine, signal) => {
      const { box, early, rest } = begin(engine, unlessLate(signal));
      void box.then(() => empty.replenish());
      return { box, early: early.then(rest), rest: () => Promise.resolve() };
    },
    canAfford: canAffordCostly,
    calm,
    keptMs: EXPECTED_MS,
  });
  const begunOf = (engine: EngineSpec): BegunBox => {
    if (engine.isCostly === true) return expected;
    return engine.startsWhole === true ? whole : begun;
  };
  const openFresh = async (engine: EngineSpec, signal: AbortSignal): Promise<Result<BoxHandle, AppError>> => {
    const lost = new AbortController();
    const late = setTimeout(() => lost.abort(), LIMITS.boxReadyMs.standard);
    const either = AbortSignal.any([signal, lost.signal]);
    const { box, early, rest } = (await begunOf(engine).take(engine)) ?? begin(engine, either);
    const sent = early.then(rest).then(
      () => null,
      (error: unknown) => appError('runner/start-failed', 'engine files', error),
    );
    const opened = await proven(await box, sent, { wish: signal, either });
    clearTimeout(late);
    if (opened.ok) {
      const handle = opened.value;
      void sent.then(async (error) => {
        if (error) handle.close();
        // What is made ahead of need waits until this start is over: beside it, it would make both slow.
        await handle.spoke;
        // But a costly one's process, with the code that it has compiled, is not to end with its box (Chromium; 0161, 0182), and the next
        // session finds its page there (0183).
        if (engine.isCostly === true) empty.replenishAfterRun();
        else empty.replenish();
        begunOf(engine).replenish(engine);
      });
    }
    return opened;
  };
  const spare = new Spare({ open: openFresh, canAfford: options.canAffordSpare, calm });
  const costly = new Spare({
    open: openFresh,
    canAfford: canAffordCostly,
    calm,
    isReplaced: false,
  });
  const spareOf = (engine: EngineSpec): Spare => (engine.isCostly === true ? costly : spare);
  return {
    async open(engine, { signal }): Promise<Result<BoxWorker, AppError>> {
      if (signal.aborted) return fail(appError('run/stopped'));
      const warm = await spareOf(engine).take(engine, signal);
      if (!warm && engine.startsWhole !== true) {
        for (const other of [spare, costly]) other.putOff();
        // It was begun for another call, or this session's own machine is another.
        if (engine.isCostly !== true) expected.drop();
      }
      const opened = warm ? ok(warm) : await openFresh(engine, signal);
      if (opened.ok && signal.aborted) {
        opened.value.close();
        return fail(appError('run/stopped'));
      }
      if (opened.ok) opened.value.handOver();
      return opened;
    },
    warm: (engine, prepare) => spareOf(engine).warm(engine, prepare),
    expect: (engine) => {
      if (!spareOf(engine).has(engine)) expected.hurry(engine);
    },
    noteUse: (what) => {
      calm.note();
      if (what === 'ended') empty.runEnded();
    },
    after: (quietMs, act) => void calm.after(quietMs, act),
    expectBig: () => {
      if (!expected.isThere) empty.hurry();
      spare.putOff();
    },
    dropSpare: () => {
      spare.drop();
      costly.drop();
      begun.drop();
      whole.drop();
      expected.drop();
      empty.drop();
    },
    spareReady: () => spare.isReady(),
    begunReady: () => begun.isReady(),
    wholeReady: () => whole.isReady(),
    expectedReady: () => expected.isReady(),
    emptyReady: () => empty.isReady(),
  };
}

/**
 * The box, once its worker has met every wall; closed otherwise. `sent` tells of engine files that cannot be sent; those of
 * the last stage may still be on their way. `either` aborts with the wish or when the box is late.
 */
async function proven(
  handle: BoxHandle | null,
  sent: Promise<AppError | null>,
  { wish, either }: { readonly wish: AbortSignal; readonly either: AbortSignal },
): Promise<Result<BoxHandle, AppError>> {
  const gone = (detail: string): Result<never, AppError> =>
    fail(appError(wish.aborted ? 'run/stopped' : 'box/lost', detail));
  if (!handle) return gone('no box page');
  const aborted = new Promise<'aborted'>((settle) => {
    either.addEventListener('abort', () => settle('aborted'), { once: true });
    if (either.aborted) settle('aborted');
  });
  const unsent = sent.then((error) => error ?? new Promise<never>(() => undefined));
  const first = await Promise.race([handle.proof, handle.closed, aborted, unsent]);
  const end = (): Result<BoxHandle, AppError> => {
    if (first === 'aborted') return gone('no answer');
    if (first === 'crashed' || first === 'closed') return fail(appError('box/lost', handle.crashReason ?? first));
    if ('code' in first) return fail(first);
    return first.length > 0 ? fail(appError('box/self-test-failed', first.join(', '))) : ok(handle);
  };
  const ended = end();
  if (!ended.ok) handle.close();
  return ended;
}
