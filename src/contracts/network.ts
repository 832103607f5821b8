import type { SessionId } from './ids.ts';

/** Why the network gate let a request not through, or how it ended; `passed` where an answer came back whole. */
export const EGRESS_OUTCOMES = [
  'passed',
  'not-allowed',
  'bad-request',
  'redirected',
  'too-large',
  'used-up',
  'too-many',
  'timed-out',
  'stopped',
  'failed',
] as const;

export type EgressOutcome = (typeof EGRESS_OUTCOMES)[number];

/** What a program asks of the gate, as JSON; the gate takes nothing else. */
export interface NetworkRequest {
  readonly url: string;
  readonly method: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** Base64. */
  readonly body: string | null;
  /** An http address that is not allowed may be asked for by https, where that is: for tools that know their proxy alone. */
  readonly upgrades?: boolean | undefined;
}

/** What a program gets, as JSON. */
export type NetworkAnswer =
  | {
      readonly status: number;
      readonly statusText: string;
      readonly url: string;
      readonly headers: readonly (readonly [name: string, value: string])[];
      /** Base64. */
      readonly body: string;
    }
  /** `error` is a sentence for the person; `code` says which of the gate's rules it was. */
  | { readonly error: string; readonly code: Exclude<EgressOutcome, 'passed'> };

/** Asks the network gate for a run: JSON of a request to JSON of an answer. Never rejects; ends soon after `signal` aborts. */
export type AskNetwork = (request: string, signal: AbortSignal) => Promise<string>;

/** What one conversation may reach. */
export interface SessionNetwork {
  /** Origins, `https://api.example.org`; none is the default. */
  readonly origins: readonly string[];
  /** Bytes out and in since the origins were last allowed. */
  readonly usedBytes: number;
  /** The part of them that went out. */
  readonly sentBytes: number;
  readonly mostBytes: number;
}

/** One request of a program, let through or not. Neither its query nor its body nor its headers are kept. */
export interface EgressEntry {
  readonly atMs: number;
  readonly sessionId: SessionId;
  readonly runner: string;
  readonly method: string;
  /** Origin and path. */
  readonly address: string;
  /** Of HTTP; null without an answer. */
  readonly status: number | null;
  /**
   * Address, headers and body as they were handed to the browser to send; 0 where the gate refused before that. How much of it
   * went before a `failed`, `timed-out` or `stopped`, the browser does not say.
   */
  readonly bytesOut: number;
  readonly bytesIn: number;
  readonly outcome: EgressOutcome;
}

/** Said where a program asks for a host that its conversation may not reach; null where it named none. */
export function networkOffSentence(host: string | null): string {
  const what = host === null ? 'The host' : host;
  return `The network is off for programs here. ${what} is not allowed for this conversation: to allow it, add it under Network in the popup of ChatGPT Companion.`;
}
