import type { AppErrorCode } from './errors.ts';

/** What a person can do about a failure, by the press of a button; surfaces show those they can serve. */
export type FailureAction =
  | 'run-again'
  | 'restart-session'
  | 'raise-time'
  | 'raise-memory'
  | 'copy-text'
  | 'open-options';

/** What a person is shown. Title: what happened, at most 60 characters. Explanation: why, without jargon. */
export interface Failure {
  readonly title: string;
  readonly explanation: string;
  /** Most useful first. */
  readonly suggestions: readonly string[];
  readonly actions: readonly FailureAction[];
}

// What several failures share is held once: the table is a part of the content script.
const RUN_AGAIN = ['run-again'] as const;
const TRY_IT_AGAIN = ['Run it again.'] as const;
const HAVE_IT_FIXED = 'Put the result in the composer and ask ChatGPT to fix it.';
const PASTE_IT = 'Copy the result and paste it yourself.';
const RELOAD = 'Reload the page.';

/** The only place that failures are worded; a new code does not compile without its row. */
export const FAILURES = {
  'run/language-unavailable': {
    title: 'This language cannot run here yet',
    explanation: 'There is no engine for it on this device.',
    suggestions: ['Ask ChatGPT to write it in Python.'],
    actions: [],
  },
  'run/not-found': {
    title: 'This run is gone',
    explanation: 'The engine was closed and no longer knows it.',
    suggestions: TRY_IT_AGAIN,
    actions: RUN_AGAIN,
  },
  'run/already-started': {
    title: 'This call has run before',
    explanation: 'A call starts by itself only once, in all tabs together.',
    suggestions: ['Press Run again to repeat it.'],
    actions: RUN_AGAIN,
  },
  'run/queue-full': {
    title: 'Too many runs are waiting',
    explanation: 'The queue on this device is full.',
    suggestions: ['Stop a run, then try again.'],
    actions: RUN_AGAIN,
  },
  'run/rate-limited': {
    title: 'Too many runs in a short time',
    explanation: 'A page may start only so many runs a minute.',
    suggestions: ['Wait a minute, then run it again.'],
    actions: RUN_AGAIN,
  },
  'run/timed-out': {
    title: 'The time limit was reached',
    explanation: 'The program ran longer than is allowed.',
    suggestions: ['Raise the time limit.', 'Ask ChatGPT for a faster way or less data.'],
    actions: ['raise-time', 'run-again'],
  },
  'run/stopped': {
    title: 'Stopped',
    explanation: 'The run was ended before it finished.',
    suggestions: TRY_IT_AGAIN,
    actions: RUN_AGAIN,
  },
  'run/code-too-large': {
    title: 'The code is too long',
    explanation: 'It is longer than the limit for one run.',
    suggestions: ['Ask ChatGPT to split it up.'],
    actions: [],
  },
  'run/output-too-large': {
    title: 'Too much output',
    explanation: 'The program wrote more than can be kept.',
    suggestions: ['Print less, or write to a file.'],
    actions: RUN_AGAIN,
  },
  'run/too-many-artifacts': {
    title: 'Too many files or figures',
    explanation: 'The rest of them were not kept.',
    suggestions: ['Make fewer in one run.'],
    actions: [],
  },
  'run/bad-request': {
    title: 'This run cannot be started',
    explanation: 'The request is not well formed.',
    suggestions: ['Reload the page, then try again.'],
    actions: [],
  },
  'python/exception': {
    title: 'Python reported an error',
    explanation: 'The program ended with an exception; the traceback shows where.',
    suggestions: [HAVE_IT_FIXED],
    actions: RUN_AGAIN,
  },
  'python/syntax-error': {
    title: 'The code is not valid Python',
    explanation: 'Python could not read it; nothing was run.',
    suggestions: [HAVE_IT_FIXED],
    actions: [],
  },
  'python/memory': {
    title: 'Python ran out of memory',
    explanation: 'The program needed more than the memory limit.',
    suggestions: ['Read the data in parts.', 'Raise the memory limit.'],
    actions: ['raise-memory', 'restart-session', 'run-again'],
  },
  'python/package-unavailable': {
    title: 'A package is not available here',
    explanation: 'The program needs a package that has no build for browsers or is not bundled.',
    suggestions: ['Ask ChatGPT to use one of the packages named below.'],
    actions: [],
  },
  'python/input-closed': {
    title: 'The program wanted more input',
    explanation: 'It asked for a line after the input had ended.',
    suggestions: ['Run it again and answer each question.'],
    actions: RUN_AGAIN,
  },
  'python/network-off': {
    title: 'The network is off for programs',
    explanation: 'Code that runs here cannot reach the internet.',
    suggestions: ['Download the file yourself and add it with Add file.'],
    actions: [],
  },
  'python/heap-mismatch': {
    title: 'The saved Python state does not fit',
    explanation: 'It was made for another build of Python, so Python starts the slow way.',
    suggestions: ['Reinstall the extension if this appears at every start.'],
    actions: [],
  },
  'runner/start-failed': {
    title: 'Python could not be started',
    explanation: 'Its files could not be loaded.',
    suggestions: ['Run it again.', 'Reload the extension if it stays so.'],
    actions: RUN_AGAIN,
  },
  'runner/crashed': {
    title: 'Python crashed',
    explanation: 'The engine broke down; variables are gone, files are kept.',
    suggestions: TRY_IT_AGAIN,
    actions: RUN_AGAIN,
  },
  'runner/killed': {
    title: 'The engine had to be ended',
    explanation: 'It did not stop in time; variables are gone, files are kept.',
    suggestions: TRY_IT_AGAIN,
    actions: RUN_AGAIN,
  },
  'box/self-test-failed': {
    title: 'Code cannot be run safely in this browser',
    explanation: 'The test of the closed box did not pass, so nothing is run.',
    suggestions: ['Update the browser.', 'Turn off other extensions that change pages.'],
    actions: [],
  },
  'box/lost': {
    title: 'The box was closed',
    explanation: 'The browser ended it, perhaps for lack of memory; files are kept.',
    suggestions: ['Close other tabs, then run it again.'],
    actions: RUN_AGAIN,
  },
  'files/not-found': {
    title: 'The file is not there',
    explanation: 'It was moved or removed.',
    suggestions: ['Run the code again to make it anew.'],
    actions: [],
  },
  'files/no-space': {
    title: 'No space left',
    explanation: 'The browser gives no more room for files.',
    suggestions: ['Remove files that you no longer need.'],
    actions: [],
  },
  'files/too-large': {
    title: 'The file is too large',
    explanation: 'It is larger than the limit for one file.',
    suggestions: ['Split it into parts.'],
    actions: [],
  },
  'files/bad-path': {
    title: 'This file name cannot be used',
    explanation: 'The name is empty, too long or leads out of the folder.',
    suggestions: ['Use a plain name.'],
    actions: [],
  },
  'files/unavailable': {
    title: 'Files cannot be kept here',
    explanation: 'The browser gives the extension no storage, for instance in a private window.',
    suggestions: ['Use a normal window.'],
    actions: [],
  },
  'host/unavailable': {
    title: 'The engine is not running',
    explanation: 'The part of the extension that runs code did not start.',
    suggestions: ['Try again.', 'Reload the extension if it stays so.'],
    actions: RUN_AGAIN,
  },
  'host/lost': {
    title: 'The connection was lost',
    explanation: 'The extension was reloaded or updated.',
    suggestions: [RELOAD],
    actions: [],
  },
  'door/bad-message': {
    title: 'Something inside did not fit',
    explanation: 'A message between parts of the extension was refused.',
    suggestions: [RELOAD],
    actions: [],
  },
  'door/deadline': {
    title: 'No answer in time',
    explanation: 'Another part of the extension did not answer.',
    suggestions: ['Try again.'],
    actions: RUN_AGAIN,
  },
  'door/forbidden': {
    title: 'Not allowed',
    explanation: 'This page may not ask for that.',
    suggestions: [],
    actions: [],
  },
  'settings/bad-value': {
    title: 'This value cannot be used',
    explanation: 'It is outside its bounds.',
    suggestions: ['Choose a value between the bounds shown.'],
    actions: [],
  },
  'composer/not-found': {
    title: 'The message box was not found',
    explanation: 'The page looks different from what is known.',
    suggestions: [PASTE_IT],
    actions: ['copy-text'],
  },
  'composer/not-inserted': {
    title: 'The text could not be put in',
    explanation: 'The message box did not take it, or you were typing.',
    suggestions: [PASTE_IT],
    actions: ['copy-text'],
  },
  'composer/became-attachment': {
    title: 'The text became an attachment',
    explanation: 'The page turns long text into a file; it will be sent as one.',
    suggestions: ['Send it so, or remove it and copy a part.'],
    actions: [],
  },
} as const satisfies Record<AppErrorCode, Failure>;
