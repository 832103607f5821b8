import type { HeaderList } from '../../contracts/preview.ts';

/** Of the connection and not of the request: they are ours to say. */
const OURS = new Set([
  'host',
  'connection',
  'keep-alive',
  'proxy-connection',
  'proxy-authorization',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'expect',
  'content-length',
  'accept-encoding',
]);
const OF_SOCKETS = /^sec-websocket-/;

export interface RequestLine {
  readonly method: string;
  readonly path: string;
  readonly port: number;
}

/**
 * The head of a request as bytes. What it is made of was checked where it came in: no line of it holds a line break.
 * `ours` goes before the request's own headers.
 */
export function requestHead({ method, path, port }: RequestLine, ours: HeaderList, own: HeaderList = []): Uint8Array {
  const theirs = own.filter(([name]) => !OURS.has(name) && !OF_SOCKETS.test(name));
  const lines = [['host', `localhost:${port}`], ...ours, ...theirs].map(([name, value]) => `${name}: ${value}\r\n`);
  const text = `${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n`;
  // Values are Latin-1, as `Headers` has them.
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}
