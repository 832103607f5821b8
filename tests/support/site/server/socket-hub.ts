import { randomUUID } from 'node:crypto';
import type { Server } from 'node:https';
import { type WebSocket, WebSocketServer } from 'ws';
import type { SiteOptions } from '../options.ts';
import type { TurnItem } from '../wire/turn-log.ts';
import type { RunningTurn } from './perform-turn.ts';
import type { Records } from './records.ts';

interface Client {
  readonly socket: WebSocket;
  readonly topics: Map<string, AbortController>;
}

export interface HubSources {
  readonly options: () => SiteOptions;
  readonly turnOf: (topic: string) => { turn: RunningTurn; conversationId: string } | undefined;
}

/** The site's one socket. Speaks as docs/wire.md, section 9 says; faults on request. */
export class SocketHub {
  readonly #clients = new Set<Client>();
  readonly #records: Records;
  readonly #sources: HubSources;
  readonly #server: WebSocketServer;
  readonly #waitingSeeds: string[] = [];
  #offset = 0;

  constructor(server: Server, records: Records, sources: HubSources) {
    this.#records = records;
    this.#sources = sources;
    this.#server = new WebSocketServer({ server, maxPayload: 64 * 1024 * 1024 });
    this.#server.on('connection', (socket) => {
      this.#accept(socket);
    });
  }

  get connectionCount(): number {
    return this.#clients.size;
  }

  /** Sends one frame as it is to every page. */
  broadcast(frame: unknown): void {
    for (const { socket } of this.#clients) socket.send(JSON.stringify(frame));
  }

  /** A seed frame; waits for a page when there is none yet. Source: docs/wire.md, section 11. */
  seed(frame: Record<string, unknown>): void {
    const text = JSON.stringify(frame);
    if (this.#clients.size === 0) this.#waitingSeeds.push(text);
    for (const { socket } of this.#clients) socket.send(text);
  }

  update(conversationId: string, updateType: string, content: Record<string, unknown>): void {
    this.#publish('conversations', {
      type: 'conversation-update',
      payload: { conversation_id: conversationId, update_type: updateType, update_content: content },
    });
  }

  turnComplete(conversationId: string): void {
    this.#publish('conversations', {
      type: 'conversation-turn-complete',
      payload: { conversation_id: conversationId },
    });
  }

  /** Drops every connection without a closing handshake, which a page sees as 1006. */
  drop(): void {
    for (const { socket } of this.#clients) socket.terminate();
  }

  close(): void {
    this.drop();
    this.#server.close();
  }

  #publish(topic: string, payload: unknown): void {
    this.#offset += 1;
    this.broadcast([
      { type: 'message', topic_id: topic, offset: `${String(Date.now())}-${String(this.#offset)}`, payload },
    ]);
  }

  #accept(socket: WebSocket): void {
    const client: Client = { socket, topics: new Map() };
    this.#clients.add(client);
    this.#records.changed();
    socket.on('close', () => {
      this.#clients.delete(client);
      for (const reading of client.topics.values()) reading.abort();
    });
    socket.on('message', (bytes) => {
      const text = Buffer.isBuffer(bytes) ? bytes.toString('utf8') : '';
      this.#records.socketFrames.push(text);
      this.#receive(client, text);
      this.#records.changed();
    });
    for (const text of this.#waitingSeeds.splice(0)) socket.send(text);
  }

  #receive(client: Client, text: string): void {
    const frames: unknown[] = [JSON.parse(text)].flat();
    for (const frame of frames) {
      if (!isRecord(frame)) continue;
      if (frame['type'] === 'tool_response') this.#records.responses.push(frame);
      const command = frame['command'];
      if (isRecord(command)) this.#obey(client, frame['id'], command);
    }
  }

  #obey(client: Client, id: unknown, command: Record<string, unknown>): void {
    const topic = String(command['topic_id'] ?? '');
    if (command['type'] === 'connect') {
      client.socket.send(JSON.stringify([{ id, type: 'reply', reply: { type: 'connect', subscriptions: {} } }]));
    } else if (command['type'] === 'unsubscribe') {
      client.topics.get(topic)?.abort();
    } else if (command['type'] === 'subscribe') {
      this.#subscribe(client, id, topic, String(command['offset'] ?? '0'));
    }
  }

  #subscribe(client: Client, id: unknown, topic: string, after: string): void {
    const found = this.#sources.turnOf(topic);
    const start = found?.turn.log.handoffAt ?? 0;
    const items = found === undefined ? [] : found.turn.log.items.slice(start);
    const stop = (found === undefined ? null : stallOf(found.turn)) ?? Number.POSITIVE_INFINITY;
    const known = items.filter((item, at) => isAfter(item.offset, after) && at < stop - start);
    const envelopes = found === undefined ? [] : known.map((item) => envelope(topic, found, item));
    const reply = {
      type: 'subscribe',
      topic_id: topic,
      last_offset: known.at(-1)?.offset ?? null,
      recovered: after !== '0',
      catchups: envelopes,
    };
    client.socket.send(JSON.stringify([{ id, type: 'reply', reply }]));
    if (found === undefined || client.topics.has(topic)) return;
    const reading = new AbortController();
    client.topics.set(topic, reading);
    // The last catch-up comes once more as a live item: readers must count it once.
    const overlap = Math.max(start, Math.min(stop, found.turn.log.items.length) - 1);
    void this.#stream(client, topic, found, overlap, reading.signal);
  }

  async #stream(
    client: Client,
    topic: string,
    found: { turn: RunningTurn; conversationId: string },
    start: number,
    signal: AbortSignal,
  ): Promise<void> {
    const faults = new Set(this.#sources.options().socketFaults);
    const isBinary = faults.has('binary');
    const send = (value: unknown): void => {
      const text = JSON.stringify(value);
      client.socket.send(isBinary ? Buffer.from(text) : text);
    };
    const heartbeat = setInterval(() => {
      send({
        type: 'message',
        topic_id: topic,
        payload: { type: 'conversation-turn-stream', payload: { type: 'heartbeat' } },
      });
    }, 10_000);
    let count = 0;
    let held: unknown = null;
    for await (const item of found.turn.log.read(start, () => stallOf(found.turn), signal)) {
      count += 1;
      const made = envelope(topic, found, item);
      if (faults.has('junk') && count % 5 === 0) client.socket.send(`{"junk": ${String(count)}`);
      if (faults.has('huge') && count === 4)
        send({ type: 'message', topic_id: 'app_notifications', payload: 'x'.repeat(20 * 1024 * 1024) });
      if (faults.has('missing') && count === 6) continue;
      if (faults.has('swapped') && count === 8) {
        held = made;
        continue;
      }
      // Lists and single objects take turns.
      send(count % 2 === 0 ? [made] : made);
      if (faults.has('repeated')) send([made]);
      if (held !== null) send(held);
      held = null;
      if (faults.has('closed') && count === 8) {
        clearInterval(heartbeat);
        client.socket.terminate();
        return;
      }
    }
    clearInterval(heartbeat);
    if (signal.aborted || stallOf(found.turn) !== null) return;
    const done = { type: 'done', conversation_id: found.conversationId, turn_id: found.turn.id };
    send([{ type: 'message', topic_id: topic, payload: { type: 'conversation-turn-stream', payload: done } }]);
  }
}

