import type { Pause, SiteOptions } from './options.ts';
import { findScene } from './scenes/index.ts';
import type { Scene } from './scenes/scene.ts';
import type { Conversation } from './server/conversation.ts';
import { listen } from './server/https-server.ts';
import { ensurePageAssets } from './server/page-assets.ts';
import type { PageReport, RequestRecord, SentMessage, StreamRecord } from './server/records.ts';
import { SiteState } from './server/site-state.ts';
import { SocketHub } from './server/socket-hub.ts';
import type { WireMessage } from './wire/message.ts';

/** A stand-in of the site on a port of this machine, steered from the test. */
export interface Site extends AsyncDisposable {
  readonly port: number;
  readonly origin: 'https://chatgpt.com';
  /** For Chromium's `--ignore-certificate-errors-spki-list`. */
  readonly spki: string;
  /** What a runner in another process sends as `x-stand-in-token` to `/__test/…`. */
  readonly controlToken: string;
  /** Every request, in order; `kind` tells the page's own traffic from helpers. */
  readonly log: readonly RequestRecord[];
  readonly sent: readonly SentMessage[];
  /** `tool_response` frames. */
  readonly responses: readonly Record<string, unknown>[];
  readonly violations: readonly Record<string, unknown>[];
  readonly reports: readonly PageReport[];
  readonly streams: readonly StreamRecord[];
  readonly socketFrames: readonly string[];
  readonly pausedAt: Pause | null;
  /** Changes options; they hold from the next page or turn on. */
  set(options: Partial<SiteOptions>): void;
  /** The next turn plays this; several calls queue up. Without one the message's text chooses. */
  scene(scene: string | Scene): void;
  /** Sends a seed frame on the socket, now or as soon as a page connects. */
  seed(frame: Record<string, unknown>): void;
  broadcast(frame: unknown): void;
  dropSockets(): void;
  readonly socketCount: number;
  goOn(): void;
  /** Ends the HTML of the pages that `holdsDocument` left open. */
  endDocuments(): void;
  remember(title: string, messages: readonly WireMessage[], id?: string): Conversation;
  conversation(id: string): Conversation | undefined;
  /** A copy of a conversation that reuses its message ids. */
  branch(conversationId: string): Conversation;
  until<T>(isThere: () => T | undefined | false | null, timeoutMs?: number): Promise<T>;
  close(): Promise<void>;
}

export async function startSite(options: Partial<SiteOptions> = {}): Promise<Site> {
  const state = new SiteState(options);
  const [{ server, port, spki }] = await Promise.all([listen(state), ensurePageAssets()]);
  const hub = new SocketHub(server, state.records, {
    options: () => state.options,
    turnOf: (topic) => state.turns.get(topic),
  });
  state.hub = hub;
  const { records } = state;
  const close = async (): Promise<void> => {
    for (const { turn } of state.turns.values()) turn.stop();
    state.goOn();
    hub.close();
    server.closeAllConnections();
    await new Promise<void>((resolve) => {
      server.close(() => {
        resolve();
      });
    });
  };
  return {
    port,
    origin: 'https://chatgpt.com',
    spki,
    controlToken: state.controlToken,
    log: records.requests,
    sent: records.sent,
    responses: records.responses,
    violations: records.violations,
    reports: records.reports,
    streams: records.streams,
    socketFrames: records.socketFrames,
    get pausedAt() {
      return state.pausedAt;
    },
    set(changed) {
      state.options = { ...state.options, ...changed };
    },
    scene(scene) {
      state.queue.push(typeof scene === 'string' ? findScene(scene) : scene);
    },
    seed: (frame) => {
      hub.seed(frame);
    },
    broadcast: (frame) => {
      hub.broadcast(frame);
    },
    dropSockets: () => {
      hub.drop();
    },
    get socketCount() {
      return hub.connectionCount;
    },
    goOn: () => {
      state.goOn();
    },
    endDocuments: () => {
      for (const end of state.openDocuments.splice(0)) end();
    },
    remember: (title, messages, id) => state.remember(title, messages, id),
    conversation: (id) => state.conversations.get(id),
    branch(conversationId) {
      const source = state.conversations.get(conversationId);
      if (source === undefined) throw new Error(`the stand-in has no conversation ${conversationId}`);
      const copy = source.branch(`Branch · ${source.title}`);
      state.conversations.set(copy.id, copy);
      return copy;
    },
    until: (isThere, timeoutMs) => records.until(isThere, timeoutMs),
    close,
    [Symbol.asyncDispose]: close,
  };
}
