import { randomUUID } from 'node:crypto';
import { isHandedOff, type Pause, type Shape, type SiteOptions } from '../options.ts';
import type { CallStep, Scene, SiteResult, Step } from '../scenes/scene.ts';
import { createEncoder, type Encoder, type TextPath } from '../wire/encoder.ts';
import { codeContent, textContent, type WireMessage, wireMessage } from '../wire/message.ts';
import { TurnLog } from '../wire/turn-log.ts';
import type { Conversation } from './conversation.ts';
import { createPace, type Pace } from './pace.ts';

export interface TurnRequest {
  readonly conversation: Conversation;
  readonly scene: Scene;
  readonly options: SiteOptions;
  readonly parentId: string | null;
  /** Null when an answer is made again for a question that is already there. */
  readonly question: WireMessage | null;
  readonly onPause: (pause: Pause) => Promise<void>;
  readonly onSeed: (frame: Record<string, unknown>) => void;
  readonly onLateImage: (conversation: Conversation, message: WireMessage) => void;
}

/** A turn while it is sent: its log, and what can be done to it from outside. */
export class RunningTurn {
  readonly id = randomUUID();
  readonly log = new TurnLog();
  readonly transport: SiteOptions['transport'];
  readonly topic: string;
  readonly finished: Promise<void>;
  readonly #abort = new AbortController();
  readonly #performer: Performer;

  constructor(request: TurnRequest) {
    this.transport = request.options.transport;
    this.topic = `${request.options.topicName}-${this.id}`;
    this.#performer = new Performer(request, this, this.#abort.signal);
    this.finished = this.#performer.perform();
  }

  /** Ends the stream as it is; the open message stays unfinished. */
  stop(): void {
    this.#abort.abort();
    this.#performer.leaveUnfinished();
    this.log.end();
  }

  steer(message: WireMessage): void {
    this.#performer.steer(message);
  }
}

class Performer {
  readonly #request: TurnRequest;
  readonly #turn: { readonly id: string; readonly topic: string };
  readonly #log: TurnLog;
  readonly #signal: AbortSignal;
  readonly #pace: Pace;
  readonly #encoder: Encoder;
  #parentId: string | null;
  #open: WireMessage | null = null;
  #thoughtsId: string | null = null;
  #waitingResults: { call: WireMessage; parentId: string; result: SiteResult }[] = [];

  constructor(request: TurnRequest, turn: Pick<RunningTurn, 'id' | 'topic' | 'log'>, signal: AbortSignal) {
    this.#request = request;
    this.#turn = turn;
    this.#log = turn.log;
    this.#signal = signal;
    this.#parentId = request.parentId;
    this.#pace = createPace(request.options.speed, request.options.stallMs, signal);
    const shape: Shape = request.scene.shape ?? request.options.shape;
    this.#encoder = createEncoder(shape, request.conversation.id);
  }