/** Where the topic of a turn stops for good; null where it does not, or not yet. */
function stallOf(turn: RunningTurn): number | null {
  return turn.transport === 'stall-then-resume' ? turn.log.stallAt : null;
}

function envelope(topic: string, found: { turn: RunningTurn; conversationId: string }, item: TurnItem): unknown {
  return {
    type: 'message',
    topic_id: topic,
    offset: item.offset,
    payload: {
      type: 'conversation-turn-stream',
      payload: {
        type: 'stream-item',
        conversation_id: found.conversationId,
        turn_id: found.turn.id,
        encoded_item: item.text,
        stream_item_id: item.streamItemId,
        parent_stream_item_id: item.parentStreamItemId,
        server_timestamp_ms: Date.now(),
      },
    },
  };
}

/** Both parts compare as numbers. Source: docs/wire.md, W5. */
function isAfter(offset: string, after: string): boolean {
  const [ms = 0, sequence = 0] = offset.split('-').map(Number);
  const [afterMs = 0, afterSequence = -1] = after.split('-').map(Number);
  return ms > afterMs || (ms === afterMs && sequence > afterSequence);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

export const socketPath = (): string =>
  `wss://ws.chatgpt.com/p3/ws/user/user-standin?verify=SYNTHETIC-VERIFY-${randomUUID()}`;
