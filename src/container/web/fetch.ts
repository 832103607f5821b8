import { fail, ok, type Result } from '../../base/index.ts';
import { appError, type AppError } from '../../contracts/errors.ts';
import { LIMITS } from '../../contracts/limits.ts';
import { OWN_PORTS, type PreviewRequest, type PreviewResponse } from '../../contracts/preview.ts';
import type { GuestStream, StreamFailure } from '../exec/streams.ts';
import type { TakeOutput } from '../exec/windows.ts';
import { AnswerReader, type Read } from './answer-reader.ts';
import type { Ending } from './ending.ts';
import { requestHead } from './request-head.ts';

/** As a machine has it. */
export type Connect = (port: number, take: TakeOutput) => Promise<Result<GuestStream, StreamFailure>>;

const BODIES = new Set(['POST', 'PUT', 'PATCH']);

/** Connects to a server of a program; never to a port of ours. `preview/not-listening`, `preview/no-machine`. */
export async function connectServer(
  connect: Connect,
  port: number,
  take: TakeOutput,
): Promise<Result<GuestStream, AppError>> {
  if (OWN_PORTS.includes(port)) return fail(appError('preview/not-listening', `port ${port}`));
  const connected = await connect(port, take);
  if (connected.ok) return connected;
  if (connected.error.kind === 'lost') return fail(appError('preview/no-machine'));
  return fail(appError('preview/not-listening', `port ${port}`));
}

/**
 * One HTTP/1.1 request to a server of the guest and its whole answer, over a connection of its own. The server is hostile: its answer
 * is bounded in size and time. `preview/*`; `preview/timed-out` also where `ending` ends.
 */
export async function fetchFromGuest(
  connect: Connect,
  port: number,
  request: PreviewRequest,
  ending: Ending,
): Promise<Result<PreviewResponse, AppError>> {
  const answered = Promise.withResolvers<Result<PreviewResponse, AppError>>();
  let isOver = false;
  const take = (read: Read): void => {
    isOver ||= read.kind !== 'more';
    if (read.kind === 'answer') answered.resolve(ok(read.answer));
    else if (read.kind === 'failed') answered.resolve(fail(read.error));
    else if (read.kind === 'switched') answered.resolve(fail(appError('preview/not-http', 'it switched protocols')));
  };
  const late = (): void => answered.resolve(fail(appError('preview/timed-out')));
  const timer = setTimeout(late, LIMITS.previewTimeMs.standard);
  ending.tell(late);
  const reader = new AnswerReader(request.method);
  const connecting = connectServer(connect, port, (bytes) => {
    if (!isOver) take(reader.push(bytes));
  });
  void connecting.then((connected) => {
    if (!connected.ok) return answered.resolve(connected);
    ask(connected.value, port, request);
    void connected.value.guestEnded.then((isThere) =>
      isThere ? take(reader.end()) : answered.resolve(fail(appError('preview/no-machine'))),
    );
  });
  const answer = await answered.promise;
  clearTimeout(timer);
  ending.tell(null);
  // Also one that is open only later.
  void connecting.then((connected) => connected.ok && connected.value.destroy());
  return answer;
}

/** Sends the request. A server may answer before it has read everything, or read nothing of it. */
export function ask(stream: GuestStream, port: number, { method, path, headers, body }: PreviewRequest): void {
  const length = body?.length ?? (BODIES.has(method) ? 0 : null);
  const ours: [string, string][] = [
    ['connection', 'close'],
    ['accept-encoding', 'identity'],
    ...(length === null ? [] : [['content-length', String(length)] satisfies [string, string]]),
  ];
  void stream.write(requestHead({ method, path, port }, ours, headers));
  if (body !== null) void stream.write(body);
}
