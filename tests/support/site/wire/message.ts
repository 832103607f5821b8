/** One message as the wire carries it. Source: docs/wire.md, section 5. */
export interface WireMessage {
  readonly id: string;
  readonly author: { readonly role: string; readonly name: string | null; readonly metadata: object };
  readonly create_time: number;
  readonly update_time: number | null;
  content: Record<string, unknown>;
  status: 'in_progress' | 'finished_successfully' | 'finished_partial_completion';
  end_turn: boolean | null;
  readonly weight: number;
  metadata: Record<string, unknown>;
  readonly recipient: string;
  readonly channel: string | null;
}

export interface MessageParts {
  readonly id: string;
  readonly role: 'user' | 'assistant' | 'tool' | 'system' | 'developer';
  readonly content: Record<string, unknown>;
  readonly name?: string;
  readonly recipient?: string;
  readonly channel?: string | null;
  readonly status?: WireMessage['status'];
  readonly endTurn?: boolean | null;
  readonly metadata?: Record<string, unknown>;
}

/** Builds a message; what is not said is what the site sends most often. */
export function wireMessage(parts: MessageParts): WireMessage {
  return {
    id: parts.id,
    author: { role: parts.role, name: parts.name ?? null, metadata: {} },
    create_time: Date.now() / 1000,
    update_time: null,
    content: parts.content,
    status: parts.status ?? 'finished_successfully',
    end_turn: parts.endTurn ?? null,
    weight: 1,
    metadata: parts.metadata ?? {},
    recipient: parts.recipient ?? 'all',
    channel: parts.channel ?? null,
  };
}

export function textContent(text: string): Record<string, unknown> {
  return { content_type: 'text', parts: [text] };
}

export function codeContent(code: string, language = 'unknown'): Record<string, unknown> {
  return { content_type: 'code', language, response_format_name: null, text: code };
}
