import { randomUUID } from 'node:crypto';
import type { WireMessage } from '../wire/message.ts';
import type { RunningTurn } from './perform-turn.ts';

interface Node {
  readonly message: WireMessage;
  readonly parentId: string | null;
  /** The history does not know the message before this moment. */
  readonly visibleAtMs: number;
}

export interface Page {
  readonly messages: readonly WireMessage[];
  readonly hasPrevious: boolean;
  readonly startCursor: string | null;
}

/** The site's memory of one conversation: a tree of messages and the turn that runs in it. */
export class Conversation {
  readonly id: string;
  title: string;
  readonly createdAtMs = Date.now();
  running: RunningTurn | null = null;
  isHidden = false;
  #currentId: string | null = null;
  readonly #nodes = new Map<string, Node>();

  constructor(title: string, id: string = randomUUID()) {
    this.id = id;
    this.title = title;
  }

  add(message: WireMessage, parentId: string | null, visibleAtMs: number): void {
    this.#nodes.set(message.id, { message, parentId, visibleAtMs });
    this.#currentId = message.id;
    if (parentId !== null) message.metadata['parent_id'] ??= parentId;
  }

  get currentId(): string | null {
    return this.#currentId;
  }

  has(id: string): boolean {
    return this.#nodes.has(id);
  }

  parentOf(id: string): string | null {
    return this.#nodes.get(id)?.parentId ?? null;
  }

  /** A copy under a new id that keeps the ids of its messages, as branches of the site do. Source: docs/wire.md, M5. */
  branch(title: string): Conversation {
    const copy = new Conversation(title);
    for (const node of this.#path(Number.POSITIVE_INFINITY)) {
      copy.add(structuredClone(node.message), node.parentId, 0);
    }
    return copy;
  }

  /** Tree form. Source: docs/wire.md, section 10, J1. */
  tree(nowMs: number): Record<string, unknown> {
    const known = [...this.#nodes.entries()].filter(([, node]) => node.visibleAtMs <= nowMs);
    const ids = new Set(known.map(([id]) => id));
    const mapping: Record<string, unknown> = {
      'client-created-root': { id: 'client-created-root', message: null, parent: null, children: rootsOf(known, ids) },
    };
    for (const [id, node] of known) {
      const parent = node.parentId !== null && ids.has(node.parentId) ? node.parentId : 'client-created-root';
      const children = known.filter(([, other]) => other.parentId === id).map(([childId]) => childId);
      mapping[id] = { id, message: node.message, parent, children };
    }
    return {
      title: this.title,
      create_time: this.createdAtMs / 1000,
      update_time: nowMs / 1000,
      mapping,
      current_node: this.#path(nowMs).at(-1)?.message.id ?? 'client-created-root',
      conversation_id: this.id,
      is_archived: false,
    };
  }

  /** Paged form: `turns` questions with their answers, the newest ones or those before a message. Source: J2. */
  page(nowMs: number, turns: number, before: string | null): Page {
    const path = this.#path(nowMs).map((node) => node.message);
    const cut = before === null ? path.length : path.findIndex((message) => message.id === before);
    const end = cut < 0 ? 0 : cut;
    let start = end;
    for (let seen = 0; start > 0 && seen < turns; ) {
      start -= 1;
      if (path[start]?.author.role === 'user') seen += 1;
    }
    return {
      messages: path.slice(start, end),
      hasPrevious: start > 0,
      startCursor: start > 0 ? (path[start]?.id ?? null) : null,
    };
  }

  #path(nowMs: number): Node[] {
    const path: Node[] = [];
    for (let id = this.#currentId; id !== null; ) {
      const node = this.#nodes.get(id);
      if (node === undefined) break;
      if (node.visibleAtMs <= nowMs) path.unshift(node);
      id = node.parentId;
    }
    return path;
  }
}

function rootsOf(known: readonly (readonly [string, Node])[], ids: ReadonlySet<string>): string[] {
  return known.filter(([, node]) => node.parentId === null || !ids.has(node.parentId)).map(([id]) => id);
}
