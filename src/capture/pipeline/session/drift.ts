import type { CaptureHealth } from '../../../contracts/capture.ts';
import { shapeOf } from '../../../wire/index.ts';
import type { Turn } from './turns.ts';

const JUDGED_STREAMS = 3;
const UNKNOWN_FRAMES_SUSPECT = 10;

/**
 * The self-test of decoding: healthy turns yield messages. Suspected when one of the last streams yielded none
 * though it said something, mostly said what no adapter knows, or named an unknown encoding.
 */
export class Drift {
  #streamsSeen = 0;
  #decoded = 0;
  #unknownShapes = 0;
  #sampleShape: string | null = null;
  readonly #recent: { readonly stream: string; isHealthy: boolean }[] = [];

  streamSeen(): void {
    this.#streamsSeen += 1;
  }

  /** A turn that was answered by something else than an event stream. */
  answeredOtherwise(stream: string, contentType: string): void {
    this.#streamsSeen += 1;
    this.unknown(null, { contentType, body: 'not an event stream' });
    this.#judge(stream, false);
  }

  messageSeen(turn: Turn | null): void {
    if (!turn) return;
    turn.messageCount += 1;
    if (turn.messageCount === 1) this.#decoded += 1;
  }

  /** Something on a turn's topic came in a shape that not even its envelope is known of. */
  unknownOnTopic(topic: string, value: unknown): void {
    this.unknown(null, value);
    this.#judge(topic, false);
  }

  unknown(turn: Turn | null, value: unknown): void {
    this.#unknownShapes += 1;
    this.#sampleShape ??= shapeOf(value);
    if (turn) turn.unknownCount += 1;
  }

  /** A frame of a stream was refused in a way that a healthy site does not cause. */
  refused(turn: Turn | null): void {
    if (turn) turn.unknownCount += 1;
  }

  streamEnded(turn: Turn): void {
    if (turn.state === 'error' || turn.state === 'open') return;
    if (turn.messageCount === 0 && turn.unknownCount === 0) return; // It said nothing that could be judged.
    const isMostlyUnknown = turn.unknownCount >= UNKNOWN_FRAMES_SUSPECT && turn.unknownCount > turn.messageCount;
    const isSilent = turn.messageCount === 0 && turn.unknownCount > 0 && turn.state !== 'handoff';
    this.#judge(turn.stream, !isSilent && !isMostlyUnknown);
  }

  read(problems: Readonly<Record<string, number>>): CaptureHealth {
    const isSuspected = this.#recent.some(({ isHealthy }) => !isHealthy);
    return {
      streamsSeen: this.#streamsSeen,
      decoded: this.#decoded,
      unknownShapes: this.#unknownShapes,
      problems: { ...problems },
      drift: isSuspected ? 'suspected' : 'none',
      sampleShape: this.#sampleShape,
    };
  }

  #judge(stream: string, isHealthy: boolean): void {
    const known = this.#recent.find((judged) => judged.stream === stream);
    if (known) known.isHealthy = isHealthy;
    else this.#recent.push({ stream, isHealthy });
    if (this.#recent.length > JUDGED_STREAMS) this.#recent.shift();
  }
}
