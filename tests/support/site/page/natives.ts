/** References taken at module start, as the site's own bundle does. */
export const savedFetch = window.fetch;
export const SavedWebSocket = window.WebSocket;
export const savedClone = Response.prototype.clone;
export const SavedTextDecoder = TextDecoder;

let currentFetch: typeof fetch = savedFetch;

/** The page's fetch of the moment; keeps the receiver that natives need. */
export function pageFetch(input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
  return currentFetch.call(window, input, init);
}

/** Replaces `window.fetch` once more after loading, as the real bundle was seen to do. */
export function replaceFetchLater(): void {
  setTimeout(() => {
    const before = window.fetch;
    window.fetch = (input, init) => before.call(window, input, init);
    currentFetch = window.fetch;
  }, 1000);
}

/** What looks patched about the natives; empty when all is well. */
export function oddNatives(): string[] {
  const odd: string[] = [];
  const text = Function.prototype.toString;
  if (!/\[native code\]/.test(text.call(savedFetch))) odd.push('fetch');
  if (!/\[native code\]/.test(text.call(SavedWebSocket))) odd.push('WebSocket');
  if (SavedWebSocket.OPEN !== 1) odd.push('WebSocket.OPEN');
  if (savedFetch.name !== 'fetch' || savedFetch.length !== 1) odd.push('fetch.name');
  if (!/\[native code\]/.test(text.call(savedClone))) odd.push('Response.clone');
  return odd;
}
