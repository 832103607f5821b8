import { toBase64 } from '../../base/index.ts';
import type { SettingsDoor } from '../../contracts/doors/settings.ts';
import type { RecordedEnvelope, Recording } from '../../contracts/recording.ts';
import type { PipelineFrame } from './frame.ts';

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
  /** A ring: the frame of number n stands at n modulo its length. */
  let frames: (PipelineFrame | null)[] = [];
  /** Numbers of the oldest that is kept, and of the next. */
  let first = 0;
  let next = 0;
  let size = 0;
  let isOn = true;
  const dropOldest = (): void => {
    const at = first % MOST_FRAMES;
    size -= weightOf(frames[at]);
    frames[at] = null;
    first += 1;
  };
  /** Keeps nothing, and forgets what it has, until it is switched on. */
  const switchTo = (settings: { readonly isOn: boolean }): void => {
    isOn = settings.isOn;
    if (isOn) return;
    frames = [];
    first = next = size = 0;
  };
  return {
    keep(frame: PipelineFrame): void {
      if (!isOn) return;
      if (next - first === MOST_FRAMES) dropOldest();
      frames[next % MOST_FRAMES] = frame;
      next += 1;
      size += weightOf(frame);
      while (size > MOST_SIZE) dropOldest();
    },
    /** Records only while the extension is on. */
    follow(settings: Pick<SettingsDoor, 'get' | 'onChange'>, options: { readonly signal: AbortSignal }): void {
      switchTo(settings.get());
      settings.onChange(switchTo, options);
    },
    read: (): Recording => {
      const oldest = first % MOST_FRAMES;
      return [...frames.slice(oldest), ...frames.slice(0, oldest)].flatMap((frame) => (frame ? recorded(frame) : []));
    },
  };
}

function weightOf(frame: PipelineFrame | null | undefined): number {
  if (!frame) return 0;
  const { envelope } = frame;
  return FRAME_SIZE + frame.size + (envelope.kind === 'open' ? (envelope.request?.length ?? 0) : 0);
}

function recorded({ envelope, receivedAtMs: atMs }: PipelineFrame): readonly RecordedEnvelope[] {
  if (envelope.kind === 'chunk')
    return [{ atMs, kind: 'chunk', stream: envelope.stream, base64: toBase64(envelope.bytes) }];
  if (envelope.kind === 'socket') {
    const { direction, data } = envelope;
    return [
      { atMs, kind: 'socket', direction, ...(typeof data === 'string' ? { text: data } : { base64: toBase64(data) }) },
    ];
  }
  return envelope.kind === 'health' ? [] : [{ ...envelope, atMs }];
}
