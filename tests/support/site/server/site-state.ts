import { randomUUID } from 'node:crypto';
import { defaultOptions, type Pause, type SiteOptions } from '../options.ts';
import { chooseScene, findScene } from '../scenes/index.ts';
import type { Scene } from '../scenes/scene.ts';
import { textContent, type WireMessage, wireMessage } from '../wire/message.ts';
import { Conversation } from './conversation.ts';
import { RunningTurn } from './perform-turn.ts';
import { Records } from './records.ts';
import type { SocketHub } from './socket-hub.ts';

/** What a page posts to start a turn. */
export interface TurnPost {
  readonly action: string;
  readonly conversation_id?: string;
  readonly parent_message_id?: string;
  readonly messages?: readonly {
    readonly id: string;
    readonly content: { readonly parts: readonly unknown[] };
    readonly metadata?: { readonly attachments?: readonly { readonly name: string }[] };
  }[];
}

/** Conversations, options and what is still to come: everything that outlives one request. */
export class SiteState {
  options: SiteOptions;
  readonly controlToken = randomUUID();
  readonly records = new Records();
  readonly conversations = new Map<string, Conversation>();
  readonly queue: Scene[] = [];
  readonly turns = new Map<string, { turn: RunningTurn; conversationId: string }>();
  /** Moments of the last requests for the conversation list. */
  quickListPages: number[] = [];
  /** Ends of pages whose HTML is held open. */
  readonly openDocuments: (() => void)[] = [];
  pausedAt: Pause | null = null;
  #continue: (() => void) | null = null;
  #hub: SocketHub | null = null;

  constructor(options: Partial<SiteOptions>) {
    this.options = { ...defaultOptions, ...options };
  }

  set hub(hub: SocketHub) {
    this.#hub = hub;
  }

  /** Lets a paused turn go on. */
  goOn(): void {
    this.pausedAt = null;
    this.#continue?.();
    this.#continue = null;
  }

  startTurn(post: TurnPost, isGuest: boolean): { conversation: Conversation; turn: RunningTurn } {
    const asked = post.messages?.[0];
    const text = String(asked?.content.parts[0] ?? '');
    const known = this.conversations.get(post.conversation_id ?? '');
    const conversation = known ?? new Conversation('New chat');
    if (known === undefined) this.conversations.set(conversation.id, conversation);
    const scene = this.queue.shift() ?? (isGuest ? findScene('plain') : chooseScene(text));
    const isAgain = post.action === 'variant' || asked === undefined;
    const parent = post.parent_message_id ?? null;
    const parentId = parent !== null && conversation.has(parent) ? parent : null;
    const attachments = asked?.metadata?.attachments ?? [];
    const question = isAgain
      ? null
      : wireMessage({ id: asked.id, role: 'user', content: textContent(text), metadata: { attachments } });
    if (!isAgain) {
      const names = attachments.map((attachment) => attachment.name);
      this.records.sent.push({ conversationId: conversation.id, messageId: asked.id, text, attachments: names });
    }
    const turn = new RunningTurn({
      conversation,
      scene,
      options: this.options,
      parentId,
      question,
      onPause: (pause) => this.#pause(pause),
      onSeed: (frame) => {
        this.#hub?.seed({ id: randomUUID(), conversation_id: conversation.id, ...frame });
      },
      onLateImage: (where, message) => {
        this.#hub?.update(where.id, 'add-messages', { messages: [message] });
      },
    });
    conversation.running = turn;
    this.turns.set(turn.topic, { turn, conversationId: conversation.id });
    void turn.finished.then(() => {
      this.#hub?.turnComplete(conversation.id);
      this.records.changed();
    });
    this.records.changed();
    return { conversation, turn };
  }

  steer(conversationId: string, text: string): void {
    const conversation = this.conversations.get(conversationId);
    const message = wireMessage({ id: randomUUID(), role: 'user', content: textContent(text) });
    this.records.sent.push({ conversationId, messageId: message.id, text, attachments: [] });
    conversation?.running?.steer(message);
  }

  /** Puts finished messages into a conversation, as if they had been there for long. */
  remember(title: string, messages: readonly WireMessage[], id?: string): Conversation {
    const conversation = new Conversation(title, id);
    for (const message of messages) conversation.add(message, conversation.currentId, 0);
    this.conversations.set(conversation.id, conversation);
    return conversation;
  }

  async #pause(pause: Pause): Promise<void> {
    this.pausedAt = pause;
    const waiting = new Promise<void>((resolve) => {
      this.#continue = resolve;
    });
    this.records.changed();
    await waiting;
  }
}
