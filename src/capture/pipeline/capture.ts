import { type CaptureEvent, type CaptureHealth, isSaidToItsEnd } from '../../contracts/capture.ts';
import type { Envelope } from '../../interception/envelope.ts';
import { WIRE_LIMITS, type DecoderContext, type WireEvent, type WireLimits } from '../../wire/index.ts';
import { createErrorHandlers } from './error-handlers/index.ts';
import { type PipelineFrame, sizeOf } from './frame.ts';
import { createInterceptors } from './interceptors/index.ts';
import { createErrorTracking, createLogging, createMetrics, type FrameResult } from './middleware/index.ts';
import { createDispatch } from './processors/index.ts';
import { createRecorder, type Recorder } from './recorder.ts';
import { HookReport } from './session/hook-report.ts';
import { Session } from './session/session.ts';
import { createBodies } from './transports/bodies.ts';
import { createSockets } from './transports/sockets.ts';

export interface CaptureOptions {
  readonly limits?: Partial<WireLimits>;
  /** Milliseconds of a steady clock, such as `performance.now()`. */
  readonly now: () => number;
  readonly onEvent: (event: CaptureEvent) => void;
  /** Sees what decoders yield, before it is judged; for tools and tests. */
  readonly onWireEvent?: (event: WireEvent) => void;
}

export interface Capture {
  /** Takes what the page hook sent, checked by `connectPage`. Never throws; events are delivered before it returns. */
  accept(envelope: Envelope): void;
  /** Takes one of several that came together: what a message says meanwhile is told once, by `flush` or before another event. */
  acceptPart(envelope: Envelope): void;
  /** Tells of the messages that changed. */
  flush(): void;
  /** What a message says by now, of whatever conversation; null for one that is not known, or not any more. */
  textOf(messageId: string): MessageText | null;
  health(): CaptureHealth;
  readonly recorder: Pick<Recorder, 'read' | 'follow'>;
}

export interface MessageText {
  readonly text: string;
  readonly isFinished: boolean;
  /** Whether it is the assistant's, to the person: no call of a tool. */
  readonly isAnswer: boolean;
}

const PROCESSED: FrameResult = { kind: 'processed' };

/** Builds the pipeline of one page: interceptors, transports and their decoders, processors, middleware. */
export function createCapture({ limits: overrides, now, onEvent, onWireEvent }: CaptureOptions): Capture {
  const limits: WireLimits = { ...WIRE_LIMITS, ...overrides };
  const session = new Session({ limits, onEvent });
  let canvases = 0;
  const emit = createDispatch(session, {
    ...(onWireEvent ? { onWireEvent } : {}),
    onArtifact: () => {
      canvases += 1;
    },
  });
  const context: DecoderContext = { stream: null, limits, now, emit };
  const sockets = createSockets(context);
  const bodies = createBodies(session, context, sockets.topics);
  const interceptors = createInterceptors(limits);
  const errorHandlers = createErrorHandlers(bodies, sockets);
  const log = createLogging();
  const metrics = createMetrics();
  const middleware = [
    log,
    metrics,
    createErrorTracking((problem) => {
      session.countProblem(problem);
    }),
  ];
  const recorder = createRecorder();
  const hook = new HookReport();
  let lastSeq: number | null = null;

  const doubtAll = (): void => {
    bodies.doubtAll();
    sockets.lose();
  };

  const read = (frame: PipelineFrame): void => {
    const { envelope } = frame;
    if (envelope.kind === 'open') bodies.open(frame, envelope);
    else if (envelope.kind === 'chunk') bodies.chunk(envelope.stream, envelope.bytes);
    else if (envelope.kind === 'end') bodies.end(envelope.stream);
    else if (envelope.kind === 'health') {
      if (hook.take(envelope.counts)) doubtAll();
    } else if (envelope.kind === 'socket') sockets.read(envelope.socket, envelope.direction, envelope.data);
  };

  const pass = (frame: PipelineFrame): FrameResult => {
    for (const interceptor of interceptors) {
      const verdict = interceptor.intercept(frame);
      if (verdict.kind === 'block') return { kind: 'blocked', reason: verdict.reason };
    }
    try {
      read(frame);
      return PROCESSED;
    } catch (error) {
      // A fault of ours in one frame; it is counted, and what it may have cost is put into doubt by the caller.
      return { kind: 'failed', errorName: error instanceof Error ? error.name : 'unknown' };
    }
  };

  const noticeGap = ({ seq }: Envelope): void => {
    if (lastSeq !== null && seq !== lastSeq + 1) {
      session.countProblem('envelope_gap');
      doubtAll();
    }
    lastSeq = seq;
  };

  const acceptPart = (envelope: Envelope): void => {
    noticeGap(envelope);
    const frame: PipelineFrame = {
      envelope,
      receivedAtMs: now(),
      size: sizeOf(envelope),
      route: null,
      conversationInAddress: null,
    };
    const result = pass(frame);
    const isOfNobody = result.kind === 'blocked' && result.reason === 'foreign_origin';
    if (result.kind !== 'processed' && !isOfNobody)
      errorHandlers.find((handler) => handler.handles(frame))?.handle(frame);
    if (result.kind === 'processed') recorder.keep(frame);
    for (const watcher of middleware) watcher.after(frame, result);
  };
  const flush = (): void => {
    try {
      session.flush();
    } catch {
      // A fault of ours in a message; nobody knows which frame brought it.
      session.countProblem('frame_failed');
      doubtAll();
    }
  };

  return {
    acceptPart,
    flush,
    accept: (envelope) => {
      acceptPart(envelope);
      flush();
    },
    textOf: (messageId) => {
      const entry = session.messages.findById(messageId);
      const elsewhere = entry?.isFinished === true ? null : session.branchTexts.find(messageId);
      // Of a message whose stream was cut, the history that was loaded since has more.
      if (elsewhere && (!entry || elsewhere.isFinished)) return { ...elsewhere, isAnswer: true };
      if (!entry) return null;
      const { text, role, recipient, status } = session.messages.view(entry);
      const isAnswer = role === 'assistant' && (recipient ?? 'all') === 'all';
      return { text, isAnswer, isFinished: isSaidToItsEnd(status) };
    },
    health: () => ({
      ...session.drift.read({ ...session.problems, ...hook.problems() }),
      frames: { ...metrics.counts(), canvases },
      log: log.lines(),
    }),
    recorder,
  };
}
