import type { AppErrorCode } from './errors.ts';
import { type Failure, type FailureAction, failureRow } from './failure.ts';

const RUN_AGAIN: readonly FailureAction[] = ['run-again'];
const PASTE_IT = 'Copy the result and paste it yourself.';

/**
 * Failures that a page may have to word while there is no host to ask. A part of the content script, hence apart from the
 * others, which a page gets from the host's door.
 */
export const PAGE_FAILURES = {
  'host/unavailable': failureRow(
    'The engine is not running',
    'The part of the extension that runs code did not start.',
    ['Try again.', 'Reload the extension if it stays so.'],
    RUN_AGAIN,
  ),
  'host/lost': failureRow('The connection was lost', 'The extension was reloaded or updated.', ['Reload the page.']),
  'door/deadline': failureRow(
    'No answer in time',
    'Another part of the extension did not answer.',
    ['Try again.'],
    RUN_AGAIN,
  ),
  'composer/not-found': failureRow(
    'The message box was not found',
    'The page looks different from what is known.',
    [PASTE_IT],
    ['copy-text'],
  ),
  'composer/typing': failureRow(
    'You are typing; press again when you are done',
    'Text that is put in meanwhile could break yours.',
    ['Finish what you write, then press again.'],
  ),
  'composer/not-inserted': failureRow(
    'The text could not be put in',
    'The message box did not take it.',
    [PASTE_IT],
    ['copy-text'],
  ),
  'composer/became-attachment': failureRow(
    'The text became an attachment',
    'The page turns long text into a file; it will be sent as one.',
    ['Send it so, or remove it and copy a part.'],
  ),
  'composer/needs-paste': failureRow(
    'The text has to be pasted by hand',
    'The message box would change its signs, such as stars and lists.',
    [PASTE_IT],
    ['copy-text'],
  ),
  'run/not-found': failureRow(
    'This run is gone',
    'The engine was closed and no longer knows it.',
    ['Run it again.'],
    RUN_AGAIN,
  ),
  'run/timed-out': failureRow(
    'The time limit was reached',
    'The program ran longer than is allowed.',
    ['Ask ChatGPT for a faster way or less data, or allow more time.'],
    ['raise-time', 'run-again', 'leave-to-chatgpt'],
  ),
  'run/stopped': failureRow('Stopped', 'The run was ended before it finished.', ['Run it again.'], RUN_AGAIN),
} satisfies Partial<Record<AppErrorCode, Failure>>;
