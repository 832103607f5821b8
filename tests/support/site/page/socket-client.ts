import type { PageBehaviour } from '../options.ts';
import { pageFetch, SavedWebSocket } from './natives.ts';
import { report } from './report.ts';

type Json = Record<string, unknown>;

export interface TopicReader {
  readonly onItem: (text: string, streamItemId: string) => void;
  readonly onDone: () => void;
}

interface Topic extends TopicReader {
  offset: string;
  readonly seen: Set<string>;
}

/** The page's one socket: connects, subscribes, and comes back after it was lost. Source: docs/wire.md, section 9. */
export class SocketClient {
  readonly #listens: PageBehaviour['listens'];
  readonly #onUpdate: (payload: Json) => void;
  readonly #topics = new Map<string, Topic>();
  #socket: WebSocket | null = null;
  #commandId = 0;

  constructor(listens: PageBehaviour['listens'], onUpdate: (payload: Json) => void) {
    this.#listens = listens;
    this.#onUpdate = onUpdate;
  }

  async connect(): Promise<void> {
    const answer = await pageFetch('/backend-api/celsius/ws/user');
    const { websocket_url: url } = (await answer.json()) as { websocket_url: string };
    const socket = new WebSocket(url);
    if (!(socket instanceof SavedWebSocket)) report('looks-patched', { what: 'instanceof WebSocket' });
    socket.binaryType = 'arraybuffer';
    this.#socket = socket;
    const receive = (event: MessageEvent<unknown>): void => {
      this.#receive(event.data);
    };
    if (this.#listens === 'onmessage') socket.onmessage = receive;
    else socket.addEventListener('message', receive);
    socket.addEventListener('open', () => {
      const base = ['conversations', 'app_notifications', 'calpico-chatgpt'];
      this.#command({ type: 'connect', presence: { type: 'presence', state: 'background' } });
      for (const topic of base) this.#command({ type: 'subscribe', topic_id: topic, offset: '0' });
      for (const [id, topic] of this.#topics) this.#command({ type: 'subscribe', topic_id: id, offset: topic.offset });
    });
    socket.addEventListener('close', () => {
      if (this.#socket === socket) setTimeout(() => void this.connect(), 200);
    });
  }

  subscribe(id: string, reader: TopicReader): void {
    this.#topics.set(id, { ...reader, offset: '0', seen: new Set() });
    if (this.#socket?.readyState === SavedWebSocket.OPEN)
      this.#command({ type: 'subscribe', topic_id: id, offset: '0' });
  }

  /** Reads no more of a topic. */
  leave(id: string): void {
    this.#topics.delete(id);
  }

  #command(command: Json): void {
    this.#commandId += 1;
    this.#socket?.send(JSON.stringify([{ id: this.#commandId, command }]));
  }

  #receive(raw: unknown): void {
    const text = raw instanceof ArrayBuffer ? new TextDecoder().decode(raw) : String(raw);
    let frames: unknown;
    try {
      frames = JSON.parse(text);
    } catch {
      // A junk frame: the page drops it, as the real one does.
      return;
    }
    for (const frame of Array.isArray(frames) ? (frames as unknown[]) : [frames])
      if (isRecord(frame)) this.#envelope(frame);
  }

  #envelope(frame: Json): void {
    const reply = frame['reply'];
    if (isRecord(reply) && Array.isArray(reply['catchups'])) {
      for (const item of reply['catchups'] as unknown[]) if (isRecord(item)) this.#envelope(item);
      return;
    }
    const payload = frame['payload'];
    if (!isRecord(payload)) return;
    if (payload['type'] === 'conversation-update')
      return this.#onUpdate(isRecord(payload['payload']) ? payload['payload'] : payload);
    const topic = this.#topics.get(String(frame['topic_id']));
    const inner = payload['payload'];
    if (topic === undefined || !isRecord(inner)) return;
    if (inner['type'] === 'done') {
      this.#topics.delete(String(frame['topic_id']));
      return topic.onDone();
    }
    const id = String(inner['stream_item_id']);
    if (inner['type'] !== 'stream-item' || topic.seen.has(id)) return;
    topic.seen.add(id);
    topic.offset = String(frame['offset']);
    topic.onItem(String(inner['encoded_item']), id);
  }
}

function isRecord(value: unknown): value is Json {
  return typeof value === 'object' && value !== null;
}
