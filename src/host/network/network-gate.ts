import type { SessionId } from '../../contracts/ids.ts';
import { LIMITS } from '../../contracts/limits.ts';
import type { CarriedBytes } from '../../contracts/meter.ts';
import {
  type AskNetwork,
  type EgressOutcome,
  type NetworkAnswer,
  networkOffSentence,
  type SessionNetwork,
} from '../../contracts/network.ts';
import { isAllowed, shownOrigin } from '../../contracts/network-origins.ts';
import type { EgressLog, NetworkConsents } from '../../database/index.ts';
import { type EgressRequest, parseEgressRequest } from './egress-request.ts';
import { CONSENT_CHANGED, whereMoreIs } from './sentences.ts';

const MB = 1024 * 1024;
const MINUTE_MS = 60_000;

export interface NetworkGateOptions {
  readonly consents: NetworkConsents;
  readonly log: EgressLog;
  /** Of one conversation, in MB; asked for each request. */
  readonly mostMB: () => number;
  /** The browser's own. */
  readonly fetch: (address: string, options: RequestInit) => Promise<Response>;
  /** Whether private files were ever added to the conversation; what cannot be read is taken for yes. */
  readonly isPrivate: (sessionId: SessionId) => Promise<boolean>;
  readonly now: () => number;
}

type Refused = Exclude<EgressOutcome, 'passed'>;

/** The run that asks, or a terminal of the session. */
interface AskingRun {
  readonly sessionId: SessionId;
  readonly runner: string;
  readonly trigger: 'auto' | 'press' | 'terminal';
  readonly machine: AskingMachine;
}

/** The engine that a request comes from. */
interface AskingMachine {
  /** Its session: that of the conversation, or of one of its machines. */
  readonly engine: SessionId;
  /** Of what its conversation may reach, that which it was made for; null where that is all. */
  readonly within: readonly string[] | null;
}

const PRIVATE = {
  auto: 'This call started by itself, and private files were added to this conversation. Press Run again to let it use the network.',
  // What a call left running asks beside what is typed, and nobody can tell the one from the other.
  terminal:
    'Private files were added to this conversation: its terminals do not use the network. Let a shell block do it, and press Run.',
};

interface Told {
  readonly answer: NetworkAnswer;
  /** Of a request that was handed to the browser to send. */
  readonly url?: URL;
  /** Of a request that was handed to the browser to send, however it ended; 0 of one that was not. */
  readonly bytesOut: number;
  readonly bytesIn: number;
}

/** What is known of a conversation's requests while the host lives. */
interface Traffic {
  open: number;
  askedAtMs: number[];
  /** Null until the first request has read it. */
  usedBytes: number | null;
  /** Aborted when the person changes what is allowed. */
  consent: AbortController;
}

/**
 * The only way from a run to the network. Nothing is allowed until a person allows origins for one conversation; every
 * request of its programs is checked anew, goes out without credentials, is bounded, and is noted.
 */
export class NetworkGate {
  readonly #options: NetworkGateOptions;
  readonly #traffic = new Map<SessionId, Traffic>();
  readonly #carried = new Map<string, CarriedBytes>();
  #bytes = 0;

  constructor(options: NetworkGateOptions) {
    this.#options = options;
  }

  /** Bytes that went through since the host began. */
  get bytes(): number {
    return this.#bytes;
  }

  /** What went through for one runner's engine in a session since the host began, once its requests had ended. */
  carried(engine: SessionId, runner: string): CarriedBytes {
    return this.#carried.get(`${runner} ${engine}`) ?? { sentBytes: 0, receivedBytes: 0, requests: 0 };
  }

  /** What a conversation may reach. Never rejects. */
  async origins(sessionId: SessionId): Promise<readonly string[]> {
    const consent = await this.#options.consents.find(sessionId).catch(() => null); // unreadable is not allowed
    return consent?.origins ?? [];
  }

  async network(sessionId: SessionId): Promise<SessionNetwork> {
    const { consents, mostMB } = this.#options;
    const consent = await consents.find(sessionId);
    const { origins = [], usedBytes = 0, sentBytes = 0 } = consent ?? {};
    return { origins, usedBytes, sentBytes, mostBytes: mostMB() * MB };
  }

