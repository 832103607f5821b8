import type { WireMessage } from '../wire/message.ts';
import { pageFetch } from './natives.ts';

export interface LoadedHistory {
  readonly title: string;
  readonly messages: readonly WireMessage[];
  readonly previousCursor: string | null;
}

interface PagedDocument {
  readonly title?: string;
  readonly messages: readonly WireMessage[];
  readonly page_info: { readonly has_previous_page: boolean; readonly start_cursor: string | null };
}

interface TreeDocument {
  readonly title: string;
  readonly current_node: string;
  readonly mapping: Readonly<Record<string, { readonly message: WireMessage | null; readonly parent: string | null }>>;
}

/** Reads what the site remembers, in both of its shapes. Source: docs/wire.md, section 10. */
export class HistoryClient {
  async newest(id: string): Promise<LoadedHistory | null> {
    return await this.#paged(`/backend-api/conversations/${id}?include_has_versions=true&num_turns=10`);
  }

  async older(id: string, before: string): Promise<LoadedHistory | null> {
    return await this.#paged(`/backend-api/conversations/${id}/messages?before=${before}&num_turns=10`);
  }

  async tree(id: string): Promise<LoadedHistory | null> {
    const answer = await pageFetch(`/backend-api/conversation/${id}`);
    if (!answer.ok) return null;
    const document = (await answer.json()) as TreeDocument;
    const messages: WireMessage[] = [];
    for (let at: string | null = document.current_node; at !== null; ) {
      const node: TreeDocument['mapping'][string] | undefined = document.mapping[at];
      if (node?.message != null) messages.unshift(node.message);
      at = node?.parent ?? null;
    }
    return { title: document.title, messages, previousCursor: null };
  }

  /** The turn that is under way, or null. */
  async running(id: string): Promise<{ topic: string | null } | null> {
    const answer = await pageFetch(`/backend-api/conversation/${id}/stream_status`);
    if (!answer.ok) return null;
    const status = (await answer.json()) as { status: string; topic_id?: string };
    return status.status === 'IS_STREAMING' ? { topic: status.topic_id ?? null } : null;
  }

  /** Asks until the history holds the end of the turn; it is late by a second or more. */
  async finished(id: string): Promise<LoadedHistory> {
    for (;;) {
      const loaded = await this.tree(id);
      if (loaded !== null && loaded.messages.some((message) => message.end_turn === true)) return loaded;
      await pause(500);
    }
  }

  async #paged(path: string): Promise<LoadedHistory | null> {
    const answer = await pageFetch(path);
    if (!answer.ok) return null;
    const document = (await answer.json()) as PagedDocument;
    return {
      title: document.title ?? '',
      messages: document.messages,
      previousCursor: document.page_info.has_previous_page ? document.page_info.start_cursor : null,
    };
  }
}

async function pause(ms: number): Promise<void> {
  await new Promise<void>((resolve) => {
    setTimeout(() => {
      resolve();
    }, ms);
  });
}
