import type { Recording } from '../../contracts/recording.ts';
import type { JsonObject } from '../json.ts';
import type { EventMasks } from './streams/bodies.ts';
import { createLetters } from './values/letters.ts';
import { createNames } from './values/names.ts';
import { createNumbers } from './values/numbers.ts';
import { createRecordingReader } from './read-recording.ts';
import { createValues } from './values/mask-values.ts';

/** One step of a fixture, in the format of `tests/fixtures/wire`. */
export type FixtureStep = { readonly atMs: number } & Readonly<Record<string, unknown>>;

/** A recording without anything of the person's, as a fixture. */
export interface RedactedRecording {
  readonly fixture: { readonly kind: 'session'; readonly about: string; readonly steps: readonly FixtureStep[] };
  readonly messageCount: number;
  /** Pieces of bodies and frames of sockets. */
  readonly frameCount: number;
  readonly durationMs: number;
}

const ABOUT =
  'Recorded by the extension. Texts, names, ids, addresses and times are replaced by invented ones; structure, lengths and timing are as they were.';

/** Makes a fixture of what a tab's recorder kept: it decodes to the same events, and nothing in it is the person's. */
export function redactRecording(recording: Recording): RedactedRecording {
  const letters = createLetters();
  const reader = createRecordingReader(letters);
  const written = recording.map((envelope) => ({ atMs: envelope.atMs, write: reader.read(envelope) }));
  reader.end();
  const inner = (object: JsonObject, key: string): string | null => {
    return key === 'encoded_item' || key === 'body' ? (reader.inner(object)?.(masks) ?? null) : null;
  };
  const names = createNames();
  const masks: EventMasks = {
    names,
    letters,
    values: createValues({ names, numbers: createNumbers(), letters, inner }),
  };
  const startMs = recording[0]?.atMs ?? 0;
  const steps = written.flatMap(({ atMs, write }) => {
    const fields = write?.(masks) ?? null;
    return fields === null ? [] : [{ atMs: Math.round(atMs - startMs), ...fields }];
  });
  return {
    fixture: { kind: 'session', about: ABOUT, steps },
    messageCount: letters.messageCount(),
    frameCount: steps.filter(isFrame).length,
    durationMs: steps.at(-1)?.atMs ?? 0,
  };
}

const isFrame = ({ step }: FixtureStep): boolean => step === 'chunk' || step === 'ws';