  /** From now on exactly these, until they are changed; what was used so far is forgotten. None takes the consent back. */
  async allow(sessionId: SessionId, origins: readonly string[]): Promise<SessionNetwork> {
    const { consents, now } = this.#options;
    const traffic = this.#trafficOf(sessionId);
    await (origins.length === 0
      ? consents.remove(sessionId)
      : consents.put({ sessionId, origins: [...origins], usedBytes: 0, sentBytes: 0, atMs: now() }));
    traffic.usedBytes = null;
    traffic.consent.abort();
    traffic.consent = new AbortController();
    return this.network(sessionId);
  }

  /**
   * The gate as one run of a conversation has it; `onBytes` hears what went out and came in for it so far. Without `machine` its
   * engine is the conversation's own.
   */
  forRun(
    sessionId: SessionId,
    runner: string,
    trigger: AskingRun['trigger'] = 'press',
    onBytes?: (bytes: number) => void,
    machine: AskingMachine = { engine: sessionId, within: null },
  ): AskNetwork {
    let bytes = 0;
    return async (json, signal) => {
      const { answer, bytesOut, bytesIn } = await this.#ask({ sessionId, runner, trigger, machine }, json, signal);
      bytes += bytesOut + bytesIn;
      if (bytesOut + bytesIn > 0) onBytes?.(bytes);
      return JSON.stringify(answer);
    };
  }

  async #ask(run: AskingRun, json: string, signal: AbortSignal): Promise<Told> {
    const { sessionId, runner } = run;
    const traffic = this.#trafficOf(sessionId);
    const now = this.#options.now();
    traffic.askedAtMs = traffic.askedAtMs.filter((atMs) => now - atMs < MINUTE_MS);
    // Before anything is read or noted: a flood fills neither the processor nor the log.
    if (traffic.askedAtMs.length >= LIMITS.networkPerMinute.standard) return refused('too-many', TOO_MANY);
    if (traffic.open >= LIMITS.networkAtOnce.standard) return refused('too-many', TOO_MANY_AT_ONCE);
    traffic.askedAtMs.push(now);
    traffic.open += 1;
    const request = parseEgressRequest(json);
    let told: Told = refused('failed', 'The request failed.');
    try {
      told = await this.#check(run, traffic, request, signal);
    } catch (cause) {
      // The consent could not be read: what nobody can show to be allowed is not.
      console.warn('network gate', cause);
      told = refused('not-allowed', networkOffSentence(null));
    } finally {
      traffic.open -= 1;
    }
    this.#count(run, told);
    this.#note(sessionId, runner, request, told);
    return told;
  }

  async #check(
    { sessionId, trigger, machine }: AskingRun,
    traffic: Traffic,
    request: ReturnType<typeof parseEgressRequest>,
    signal: AbortSignal,
  ): Promise<Told> {
    const { consents, mostMB, isPrivate } = this.#options;
    // Taken before the consent is read: one that is taken back meanwhile ends this request.
    const { signal: allowed } = traffic.consent;
    const consent = await consents.find(sessionId);
    if (consent === null) return refused('not-allowed', networkOffSentence(request.url?.host ?? null));
    if ('reason' in request) return refused('bad-request', request.reason);
    const url = allowedAddress(consent.origins, request);
    if (url === null) return refused('not-allowed', networkOffSentence(shownOrigin(wantedOf(request).origin).text));
    if (!isOfMachine(machine.within, url)) return refused('not-allowed', NOT_OF_MACHINE);
    // A page can forge a call that starts by itself; a press it cannot (decision 0030).
    if (trigger !== 'press' && (await isPrivate(sessionId))) return refused('not-allowed', PRIVATE[trigger]);
    const megabytes = mostMB();
    const bytesOut = weightOf(request);
    // One count for all that is under way: together they keep the bound.
    traffic.usedBytes ??= consent.usedBytes;
    if (traffic.usedBytes + bytesOut >= megabytes * MB)
      return refused('used-up', `This conversation has used its ${megabytes} MB of network. ${whereMoreIs(megabytes)}`);
    if (signal.aborted) return refused('stopped', 'The run was stopped.');
    return this.#perform(sessionId, traffic, { ...request, url }, { signal, allowed });
  }

  /** Sends what was found to be allowed, and counts it. */
  async #perform(
    sessionId: SessionId,
    traffic: Traffic,
    request: EgressRequest,
    { signal, allowed }: { readonly signal: AbortSignal; readonly allowed: AbortSignal },
  ): Promise<Told> {
    const { consents, mostMB, fetch } = this.#options;
    const megabytes = mostMB();
    const bytesOut = weightOf(request);
    const count = (bytes: number): boolean => {
      this.#bytes += bytes;
      traffic.usedBytes = (traffic.usedBytes ?? 0) + bytes;
      return traffic.usedBytes <= megabytes * MB;
    };
    // Few hosts ever send anything: loaded when one does, before anything counts as sent.
    const { performRequest } = await import('./perform-request.ts');
    count(bytesOut);
    await consents.use(sessionId, { out: bytesOut, in: 0 });
    // Not sent then, and not told as sent.
    if (signal.aborted) return refused('stopped', 'The run was stopped.');
    if (allowed.aborted) return refused('stopped', CONSENT_CHANGED);
    const performed = await performRequest(request, { fetch, signal, allowed, count, mostMB: megabytes });
    try {
      await consents.use(sessionId, { out: 0, in: performed.bytesIn });
    } catch (cause) {
      // The answer is there and the bytes have gone both ways: that is what program and log are told. The count of this
      // host's life stands.
      console.warn('network use not written', cause);
    }
    return { ...performed, bytesOut, url: request.url };
  }

  #count({ machine: { engine }, runner }: AskingRun, { bytesOut, bytesIn }: Told): void {
    if (bytesOut + bytesIn === 0) return;
    const { sentBytes, receivedBytes, requests } = this.carried(engine, runner);
    this.#carried.set(`${runner} ${engine}`, {
      sentBytes: sentBytes + bytesOut,
      receivedBytes: receivedBytes + bytesIn,
      requests: requests + 1,
    });
  }

  #trafficOf(sessionId: SessionId): Traffic {
    const traffic = this.#traffic.get(sessionId) ?? {
      open: 0,
      askedAtMs: [],
      usedBytes: null,
      consent: new AbortController(),
    };
    this.#traffic.set(sessionId, traffic);
    return traffic;
  }

  #note(sessionId: SessionId, runner: string, request: ReturnType<typeof parseEgressRequest>, told: Told): void {
    const { log, now } = this.#options;
    const { answer, bytesIn, bytesOut, url = request.url } = told;
    const isPassed = 'status' in answer;
    const entry = {
      atMs: now(),
      sessionId,
      runner,
      method: 'method' in request ? request.method : '?',
      address: url === null ? '?' : (url.origin + url.pathname).slice(0, 300),
      status: isPassed ? answer.status : null,
      bytesOut,
      bytesIn,
      outcome: isPassed ? ('passed' as const) : answer.code,
    };
    log.add(entry).catch((cause: unknown) => console.warn('egress not written', cause));
  }
}

