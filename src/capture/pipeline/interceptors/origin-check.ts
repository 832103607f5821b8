import { PASS, type Interceptor } from './interceptor.ts';

const SITES: ReadonlySet<string> = new Set(['https://chatgpt.com', 'https://chat.openai.com']);
const SOCKET_HOST = /^(.+\.)?(chatgpt\.com|chat\.openai\.com|webpubsub\.azure\.com)$/;

/** Lets only bodies of the site and its sockets in. The address is the page's claim; nothing but decoding rests on it. */
export function createOriginCheck(): Interceptor {
  return {
    id: 'origin-check',
    intercept: ({ envelope }) => {
      if (envelope.kind !== 'open' && envelope.kind !== 'socket') return PASS;
      const url = URL.parse(envelope.url, 'https://chatgpt.com');
      const isOurs =
        url !== null &&
        (envelope.kind === 'open' ? SITES.has(url.origin) : url.protocol === 'wss:' && SOCKET_HOST.test(url.hostname));
      return isOurs ? PASS : { kind: 'block', reason: 'foreign_origin' };
    },
  };
}
