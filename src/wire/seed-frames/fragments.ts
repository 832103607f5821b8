import { reportProblem, type DecoderContext } from '../adapter.ts';
import { dropOldest } from '../drop-oldest.ts';
import { isObject, owns, textOrNull, type JsonObject } from '../json.ts';

const TEXT_FIELDS = ['code', 'command', 'stdout', 'stderr', 'result'] as const;

interface FragmentSet {
  readonly total: number;
  readonly startedAtMs: number;
  readonly parts: Map<number, JsonObject>;
  lengthUtf16: number;
}

/** Gathers fragments per direction, conversation and frame id (rule F3). Incomplete sets are given up after a time. */
export function createFragments(context: DecoderContext) {
  const sets = new Map<string, FragmentSet>();

  const add = (key: string, total: number, frame: JsonObject): JsonObject | null => {
    const set = setOf(key, total);
    const index = indexOf(frame, set);
    if (index === null || set.total !== total) return refuse('bad_fragment');
    if (set.parts.has(index)) return null;
    set.parts.set(index, frame);
    set.lengthUtf16 += textLength(frame);
    if (set.lengthUtf16 > context.limits.eventUtf16) {
      sets.delete(key);
      return refuse('bad_fragment');
    }
    if (set.parts.size < total) return null;
    sets.delete(key);
    return join(set.parts);
  };

  const setOf = (key: string, total: number): FragmentSet => {
    const known = sets.get(key);
    if (known) return known;
    const set = { total, startedAtMs: context.now(), parts: new Map<number, JsonObject>(), lengthUtf16: 0 };
    sets.set(key, set);
    if (sets.size > context.limits.fragmentSets) {
      dropOldest(sets);
      reportProblem(context, 'bad_fragment');
    }
    return set;
  };

  const giveUpOld = (): void => {
    if (sets.size === 0) return;
    const oldestKeptMs = context.now() - context.limits.fragmentWaitMs;
    for (const [key, set] of sets) {
      if (set.startedAtMs >= oldestKeptMs) continue;
      sets.delete(key);
      reportProblem(context, 'fragment_timeout');
    }
  };

  const refuse = (problem: 'bad_frame' | 'bad_fragment'): null => {
    reportProblem(context, problem);
    return null;
  };

  return {
    /** Returns the whole frame once its last fragment is here, else null. A frame that is no fragment comes back as it is. */
    gather(frame: JsonObject, key: string): JsonObject | null {
      giveUpOld();
      if (frame['fragmented'] !== true) return frame;
      const total = totalOf(frame);
      if (total < 1 || total > context.limits.fragments) return refuse('bad_frame');
      if (total === 1) return frame;
      return add(key, total, frame);
    },
  };
}

/** A missing or non-numeric total means one. */
function totalOf(frame: JsonObject): number {
  const { total_fragments: stated } = frame as { total_fragments?: unknown };
  return typeof stated === 'number' && Number.isInteger(stated) ? stated : 1;
}

/** A missing index means the order of arrival; null when it is out of range. */
function indexOf(frame: JsonObject, { parts, total }: FragmentSet): number | null {
  const index = owns(frame, 'fragment_index') ? frame['fragment_index'] : parts.size;
  return typeof index === 'number' && Number.isInteger(index) && index >= 0 && index < total ? index : null;
}

function contentOf(frame: JsonObject | undefined): JsonObject {
  const content = frame?.['content'];
  return isObject(content) ? content : {};
}

function textLength(frame: JsonObject): number {
  const content = contentOf(frame);
  return TEXT_FIELDS.reduce((length, field) => length + (textOrNull(content[field])?.length ?? 0), 0);
}

function join(parts: ReadonlyMap<number, JsonObject>): JsonObject {
  const ordered = [...parts].sort(([a], [b]) => a - b).map(([, frame]) => frame);
  const content = { ...contentOf(ordered[0]) };
  for (const field of TEXT_FIELDS) {
    const texts = ordered.map((frame) => textOrNull(contentOf(frame)[field]));
    if (texts.some((text) => text !== null)) content[field] = texts.map((text) => text ?? '').join('');
  }
  return { ...ordered[0], fragmented: false, content };
}
