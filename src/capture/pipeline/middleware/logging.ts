import type { PipelineFrame } from '../frame.ts';
import type { FrameResult, Middleware } from './middleware.ts';

const LINES_KEPT = 100;

interface Line {
  readonly atMs: number;
  readonly seq: number;
  readonly what: string;
  readonly size: number;
  readonly result: FrameResult;
}

export interface FrameLog extends Middleware {
  /** The last frames, oldest first: kind, size, route and result; never contents or addresses. */
  lines(): readonly string[];
}

/** Keeps facts and builds text only when asked: ten thousand frames a second may pass here. */
export function createLogging(): FrameLog {
  const kept: Line[] = [];
  let count = 0;
  return {
    id: 'logging',
    after: (frame, result) => {
      kept[count % LINES_KEPT] = factsOf(frame, result);
      count += 1;
    },
    lines: () => {
      const oldest = count <= LINES_KEPT ? 0 : count % LINES_KEPT;
      return [...kept.slice(oldest), ...kept.slice(0, oldest)].map(describe);
    },
  };
}

function factsOf(frame: PipelineFrame, result: FrameResult): Line {
  const { envelope, receivedAtMs, size, route } = frame;
  return { atMs: receivedAtMs, seq: envelope.seq, what: route ?? envelope.kind, size, result };
}

function describe({ atMs, seq, what, size, result }: Line): string {
  const why = result.kind === 'blocked' ? ` ${result.reason}` : result.kind === 'failed' ? ` ${result.errorName}` : '';
  return `${atMs.toFixed(0)} #${String(seq)} ${what} ${String(size)} ${result.kind}${why}`;
}
