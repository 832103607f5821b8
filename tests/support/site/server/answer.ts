import type { IncomingMessage, ServerResponse } from 'node:http';
import type { RequestRecord } from './records.ts';
import type { SiteState } from './site-state.ts';

export interface Exchange {
  readonly state: SiteState;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly url: URL;
  readonly body: string;
  readonly record: RequestRecord;
}

export interface Route {
  readonly method: string;
  readonly path: RegExp;
  readonly answer: (exchange: Exchange, match: readonly string[]) => void | Promise<void>;
}

export function json(
  response: ServerResponse,
  value: unknown,
  status = 200,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store', ...headers });
  response.end(JSON.stringify(value));
}

export function parseRecord(text: string): Record<string, unknown> {
  if (text === '') return {};
  const value: unknown = JSON.parse(text);
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
