import type { SightingKind, SiteReading } from '../../../contracts/capture.ts';
import { shapeOf } from '../../../wire/index.ts';
import { createSightings, routeName } from './sightings.ts';
import type { Turn } from './turns.ts';

const JUDGED_STREAMS = 3;
const UNKNOWN_FRAMES_SUSPECT = 10;

export type Drift = ReturnType<typeof createDrift>;

/**
 * The self-test of decoding: healthy turns yield messages. Suspected when one of the last streams yielded none
 * though it said something, mostly said what no adapter knows, or named an unknown encoding; from the first call on of a
 * tool that may be Python under another name; and when something that is not read answers like a turn.
 */
export function createDrift() {
  let streamsSeen = 0;
  let decoded = 0;
  let unknownShapes = 0;
  let sampleShape: string | null = null;
  let hasUnknownPython = false;
  const sightings = createSightings();
  const recent: { readonly stream: string; isHealthy: boolean }[] = [];

  const unknown = (turn: Turn | null, value: unknown): void => {
    unknownShapes += 1;
    sampleShape ??= shapeOf(value);
    if (turn) turn.unknownCount += 1;
  };

  const judge = (stream: string, isHealthy: boolean): void => {
    const known = recent.find((judged) => judged.stream === stream);
    if (known) known.isHealthy = isHealthy;
    else recent.push({ stream, isHealthy });
    if (recent.length > JUDGED_STREAMS) recent.shift();
  };

  return {
    streamSeen(): void {
      streamsSeen += 1;
    },
    /** A turn that was answered by something else than an event stream. */
    answeredOtherwise(stream: string, contentType: string): void {
      streamsSeen += 1;
      unknown(null, { contentType, body: 'not an event stream' });
      judge(stream, false);
    },
    sighted(kind: SightingKind, name: string): void {
      sightings.note(kind, name);
    },
    /** A live message to or from a tool that may be Python; `isAlarming` where it is not read, and hardly anything else. */
    pythonLikeSeen(name: string, isAlarming: boolean): void {
      sightings.note('python-like', name);
      hasUnknownPython ||= isAlarming;
    },
    /** An event stream that is not read answered a request that looks like a turn's. */
    unknownTurn(stream: string, path: string): void {
      sightings.note('route', routeName(path));
      judge(stream, false);
    },
    messageSeen(turn: Turn | null): void {
      if (!turn) return;
      turn.messageCount += 1;
      if (turn.messageCount === 1) decoded += 1;
    },
    /** Something on a turn's topic came in a shape that not even its envelope is known of. */
    unknownOnTopic(topic: string, value: unknown): void {
      unknown(null, value);
      judge(topic, false);
    },
    unknown,
    /** A frame of a stream was refused in a way that a healthy site does not cause. */
    refused(turn: Turn | null): void {
      if (turn) turn.unknownCount += 1;
    },
    streamEnded(turn: Turn): void {
      if (turn.state === 'error' || turn.state === 'open') return;
      if (turn.messageCount === 0 && turn.unknownCount === 0) return; // It said nothing that could be judged.
      const isMostlyUnknown = turn.unknownCount >= UNKNOWN_FRAMES_SUSPECT && turn.unknownCount > turn.messageCount;
      const isSilent = turn.messageCount === 0 && turn.unknownCount > 0 && turn.state !== 'handoff';
      judge(turn.stream, !isSilent && !isMostlyUnknown);
    },
    read(problems: Readonly<Record<string, number>>): SiteReading {
      const seen = sightings.read();
      const isSuspected = hasUnknownPython || recent.some(({ isHealthy }) => !isHealthy);
      return {
        streamsSeen,
        decoded,
        unknownShapes,
        problems: { ...problems },
        drift: isSuspected ? 'suspected' : 'none',
        sampleShape,
        ...(seen.length > 0 ? { sightings: seen } : {}),
      };
    },
  };
}
