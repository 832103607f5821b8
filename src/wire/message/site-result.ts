import type { CapturedMessage } from '../../contracts/capture.ts';
import { isObject, listOf, textOrNull, type JsonObject } from '../json.ts';
import { isPythonTool } from './call.ts';

/** What a message says about a result that the site itself computed. */
export interface SiteResult {
  readonly status: string | null;
  readonly exception: string | null;
  readonly imageCount: number;
  /** The code that ran, repeated with the result; null where it is not. */
  readonly code: string | null;
}

/** Rules O1 to O4. Null when the message is no result, or none yet. */
export function readSiteResult(message: JsonObject, view: CapturedMessage): SiteResult | null {
  if (view.role !== 'tool' || !isPythonTool(view.name)) return null;
  const metadata = isObject(message['metadata']) ? message['metadata'] : {};
  const aggregate = isObject(metadata['aggregate_result']) ? metadata['aggregate_result'] : {};
  const ranWith = textOrNull(aggregate['status']);
  if (view.status === 'in_progress' || ranWith === 'running') return null;
  return {
    status: ranWith !== null && ranWith !== '' ? ranWith : statusOfMessage(view),
    exception: exceptionName(aggregate['in_kernel_exception']) ?? exceptionName(aggregate['system_exception']),
    imageCount: listOf(aggregate['messages']).filter((item) => isObject(item) && item['message_type'] === 'image')
      .length,
    code: textOrNull(aggregate['code']),
  };
}

function statusOfMessage(view: CapturedMessage): string | null {
  if (view.contentType === 'system_error') return 'failed_with_system_exception';
  return view.status === 'finished_successfully' ? 'success' : view.status;
}

function exceptionName(exception: unknown): string | null {
  return isObject(exception) ? textOrNull(exception['name']) : null;
}
