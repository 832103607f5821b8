// Watches fetch, WebSocket and XHR in the page with saved natives.
export { installInterception, type Interception } from './install.ts';
export type { Counts, Sink } from './sink.ts';
