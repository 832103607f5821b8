import { appError, type AppError } from '../../contracts/errors.ts';
import { LIMITS } from '../../contracts/limits.ts';
import { closedFor, type PreviewRequest, socketMessageSize, type StreamEvent } from '../../contracts/preview.ts';
import type { GuestStream } from '../exec/streams.ts';
import { Ahead } from './ahead.ts';
import { AnswerReader, type Read } from './answer-reader.ts';
import { ask, type Connect, connectServer } from './fetch.ts';

const CLEAN = { kind: 'closed', code: 1000, reason: '', wasClean: true } as const;

/** An answer of a server of the guest on its way here. */
export interface GuestStreamed {
  /** So many bytes were used up; a server that sends faster waits for this. */
  taken(bytes: number): void;
  destroy(): void;
}

/**
 * One HTTP/1.1 request to a server of the guest over a connection of its own, its answer as it comes: the head within the time of any
 * request, the body without a bound, as fast as it is taken. `onEvent` is told everything in order, `closed` last and once.
 */
export function streamFromGuest(
  connect: Connect,
  port: number,
  request: PreviewRequest,
  onEvent: (event: StreamEvent) => void,
): GuestStreamed {
  const ahead = new Ahead();
  let isOver = false;
  let stream: GuestStream | null = null;
  const close = (event: Extract<StreamEvent, { kind: 'closed' }>): void => {
    if (isOver) return;
    isOver = true;
    clearTimeout(patience);
    ahead.release();
    stream?.destroy();
    onEvent(event);
  };
  const failed = ({ code }: AppError): void => close(closedFor(code));
  const patience = setTimeout(() => failed(appError('preview/timed-out')), LIMITS.previewTimeMs.standard);
  const reader = new AnswerReader(request.method, {
    onHead: (head) => {
      clearTimeout(patience);
      if (!isOver) onEvent({ kind: 'head', ...head });
    },
    onBytes: (bytes) => {
      if (isOver) return;
      ahead.add(socketMessageSize(bytes));
      onEvent({ kind: 'bytes', bytes });
    },
  });
  const take = (read: Read): void => {
    if (read.kind === 'answer') close(CLEAN);
    else if (read.kind === 'failed') failed(read.error);
    else if (read.kind === 'switched') failed(appError('preview/not-http'));
  };
  const connecting = connectServer(connect, port, (bytes) => {
    if (isOver) return undefined;
    take(reader.push(bytes));
    return ahead.room();
  });
  void connecting.then((connected) => {
    if (!connected.ok) return failed(connected.error);
    if (isOver) return connected.value.destroy();
    stream = connected.value;
    ask(stream, port, request);
    void stream.guestEnded.then((isThere) => (isThere ? take(reader.end()) : failed(appError('preview/no-machine'))));
  });
  return { taken: (bytes) => ahead.taken(bytes), destroy: () => close(closedFor('closed here')) };
}
