import type { CapturedCall, CapturedMessage, CaptureEvent, SiteOutput } from '../../src/contracts/capture.ts';
import type { WireEvent } from '../../src/wire/index.ts';

/** One case in the format of the golden pairs' `.out.json`. */
export interface GoldenResult {
  readonly messages: readonly object[];
  readonly runs: readonly object[];
  readonly outputs: readonly object[];
  readonly titles: Readonly<Record<string, string>>;
  readonly turns: readonly { readonly source: string; readonly state: string }[];
  readonly problems: Readonly<Record<string, number>>;
  readonly http_errors: readonly object[];
  readonly sideband: Readonly<Record<string, number>>;
  readonly pages: readonly object[];
  readonly other_branch_messages: number;
  /** Only where there is something to say. */
  readonly notices?: readonly string[];
}

/** Gathers what the capture pipeline tells into a golden result. `sourceNames` maps `http:<n>` to the case's own name. */
export class GoldenCollector {
  readonly #messages = new Map<string, CapturedMessage>();
  readonly #order: { key: string }[] = [];
  readonly #placeOf = new Map<string, { key: string }>();
  readonly #calls: CapturedCall[] = [];
  readonly #outputs = new Map<string, SiteOutput>();
  readonly #titles: Record<string, string> = {};
  readonly #turns = new Map<string, { readonly source: string; readonly state: string }>();
  readonly #refused: object[] = [];
  readonly #sideband: Record<string, number> = {};
  readonly #pages: object[] = [];
  readonly #notices: string[] = [];
  #elsewhere = 0;

  readonly onEvent = (event: CaptureEvent): void => {
    switch (event.kind) {
      case 'message':
        this.#takeMessage(event.message);
        break;
      case 'call':
        this.#calls.push(event);
        break;
      case 'output':
        this.#outputs.set(event.output.key, event.output);
        break;
      case 'title':
        this.#titles[event.conversationId] = event.title;
        break;
      case 'turn':
        this.#turns.set(event.stream, { source: event.source, state: event.state });
        break;
      case 'conversation-id-known':
        this.#rename(event.previousKey, event.key);
        break;
      case 'older-page':
        this.#pages.push({ conversation_id: event.conversationId, before: event.before });
        break;
      case 'http-refused':
        this.#refused.push({ path: event.path, status: event.status, retry_after_s: event.retryAfterSeconds });
        break;
      case 'call-forming':
      case 'call-refused':
        break; // Not part of the format; refusals show among the problems.
    }
  };

  readonly onWireEvent = (event: WireEvent): void => {
    if (event.kind === 'sideband') this.#sideband[event.type] = (this.#sideband[event.type] ?? 0) + 1;
    else if (event.kind === 'notice') this.#notices.push(event.notice);
    else if (event.kind === 'other-branches') this.#elsewhere += event.messageCount;
  };

  result(
    problems: Readonly<Record<string, number>>,
    sourceNames: ReadonlyMap<string, string> = new Map(),
  ): GoldenResult {
    return {
      messages: this.#order.map(({ key }) => describeMessage(this.#messages.get(key))),
      runs: this.#calls.map(describeCall),
      outputs: [...this.#outputs.values()].map(describeOutput),
      titles: { ...this.#titles },
      turns: [...this.#turns.values()].map(({ source, state }) => ({
        source: sourceNames.get(source) ?? source,
        state,
      })),
      problems,
      http_errors: this.#refused,
      sideband: this.#sideband,
      pages: this.#pages,
      other_branch_messages: this.#elsewhere,
      ...(this.#notices.length > 0 ? { notices: this.#notices } : {}),
    };
  }

  #takeMessage(message: CapturedMessage): void {
    if (!this.#placeOf.has(message.key)) {
      const place = { key: message.key };
      this.#order.push(place);
      this.#placeOf.set(message.key, place);
    }
    this.#messages.set(message.key, message);
  }

  #rename(previousKey: string, key: string): void {
    const place = this.#placeOf.get(previousKey);
    const message = this.#messages.get(previousKey);
    if (!place || !message) return;
    place.key = key;
    this.#placeOf.delete(previousKey);
    this.#placeOf.set(key, place);
    this.#messages.delete(previousKey);
    this.#messages.set(key, message);
  }
}

function describeMessage(message: CapturedMessage | undefined): object {
  if (!message) return {};
  return {
    id: message.messageId,
    conversation_id: message.conversationId,
    role: message.role,
    name: message.name,
    recipient: message.recipient,
    channel: message.channel,
    content_type: message.contentType,
    text: message.text,
    status: message.status,
    end_turn: message.isEndOfTurn,
    parent_id: message.parentId,
    hidden: message.isHidden,
    assets: message.assets,
    attachments: message.attachments,
  };
}

function describeCall(call: CapturedCall): object {
  const { adapter, conversationId, messageId, tool, auto, code } = call;
  const named = { conversation_id: conversationId, message_id: messageId, tool };
  if (adapter === 'chatgpt') return { adapter, ...named, code, auto };
  const body = call.language === 'python' ? { code } : { command: code, cwd: call.workingDirectory ?? null };
  return { adapter, version: call.version, ...named, ...body, auto };
}

function describeOutput(output: SiteOutput): object {
  return {
    message_id: output.messageId,
    for_message_id: output.callMessageId,
    status: output.status,
    text: output.text,
    exception: output.exception,
    images: output.imageCount,
    ...(output.visuals
      ? { visuals: output.visuals.map(({ type, title, fileId }) => ({ type, title, file_id: fileId })) }
      : {}),
  };
}
