import { joinBytes, toBase64 } from '../../base/index.ts';
import { LIMITS } from '../../contracts/limits.ts';
import type { NetworkAnswer } from '../../contracts/network.ts';
import type { EgressRequest } from './egress-request.ts';
import { CONSENT_CHANGED, whereMoreIs } from './sentences.ts';

export interface PerformOptions {
  readonly fetch: (address: string, options: RequestInit) => Promise<Response>;
  /** Of the run. */
  readonly signal: AbortSignal;
  /** Aborted when the person changes what the conversation may reach. */
  readonly allowed: AbortSignal;
  /** Bytes of the answer, as they come; false once no more may come. */
  readonly count: (bytes: number) => boolean;
  /** All that the conversation may send and get, in MB: tells what to do where that is met. */
  readonly mostMB: number;
}

export interface Performed {
  readonly answer: NetworkAnswer;
  readonly bytesIn: number;
}

/** The browser has undone these already, or keeps them to itself; a library would undo them again. */
const UNDONE_HEADERS = new Set(['content-length', 'transfer-encoding', 'set-cookie']);
/** What browsers unpack. Where an answer names any other they leave all of it as it came, and the program must be told. */
const UNDONE_CODINGS = new Set(['identity', 'gzip', 'x-gzip', 'deflate', 'br', 'zstd']);

const isUndone = (name: string, value: string): boolean =>
  UNDONE_HEADERS.has(name) ||
  (name === 'content-encoding' && value.split(',').every((coding) => UNDONE_CODINGS.has(coding.trim().toLowerCase())));

const REDIRECTS = new Set([301, 302, 303, 307, 308]);

/** Sends a checked request without credentials, cookies, referrer and cache, and reads its answer as far as it is allowed. */
export async function performRequest(request: EgressRequest, options: PerformOptions): Promise<Performed> {
  const { url, method, headers, body } = request;
  const timeout = AbortSignal.timeout(LIMITS.networkMs.standard);
  const signal = AbortSignal.any([options.signal, options.allowed, timeout]);
  let bytesIn = 0;
  const refused = (code: Extract<NetworkAnswer, { code: string }>['code'], error: string): Performed => ({
    answer: { code, error },
    bytesIn,
  });
  try {
    const response = await options.fetch(url.href, {
      method,
      headers: headers.map(([name, value]): [string, string] => [name, value]),
      body,
      signal,
      credentials: 'omit',
      mode: 'cors',
      cache: 'no-store',
      redirect: 'manual',
      referrer: '',
      referrerPolicy: 'no-referrer',
    });
    // Where a redirect leads cannot be seen in a browser, so it cannot be checked, so it is not followed.
    if (response.type === 'opaqueredirect' || REDIRECTS.has(response.status)) {
      await response.body?.cancel();
      return refused(
        'redirected',
        `${url.host} answers with a redirect, which is not followed: ask for the final address.`,
      );
    }
    const bytes = await bodyWithin(response, (length) => {
      bytesIn += length;
      return options.count(length);
    });
    if (bytes === null)
      return refused(
        'too-large',
        `The answer of ${url.host} is larger than what this conversation may still get. ${whereMoreIs(options.mostMB)}`,
      );
    const answer: NetworkAnswer = {
      status: response.status,
      statusText: response.statusText,
      url: url.href,
      headers: [...response.headers].filter(([name, value]) => !isUndone(name, value)),
      body: toBase64(bytes),
    };
    return { answer, bytesIn };
  } catch (cause) {
    if (options.signal.aborted) return refused('stopped', 'The run was stopped.');
    if (options.allowed.aborted) return refused('stopped', CONSENT_CHANGED);
    if (timeout.aborted)
      return refused('timed-out', `${url.host} did not answer within ${LIMITS.networkMs.standard / 1_000} seconds.`);
    const why = cause instanceof Error ? cause.message : '';
    return refused(
      'failed',
      `${url.host} could not be reached, or does not let pages of other origins read its answers (${why}).`,
    );
  }
}

/** Null once `count` wants no more. */
async function bodyWithin(
  response: Response,
  count: (bytes: number) => boolean,
): Promise<Uint8Array<ArrayBuffer> | null> {
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  const reader = response.body?.getReader();
  for (;;) {
    const piece = await reader?.read();
    if (piece === undefined || piece.done) break;
    if (!count(piece.value.byteLength)) {
      await reader?.cancel();
      return null;
    }
    pieces.push(piece.value);
  }
  return joinBytes(pieces);
}
