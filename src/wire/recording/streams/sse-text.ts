import { padTo } from '../values/mask.ts';

/** One line of an event stream, as it stands. */
interface Line {
  readonly text: string;
  /** How it ends; empty where the text stops. */
  readonly end: string;
}

/** One event of a stream with all that frames it, up to and with its blank line. */
export interface SseText {
  readonly lines: readonly Line[];
  /** Trimmed; empty where it has none. */
  readonly name: string;
  /** As the data lines join; null where there is none. */
  readonly data: string | null;
}

/** What stands for the parts of an event. */
export interface SseMasks {
  readonly name: (name: string) => string;
  /** Must not hold a line end; null where `masked` is to be used line by line. */
  readonly data: (event: SseText) => string | null;
  readonly masked: (text: string) => string;
}

const LINE = /([^\r\n]*)(\r\n|\r|\n|$)/g;
const FIELD = /^(\uFEFF?)([^:]*)(: ?)?(.*)$/s;

/** A line's field and value as an event stream reads them; `before` is what comes before the value. */
function fieldOf({ text }: Line): { readonly field: string; readonly before: string; readonly value: string } {
  const [, mark = '', field = '', colon = '', value = ''] = FIELD.exec(text) ?? [];
  return { field, before: mark + field + colon, value };
}

/** Cuts a body's text into its events; their lines together are the whole text. */
export function splitEvents(text: string): readonly SseText[] {
  const events: SseText[] = [];
  let lines: Line[] = [];
  const close = (): void => {
    if (lines.length > 0) events.push(eventOf(lines));
    lines = [];
  };
  for (const [, content = '', end = ''] of text.matchAll(LINE)) {
    if (content === '' && end === '') continue;
    lines.push({ text: content, end });
    if (content === '') close();
  }
  close();
  return events;
}

function eventOf(lines: readonly Line[]): SseText {
  const fields = lines.map(fieldOf);
  const data = fields.filter(({ field }) => field === 'data').map(({ value }) => value);
  const name = fields.findLast(({ field }) => field === 'event')?.value ?? '';
  return { lines, name: name.trim(), data: data.length === 0 ? null : data.join('\n') };
}

export const textOfEvent = ({ lines }: SseText): string => lines.map(({ text, end }) => text + end).join('');

/** The same event with its values replaced, line by line. */
export function maskEvent(event: SseText, masks: SseMasks): readonly Line[] {
  const data = event.data === null ? null : masks.data(event);
  const dataLines = event.lines.filter((line) => fieldOf(line).field === 'data');
  const values =
    data === null
      ? null
      : spread(
          data,
          dataLines.map((line) => fieldOf(line).value),
        );
  let at = 0;
  return event.lines.map((line) => {
    const { field, before, value } = fieldOf(line);
    if (field === 'data') {
      const shown = values?.[at] ?? masks.masked(value);
      at += 1;
      return { text: before + shown, end: line.end };
    }
    if (field === 'event')
      return { text: before + value.replace(value.trim(), () => masks.name(value.trim())), end: line.end };
    const isKnown = ['', 'id', 'retry'].includes(field);
    return { text: (isKnown ? before : masks.masked(before)) + masks.masked(value), end: line.end };
  });
}

/** Lays data over as many lines as there were: JSON may be parted behind its first bracket. */
function spread(data: string, before: readonly string[]): readonly string[] {
  const first = before.findIndex((value) => value.trim() !== '');
  const last = before.findLastIndex((value) => value.trim() !== '');
  const isParted = last > first && /^[[{]/.test(data);
  return before.map((value, at) => {
    const part = at === first ? (isParted ? data.slice(0, 1) : data) : at === last && isParted ? data.slice(1) : '';
    return padTo(part, value.length);
  });
}

/** Where places in the lines of the original, in their order, stand in those that were put for them. */
export function placesIn(offsets: readonly number[], from: readonly Line[], to: readonly Line[]): readonly number[] {
  let [index, before, after] = [0, 0, 0];
  return offsets.map((offset) => {
    for (; index < from.length; index += 1) {
      const [line, shown] = [from[index], to[index]];
      if (!line || !shown) break;
      if (offset < before + lengthOf(line)) return after + placeInLine(offset - before, line, shown);
      before += lengthOf(line);
      after += lengthOf(shown);
    }
    return after;
  });
}

const lengthOf = ({ text, end }: Line): number => text.length + end.length;

/** Ends of lines are cut where they were; a text that is shorter now is cut at its end. */
function placeInLine(offset: number, line: Line, shown: Line): number {
  if (offset > line.text.length) return shown.text.length + offset - line.text.length;
  if (offset === line.text.length) return shown.text.length;
  return Math.min(offset, shown.text.length);
}