const NOT_OF_MACHINE =
  'This machine was made for other hosts, or for none: its spec keeps it from this one, though the conversation may reach it.';
const TOO_MANY = `Programs of this conversation asked for more than ${LIMITS.networkPerMinute.standard} addresses within a minute.`;
const TOO_MANY_AT_ONCE = `More than ${LIMITS.networkAtOnce.standard} requests at once: await some of them first.`;

const refusal = (code: Refused, error: string): NetworkAnswer => ({ code, error });
const refused = (code: Refused, error: string): Told => ({ answer: refusal(code, error), bytesOut: 0, bytesIn: 0 });

/** Where a request goes; null where that is not allowed. */
function allowedAddress(origins: readonly string[], { url, upgrades }: EgressRequest): URL | null {
  if (isAllowed(origins, url)) return url;
  const wanted = wantedOf({ url, upgrades });
  return isAllowed(origins, wanted) ? wanted : null;
}

const isOfMachine = (within: AskingMachine['within'], url: URL): boolean => within === null || isAllowed(within, url);

/** The address that a person is to allow. */
function wantedOf({ url, upgrades }: Pick<EgressRequest, 'url' | 'upgrades'>): URL {
  const wanted = new URL(url);
  if (upgrades) wanted.protocol = 'https:';
  return wanted;
}

/** What goes out: address, headers and body. */
function weightOf({ url, headers, body }: EgressRequest): number {
  const words = headers.reduce((sum, [name, value]) => sum + name.length + value.length, url.href.length);
  return words + (body?.byteLength ?? 0);
}
