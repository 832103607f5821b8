import { Buffer } from 'node:buffer';
import { z } from 'zod';
import type { Capture } from '../../src/capture/pipeline/index.ts';
import type { Observation } from '../../src/interception/envelope.ts';
import { cutBody, type Cutting } from './cutting.ts';

const content = { text: z.string().optional(), b64: z.string().optional(), json: z.unknown().optional() };
const request = {
  id: z.string(),
  method: z.string().default('GET'),
  url: z.string(),
  status: z.number().int().nonnegative().default(200),
  type: z.string().default(''),
  headers: z.record(z.string(), z.string()).default({}),
  request: z.unknown().optional(),
};

/** When a recorder saw it, counted from its first step; steps are played one after the other all the same. */
const time = { atMs: z.number().nonnegative().optional() };

/** One step of a recorded session, as in the golden pairs. */
export const stepSchema = z.discriminatedUnion('step', [
  z.object({ step: z.literal('http'), ...time, ...request, ...content }),
  z.object({ step: z.literal('open'), ...time, ...request }),
  z.object({ step: z.literal('chunk'), ...time, id: z.string(), ...content }),
  z.object({ step: z.literal('end'), ...time, id: z.string(), how: z.string().optional() }),
  z.object({ step: z.literal('ws'), ...time, dir: z.enum(['in', 'out']).default('in'), ...content }),
]);

export type Step = z.infer<typeof stepSchema>;
type Opening = Extract<Step, { step: 'http' | 'open' }>;
type Content = Pick<Extract<Step, { step: 'chunk' }>, 'text' | 'b64' | 'json'>;

/** Plays steps into a capture as the page hook would send them. */
export class StepPlayer {
  readonly #capture: Capture;
  readonly #cutting: Cutting;
  readonly #streams = new Map<string, number>();
  /** Names of the case by the pipeline's own. */
  readonly sourceNames = new Map<string, string>();
  #seq = 0;
  #streamCount = 0;

  constructor(capture: Capture, cutting: Cutting) {
    this.#capture = capture;
    this.#cutting = cutting;
  }

  play(step: Step): void {
    switch (step.step) {
      case 'http':
        this.#open(step);
        this.#chunk(step.id, bytesOf(step));
        this.#end(step.id);
        break;
      case 'open':
        this.#open(step);
        break;
      case 'chunk':
        this.#chunk(step.id, bytesOf(step));
        break;
      case 'end':
        this.#end(step.id);
        break;
      case 'ws': {
        const data = step.b64 === undefined ? (step.text ?? JSON.stringify(step.json)) : bytesOf(step);
        this.#send({
          kind: 'socket',
          socket: 1,
          url: 'wss://ws.chatgpt.com/p1/ws/user/user',
          direction: step.dir,
          data,
        });
        break;
      }
    }
  }

  #open(step: Opening): void {
    this.#streamCount += 1;
    const stream = this.#streamCount;
    this.#streams.set(step.id, stream);
    this.sourceNames.set(`http:${String(stream)}`, step.id);
    this.#send({
      kind: 'open',
      stream,
      transport: 'fetch',
      method: step.method,
      url: new URL(step.url, 'https://chatgpt.com').href,
      status: step.status,
      contentType: step.type,
      retryAfter: step.headers['retry-after'] ?? null,
      request: step.request === undefined ? null : JSON.stringify(step.request),
    });
  }

  #chunk(id: string, body: Uint8Array): void {
    const stream = this.#streams.get(id) ?? 0;
    for (const bytes of cutBody(body, this.#cutting)) this.#send({ kind: 'chunk', stream, bytes });
  }

  #end(id: string): void {
    this.#send({ kind: 'end', stream: this.#streams.get(id) ?? 0, how: 'complete' });
  }

  #send(envelope: Observation): void {
    this.#seq += 1;
    this.#capture.accept({ v: 1, seq: this.#seq, ...envelope });
  }
}

function bytesOf({ text, b64, json }: Content): Uint8Array {
  if (b64 !== undefined) return new Uint8Array(Buffer.from(b64, 'base64'));
  return new TextEncoder().encode(text ?? (json === undefined ? '' : JSON.stringify(json)));
}
