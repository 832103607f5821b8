import type { CapturedMessage, SiteVisual } from '../../contracts/capture.ts';
import { isObject, listOf, textOrNull, type JsonObject } from '../json.ts';
import { isPythonTool } from './call.ts';

/** What a message says about a result that the site itself computed. */
export interface SiteResult {
  readonly status: string | null;
  readonly exception: string | null;
  readonly imageCount: number;
  /** The code that ran, repeated with the result; null where it is not. */
  readonly code: string | null;
  /** Tables and charts that it showed. */
  readonly visuals: readonly SiteVisual[];
}

const MOST_VISUALS = 50;
const LONGEST_NAME_UTF16 = 500;

/** Rules O1 to O4. Null when the message is no result, or none yet. */
export function readSiteResult(message: JsonObject, view: CapturedMessage): SiteResult | null {
  if (view.role !== 'tool' || !isPythonTool(view.name)) return null;
  const metadata = isObject(message['metadata']) ? message['metadata'] : {};
  const aggregate = isObject(metadata['aggregate_result']) ? metadata['aggregate_result'] : {};
  const hasRun = aggregate === metadata['aggregate_result'];
  const ranWith = textOrNull(aggregate['status']);
  if (view.status === 'in_progress' || ranWith === 'running') return null;
  return {
    status: ranWith !== null && ranWith !== '' ? ranWith : statusOfMessage(view, hasRun),
    exception: exceptionName(aggregate['in_kernel_exception']) ?? exceptionName(aggregate['system_exception']),
    imageCount: listOf(aggregate['messages']).filter((item) => isObject(item) && item['message_type'] === 'image')
      .length,
    code: textOrNull(aggregate['code']),
    visuals: readVisuals(metadata['ada_visualizations']),
  };
}

/** Rule O5: a result in plain words that no run stands behind says why there was none. */
function statusOfMessage(view: CapturedMessage, hasRun: boolean): string | null {
  if (view.contentType === 'system_error') return 'failed_with_system_exception';
  if (view.contentType === 'text' && !hasRun && view.status === 'finished_successfully')
    return 'failed_with_system_exception';
  return view.status === 'finished_successfully' ? 'success' : view.status;
}

function readVisuals(listed: unknown): readonly SiteVisual[] {
  return listOf(listed)
    .slice(0, MOST_VISUALS)
    .filter(isObject)
    .map(({ type, title, file_id }) => ({ type: nameOf(type), title: nameOf(title), fileId: nameOf(file_id) }))
    .filter(({ title, fileId }) => title !== null || fileId !== null);
}

function nameOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value.slice(0, LONGEST_NAME_UTF16) : null;
}

function exceptionName(exception: unknown): string | null {
  return isObject(exception) ? textOrNull(exception['name']) : null;
}
