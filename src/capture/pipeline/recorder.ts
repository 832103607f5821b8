import { toBase64 } from '../../base/index.ts';
import type { SettingsDoor } from '../../contracts/doors/settings.ts';
import type { RecordedEnvelope, Recording } from '../../contracts/recording.ts';
import type { Envelope } from '../../interception/envelope.ts';
import { type PipelineFrame, sizeOf } from './frame.ts';

/** About as many bytes; a page of a long conversation has hundreds of times as much. */
const MOST_SIZE = 4_000_000;
const MOST_FRAMES = 20_000;
/** What a frame takes beside its content. */
const FRAME_SIZE = 100;

export type Recorder = ReturnType<typeof createRecorder>;

/**
 * Keeps the frames that came last, for a person who reports that the site has changed. Copies nothing, for every frame passes here;
 * what it has leaves the tab only when the popup asks.
 */
export function createRecorder() {
  /**
   * Rings: what came as number n stands at n modulo their length. Two, since a frame that outlives its turn through the pipeline costs
   * the collector more than decoding it does.
   */
  let envelopes: (Envelope | null)[] = [];
  const times: number[] = [];
  /** Numbers of the oldest that is kept, and of the next. */
  let first = 0;
  let next = 0;
  let size = 0;
  let isOn = true;
  const dropOldest = (): void => {
    const at = first % MOST_FRAMES;
    const oldest = envelopes[at];
    if (oldest) size -= weightOf(oldest, sizeOf(oldest));
    envelopes[at] = null;
    first += 1;
  };
  /** Keeps nothing, and forgets what it has, until it is switched on. */
  const switchTo = (settings: { readonly isOn: boolean }): void => {
    isOn = settings.isOn;
    if (isOn) return;
    envelopes = [];
    first = next = size = 0;
  };
  return {
    keep({ envelope, receivedAtMs, size: length }: Pick<PipelineFrame, 'envelope' | 'receivedAtMs' | 'size'>): void {
      if (!isOn) return;
      if (next - first === MOST_FRAMES) dropOldest();
      const at = next % MOST_FRAMES;
      envelopes[at] = envelope;
      times[at] = receivedAtMs;
      next += 1;
      size += weightOf(envelope, length);
      while (size > MOST_SIZE) dropOldest();
    },
    /** Records only while the extension is on. */
    follow(settings: Pick<SettingsDoor, 'get' | 'onChange'>, options: { readonly signal: AbortSignal }): void {
      switchTo(settings.get());
      settings.onChange(switchTo, options);
    },
    read: (): Recording =>
      Array.from({ length: next - first }, (_, index) => (first + index) % MOST_FRAMES).flatMap((at) =>
        recorded(envelopes[at] ?? null, times[at] ?? 0),
      ),
  };
}

function weightOf(envelope: Envelope, length: number): number {
  return FRAME_SIZE + length + (envelope.kind === 'open' ? (envelope.request?.length ?? 0) : 0);
}

function recorded(envelope: Envelope | null, atMs: number): readonly RecordedEnvelope[] {
  if (!envelope || envelope.kind === 'health') return [];
  if (envelope.kind === 'chunk')
    return [{ atMs, kind: 'chunk', stream: envelope.stream, base64: toBase64(envelope.bytes) }];
  if (envelope.kind === 'socket') {
    const { direction, data } = envelope;
    return [
      { atMs, kind: 'socket', direction, ...(typeof data === 'string' ? { text: data } : { base64: toBase64(data) }) },
    ];
  }
  return [{ ...envelope, atMs }];
}
