import { hasForbiddenKey, isObject, type JsonObject } from '../json.ts';
import { contentText } from './content.ts';

const LONGEST_UTF16 = 4 * 1024 * 1024;
const DEEPEST = 32;
/** What was read of a widget last: its message is looked at more often than it changes. */
const read = new WeakMap<JsonObject, { readonly state: string; readonly text: string }>();

/** The text of a report that a connector keeps in the state of its widget, JSON as text (rule M6); empty when there is none. */
export function widgetReport(metadata: JsonObject): string {
  const { chatgpt_sdk: widget } = metadata as { chatgpt_sdk?: unknown };
  if (!isObject(widget)) return '';
  const { widget_state: state } = widget as { widget_state?: unknown };
  if (isObject(state)) return reportOf(state);
  if (typeof state !== 'string' || state === '' || state.length > LONGEST_UTF16) return '';
  const known = read.get(widget);
  if (known?.state === state) return known.text;
  const text = parsedReport(state);
  read.set(widget, { state, text });
  return text;
}

function parsedReport(json: string): string {
  let state: unknown;
  try {
    state = JSON.parse(json);
  } catch {
    // Not JSON, or not whole: the message stays as empty as it is.
    return '';
  }
  return isObject(state) && !hasForbiddenKey(state, DEEPEST) ? reportOf(state) : '';
}

function reportOf({ report_message: report }: JsonObject): string {
  if (!isObject(report)) return '';
  const { content } = report as { content?: unknown };
  return isObject(content) ? contentText(content) : '';
}