  async perform(): Promise<void> {
    const { conversation, scene } = this.#request;
    this.#head();
    await this.#pause('before-answer');
    await this.#pace.beforeAnswer();
    for (const [index, step] of scene.steps.entries()) {
      if (this.#signal.aborted) return;
      await this.#step(step, index);
    }
    if (this.#signal.aborted) return;
    this.#tail(scene.title);
    conversation.title = scene.title;
    conversation.running = null;
    this.#log.end();
  }

  leaveUnfinished(): void {
    if (this.#open !== null) this.#open.status = 'finished_partial_completion';
    this.#request.conversation.running = null;
  }

  steer(message: WireMessage): void {
    this.#document(message);
  }

  #head(): void {
    const { conversation, question, options } = this.#request;
    const { id } = conversation;
    this.#side({
      type: 'resume_conversation_token',
      kind: 'topic',
      token: 'SYNTHETIC-RESUME-TOKEN',
      conversation_id: id,
    });
    this.#log.append(this.#encoder.begin());
    this.#document(
      wireMessage({
        id: randomUUID(),
        role: 'system',
        content: textContent(''),
        metadata: { is_visually_hidden_from_conversation: true },
      }),
    );
    if (question !== null) {
      this.#document(question);
      this.#side({ type: 'input_message', input_message: question, conversation_id: id });
    }
    if (!isHandedOff(options.transport)) return;
    const { topic, id: turnId } = this.#turn;
    this.#side({
      type: 'stream_handoff',
      conversation_id: id,
      turn_exchange_id: turnId,
      options: [
        { type: 'resume_sse_endpoint', topic_id: topic },
        { type: 'subscribe_ws_topic', topic_id: topic },
      ],
    });
    this.#log.append(this.#encoder.done());
    this.#log.markHandoff();
    this.#log.append(this.#encoder.begin());
  }

  #tail(title: string): void {
    const id = this.#request.conversation.id;
    this.#side({ type: 'title_generation', title, conversation_id: id });
    const metadata = { model_slug: 'gpt-5-5-thinking', tool_invoked: true, tool_name: 'PythonCaasCotTool' };
    this.#side({ type: 'server_ste_metadata', metadata, conversation_id: id });
    this.#side({ type: 'message_stream_complete', conversation_id: id });
    this.#log.append(this.#encoder.done());
  }

  async #step(step: Step, index: number): Promise<void> {
    switch (step.kind) {
      case 'thoughts':
        return await this.#thoughts(step.summary, step.text);
      case 'call':
        return await this.#call(step);
      case 'text':
        return await this.#text(step.text, step.channel);
      case 'tool':
        return await this.#otherTool(step.recipient, step.body, step.language, step.answer);
      case 'late-image':
        return this.#lateImage(index);
      case 'raw':
        return this.#log.append(step.text);
      case 'seed':
        return this.#request.onSeed(step.frame);
    }
  }

  async #thoughts(summary: string, text: string): Promise<void> {
    const message = wireMessage({
      id: randomUUID(),
      role: 'assistant',
      status: 'in_progress',
      content: { content_type: 'thoughts', thoughts: [{ summary, content: '', chunks: [], finished: false }] },
      metadata: { reasoning_status: 'is_reasoning' },
    });
    this.#document(message);
    await this.#grow(message, '/message/content/thoughts/0/content', text);
    this.#close(message, { metadata: { reasoning_title: summary } });
    this.#thoughtsId = message.id;
  }

  async #call(step: CallStep): Promise<void> {
    const { options } = this.#request;
    const form = options.callForm === 'as-scene' ? step.form : options.callForm;
    const isWhole = form === 'whole' && !options.pauseAt.includes('in-call');
    const marks = step.thinkingMarks ?? [];
    const thoughtsId = marks.length > 0 ? this.#thoughtsId : null;
    const message = wireMessage({
      id: randomUUID(),
      role: 'assistant',
      recipient: step.recipient ?? options.callRecipient,
      channel: marks.includes('channel') ? 'analysis' : 'commentary',
      status: isWhole ? 'finished_successfully' : 'in_progress',
      content: codeContent(isWhole ? step.code : ''),
      metadata: {
        ...(thoughtsId === null ? {} : { parent_id: thoughtsId }),
        ...(marks.includes('status') ? { reasoning_status: 'is_reasoning', reasoning_title: 'Computing' } : {}),
        hide_inline_actions: true,
        tool_icons: ['code'],
        ...(isWhole ? { is_complete: true } : {}),
      },
    });
    await this.#pace.work(300);
    if (this.#signal.aborted) return;
    this.#document(message);
    if (!isWhole) {
      const half = Math.ceil(step.code.length / 2);
      await this.#grow(message, '/message/content/text', step.code.slice(0, half));
      await this.#pause('in-call');
      await this.#grow(message, '/message/content/text', step.code.slice(half));
      this.#close(message, { metadata: { is_complete: true } });
    }
    this.#marker(message);
    await this.#pause('after-call');
    // Thinking models give call and result the same parent. Source: docs/wire.md, O1.
    const parentId = thoughtsId ?? message.id;
    if (step.result !== null) this.#waitingResults.push({ call: message, parentId, result: step.result });
    if (step.resultAfterNext !== true) await this.#answerCalls();
  }

  async #answerCalls(): Promise<void> {
    for (const { call, parentId, result } of this.#waitingResults.splice(0)) {
      await this.#pace.work(result.delayMs);
      if (this.#signal.aborted) return;
      const failed = result.exception !== undefined;
      const aggregate = {
        status: failed ? 'failed_with_in_kernel_exception' : 'success',
        run_id: randomUUID(),
        code: call.content['text'],
        messages:
          result.hasImage === true
            ? [{ message_type: 'image', image_url: 'file-service://file-standin', width: 640, height: 400 }]
            : [],
        jupyter_messages: [],
        final_expression_output: failed ? null : result.text,
        in_kernel_exception: failed ? { name: result.exception, traceback: [], args: [], notes: [] } : null,
        timeout_triggered: null,
      };
      const first = this.#result(call, result.text, { parent_id: parentId, aggregate_result: aggregate });
      // Source: docs/wire.md, the second result of a call hangs on the first.
      if (result.second !== undefined) this.#result(call, result.second, { parent_id: first });
    }
  }

  #result(call: WireMessage, text: string, metadata: Record<string, unknown>): string {
    const id = randomUUID();
    const content = { content_type: 'execution_output', text };
    this.#document(wireMessage({ id, role: 'tool', name: call.recipient, content, metadata }));
    return id;
  }

  async #text(text: string, channel: 'final' | 'commentary'): Promise<void> {
    await this.#answerCalls();
    const message = wireMessage({
      id: randomUUID(),
      role: 'assistant',
      channel,
      status: 'in_progress',
      content: textContent(''),
      metadata: { model_slug: 'gpt-5-5-thinking' },
    });
    if (this.#signal.aborted) return;
    this.#document(message);
    this.#marker(message);
    const half = this.#request.options.pauseAt.includes('in-answer') ? Math.ceil(text.length / 2) : text.length;
    await this.#grow(message, '/message/content/parts/0', text.slice(0, half));
    if (half < text.length) {
      await this.#pause('in-answer');
      await this.#grow(message, '/message/content/parts/0', text.slice(half));
    }
    const finish = { finish_details: { type: 'stop' }, is_complete: true };
    this.#close(message, channel === 'final' ? { endTurn: true, metadata: finish } : { metadata: finish });
  }

  async #otherTool(recipient: string, body: string, language: string | undefined, answer: string): Promise<void> {
    const call = wireMessage({
      id: randomUUID(),
      role: 'assistant',
      recipient,
      channel: 'commentary',
      content: codeContent(body, language),
    });
    this.#document(call);
    await this.#pace.work(500);
    if (this.#signal.aborted) return;
    this.#document(
      wireMessage({
        id: randomUUID(),
        role: 'tool',
        name: recipient,
        content: textContent(answer),
        metadata: { parent_id: call.id },
      }),
    );
  }

  #lateImage(index: number): void {
    const message = wireMessage({
      id: randomUUID(),
      role: 'tool',
      name: 'image_gen.text2im',
      content: {
        content_type: 'multimodal_text',
        parts: [
          {
            content_type: 'image_asset_pointer',
            asset_pointer: `sediment://file_standin${String(index)}`,
            width: 640,
            height: 400,
            size_bytes: 4096,
          },
        ],
      },
    });
    this.#keep(message);
    this.#request.onLateImage(this.#request.conversation, message);
  }

  async #grow(message: WireMessage, path: TextPath, text: string): Promise<void> {
    this.#open = message;
    for (const token of this.#pace.tokens(text)) {
      if (this.#signal.aborted) return;
      this.#log.append(this.#encoder.append(message, path, token));
      await this.#pace.token();
    }
  }

  #close(message: WireMessage, more: { endTurn?: boolean; metadata: Record<string, unknown> }): void {
    if (this.#signal.aborted) return;
    this.#log.append(this.#encoder.close(message, { status: 'finished_successfully', ...more }));
    this.#open = null;
  }

  #document(message: WireMessage): void {
    this.#keep(message);
    this.#log.append(this.#encoder.document(message));
  }

  #keep(message: WireMessage): void {
    const { conversation, options } = this.#request;
    conversation.add(message, this.#parentId, Date.now() + options.historyLagMs);
    this.#parentId = message.id;
  }

  #marker(message: WireMessage): void {
    const conversation_id = this.#request.conversation.id;
    this.#side({
      type: 'message_marker',
      conversation_id,
      message_id: message.id,
      marker: 'user_visible_token',
      event: 'first',
    });
  }

  #side(value: Record<string, unknown>): void {
    this.#log.append(this.#encoder.sideband(value));
  }

  async #pause(pause: Pause): Promise<void> {
    if (this.#signal.aborted || !this.#request.options.pauseAt.includes(pause)) return;
    await this.#request.onPause(pause);
  }
}
