import type { AppErrorCode } from './errors.ts';
import { type Failure, type FailureAction, failureRow as row } from './failure.ts';
import { PAGE_FAILURES } from './page-failures.ts';

const RUN_AGAIN: readonly FailureAction[] = ['run-again'];
/** Its own tool has other packages, more memory and a network. */
const LEAVE_IT: readonly FailureAction[] = ['leave-to-chatgpt'];
const TRY_IT_AGAIN = ['Run it again.'];
const LESS_OR_MORE = 'Work on the data in parts, or allow more memory.';
const HAVE_IT_FIXED = 'Put the result in the composer and ask ChatGPT to fix it.';

/** The only place that failures are worded; a new code does not compile without its row. */
export const FAILURES = {
  ...PAGE_FAILURES,
  'door/bad-message': row('Something inside did not fit', 'A message between parts of the extension was refused.', [
    'Reload the page.',
  ]),
  'door/failed': row(
    'Something inside failed',
    'A part of the extension made a mistake.',
    ['Try again.', 'Reload the extension if it stays so.'],
    RUN_AGAIN,
  ),
  'door/forbidden': row('Not allowed', 'This page may not ask for that.'),
  'host/no-room': row(
    'The disk is full',
    'The browser gives the extension no more room, so what has to be written down before this could not be.',
    [
      'Make room on the device, then try again. Code that did not start by itself runs when you press Run.',
      'Or let go of what is kept here: files of conversations (popup), machines (Machines: Remove) or what was saved of them (Machines: Restart, Start afresh), the tool pack.',
    ],
    RUN_AGAIN,
  ),
  'settings/bad-value': row('This value cannot be used', 'It is outside its bounds.', [
    'Choose a value between the bounds shown.',
  ]),
  'run/language-unavailable': row(
    'This language cannot run here yet',
    'There is no engine for it on this device.',
    ['Ask ChatGPT to write it in Python.'],
    LEAVE_IT,
  ),
  'run/already-started': row(
    'This call has run before',
    'A call starts by itself only once, in all tabs together.',
    ['Press Run again to repeat it.'],
    RUN_AGAIN,
  ),
  'run/not-asking': row(
    'The answer was not used',
    'The question was answered in another tab, or the program no longer asks it.',
    ['Answer the question that the card shows now, if there is one.'],
  ),
  'run/queue-full': row(
    'Too many runs are waiting',
    'The queue on this device is full.',
    ['Stop a run, then try again.'],
    RUN_AGAIN,
  ),
  'run/rate-limited': row(
    'Too many runs in a short time',
    'A page may start only so many runs a minute.',
    ['Wait a minute, then run it again.'],
    RUN_AGAIN,
  ),
  'run/code-too-large': row('The code is too long', 'It is longer than the limit for one run.', [
    'Ask ChatGPT to split it up.',
  ]),
  'run/output-too-large': row(
    'Too much output',
    'The program wrote more than can be kept.',
    ['Print less, or write to a file.'],
    RUN_AGAIN,
  ),
  'run/too-many-artifacts': row('Too many files or figures', 'The rest of them were not kept.', [
    'Make fewer in one run.',
  ]),
  'run/bad-request': row('This run cannot be started', 'The request is not well formed.', [
    'Reload the page, then try again.',
  ]),
  'run/dependency-failed': row('An earlier run was needed', 'It did not end well, so this one was not started.', [
    'Run the earlier one again first.',
  ]),
  'run/commands-asked': row(
    'It starts commands that need your word',
    'Code of a page starts by itself only where all of its commands are on the list of everyday ones.',
    ['Press Run: the card then says which commands these are.'],
    RUN_AGAIN,
  ),
  'run/network-off': row(
    'The network is off for programs',
    'A program may reach only hosts that are allowed for its conversation.',
    ['Open the popup of ChatGPT Companion and add the host under Network.', 'Or add the data as a file.'],
    [...RUN_AGAIN, ...LEAVE_IT],
  ),
  'python/exception': row(
    'Python reported an error',
    'The program ended with an exception; the traceback shows where.',
    [HAVE_IT_FIXED],
    RUN_AGAIN,
  ),
  'python/syntax-error': row('The code is not valid Python', 'Python could not read it; nothing was run.', [
    HAVE_IT_FIXED,
  ]),
  'python/memory': row(
    'Python ran out of memory',
    'The program needed more than the memory limit.',
    [LESS_OR_MORE],
    ['raise-memory', 'restart-session', 'run-again', ...LEAVE_IT],
  ),
  'python/package-unavailable': row(
    'A package is not available here',
    'The program needs a package that has no build for browsers or is not bundled.',
    ['Ask ChatGPT to write it without this package.'],
    LEAVE_IT,
  ),
  'python/input-closed': row(
    'The program wanted more input',
    'It asked for a line after the input had ended.',
    ['Run it again and answer each question.'],
    RUN_AGAIN,
  ),
  'python/network-off': row(
    'The network is off for programs',
    'Code that runs here reaches only hosts that are allowed for its conversation.',
    [
      'Open the popup of ChatGPT Companion and add the host under Network.',
      'Or download the file yourself, add it with Add file, and read it from /mnt/data.',
    ],
    LEAVE_IT,
  ),
  'python/heap-mismatch': row(
    'The saved Python state does not fit',
    'It was made for another build of Python, so Python starts the slow way.',
    ['Reinstall the extension if this appears at every start.'],
  ),
  'lua/error': row('Lua reported an error', 'The program ended with an error.', [HAVE_IT_FIXED], RUN_AGAIN),
  'lua/syntax-error': row('The code is not valid Lua', 'Nothing was run.', [HAVE_IT_FIXED]),
  'lua/memory': row(
    'Lua ran out of memory',
    'The program needed more than the memory limit.',
    [LESS_OR_MORE],
    ['raise-memory', 'run-again', ...LEAVE_IT],
  ),
  'shell/syntax-error': row('The code is not valid Bash', 'It ran up to there.', [HAVE_IT_FIXED]),
  'shell/memory': row(
    'The program ran out of memory',
    'It needed more than the memory limit.',
    [LESS_OR_MORE],
    ['raise-memory', 'run-again', ...LEAVE_IT],
  ),
  'linux/not-built': row(
    'Linux is not part of this build',
    'The package was made without its image.',
    ['Ask ChatGPT to write it in Python.'],
    LEAVE_IT,
  ),
  'linux/memory': row(
    'The machine has too little memory',
    'It gives a program no more, whatever the memory limit is.',
    [
      'Work on the data in parts, or in Python, which has the same files.',
      'Or create a machine with more memory: Machines, beside the terminals.',
    ],
    ['run-again', ...LEAVE_IT],
  ),
  'linux/lost': row(
    'Linux broke down',
    'Its processor, memory or kernel failed, or the browser ended it. What ran in it has ended.',
    ['Run it again.'],
    RUN_AGAIN,
  ),
  'linux/gave-up': row(
    'Linux breaks down again and again',
    'It was started anew three times and broke down each time, so it rests now.',
    ['Run it again in half a minute to try once more.', 'Or restart it now, here or under Machines.'],
    ['run-again', 'restart-session'],
  ),
  'linux/own-files': row(
    'This Linux has lost its own files',
    'A program deleted what every program here needs, so nothing more can run in it.',
    ['Restart it: it begins with all of its own files. Those in /mnt/data stay as that program left them.'],
    ['restart-session', ...LEAVE_IT],
  ),
  'machine/bad-spec': row('This machine cannot be made', 'Something that it asks for is outside its bounds.', [
    'Change what is named here, then create it again.',
  ]),
  'machine/not-found': row('This machine is gone', 'It was removed, perhaps in another tab.', [
    'Choose another one, or create it anew.',
  ]),
  'machine/taken': row('There is a machine of that name', 'Each machine of a conversation has its own name.', [
    'Take another name, or remove the other machine first.',
  ]),
  'machine/too-many': row('No more machines can be made', 'So many in one conversation is the limit.', [
    'Remove one that is no longer needed.',
  ]),
  'machine/in-use': row(
    'This machine is in use',
    'A program or a terminal is open in it, or something was left running.',
    ['Stop its programs and close its terminals, then try again.'],
  ),
  'pack/wrong-file': row(
    'This is not the tool pack',
    'The file is not the one that this version of the extension knows. Nothing of it was kept.',
    ['Choose the file that is named here, of the same release as the extension.'],
  ),
  'pack/damaged': row(
    'The tool pack is damaged',
    'A part of the file is not what it should be: it was changed, or not downloaded whole. Nothing of it was kept.',
    ['Download the file again, then add it again.'],
  ),
  'pack/interrupted': row(
    'Adding the tool pack was cut off',
    'It was begun anew in another tab, or the browser ended the extension meanwhile. Nothing of it was kept.',
    ['Add the file again.'],
  ),
  'terminal/not-found': row('This terminal is gone', 'It was closed, or the engine was ended meanwhile.', [
    'Open a new one.',
  ]),
  'terminal/too-many': row('No more terminals can be opened', 'So many at once is the limit.', [
    'Close one that you no longer need.',
  ]),
  'preview/not-listening': row(
    'No server listens on this port',
    'No program of this Linux waits for connections there: it has ended, or it has not got that far.',
    ['Start the server in a terminal or a shell program, then reload.'],
  ),
  'preview/broke-off': row('The server broke off', 'It closed the connection before its answer was whole.', [
    'Look at what the server printed, then reload.',
  ]),
  'preview/not-http': row(
    'The server does not answer as a web server does',
    'What it sent is no HTTP/1.1: it speaks something else, https perhaps, or it is not written as the standard says.',
    [
      'Choose the port of a web server.',
      'Let a server that speaks https speak http: nothing of it leaves this device.',
    ],
  ),
  'preview/too-large': row(
    'The answer is too large for the preview',
    'A request or an answer may have 16 MB, its headers 64 kB and a message of a websocket 4 MB.',
    ['Write it to a file in /mnt/data and take it from the Files tab.'],
  ),
  'preview/timed-out': row('The server did not answer in time', 'Half a minute went by before its answer was whole.', [
    'Look whether the server still works, then reload.',
  ]),
  'preview/no-machine': row(
    'No Linux runs for this conversation',
    'It was not started yet, or it was ended, and its servers with it.',
    ['Start the server in a terminal or a shell program, then reload.'],
  ),
  'preview/leads-away': row(
    'The page leads elsewhere',
    'A preview shows its one server and has no network. It follows no script that sets its address past its own `location`.',
    ['Reload the page.', 'Open the address in a tab of the browser if you trust it.'],
  ),
  'preview/misused': row('The page was closed', 'It sent more at once than a page may, or what no page sends.', [
    'Look at what its scripts do, then reload.',
  ]),
  'preview/not-sent-again': row('This page came of a form', 'To show it anew, the form has to be sent once more.', [
    'Press Reload to send it again.',
  ]),
  'wasm/bad-module': row('This is no WebAssembly module that can run here', 'Nothing was run.', [HAVE_IT_FIXED]),
  'wasm/bad-call': row('The module cannot be called like this', 'Nothing was run.', [HAVE_IT_FIXED]),
  'wasm/trap': row('The WebAssembly program stopped itself', 'It ended with a trap.', [HAVE_IT_FIXED], RUN_AGAIN),
  'wasm/memory': row(
    'The module wants more memory than is allowed',
    'It was not started.',
    [LESS_OR_MORE],
    ['raise-memory', 'run-again', ...LEAVE_IT],
  ),
  'js/exception': row('The program ended with an error', 'Nothing caught it.', [HAVE_IT_FIXED], RUN_AGAIN),
  'js/syntax-error': row('The code is not valid JavaScript', 'Nothing was run.', [HAVE_IT_FIXED]),
  'js/memory': row(
    'The memory limit was reached',
    'The program asked for more memory than is allowed.',
    [LESS_OR_MORE],
    ['raise-memory', 'run-again', ...LEAVE_IT],
  ),
  'js/stack': row('Too many calls within each other', 'A function calls itself too often.', [HAVE_IT_FIXED]),
  'js/too-many-timers': row('Too many timers', 'More timers wait than are allowed at once.', [HAVE_IT_FIXED]),
  'js/unsettled': row('The program waits for ever', 'It awaits what nothing can settle.', [HAVE_IT_FIXED]),
  'js/module-not-found': row(
    'A module is not here',
    'It is no file here and not bundled.',
    ['Ask ChatGPT to write it without this package.'],
    LEAVE_IT,
  ),
  'reader/failed': row(
    'The code could not be read beforehand',
    'The part of the extension that reads code before it runs did not start or did not answer, so nobody looked for risks.',
    ['Try again: it is started anew.', 'Reload the extension if it stays so.'],
    RUN_AGAIN,
  ),
  'runner/start-failed': row(
    'The engine could not be started',
    'Its files could not be loaded.',
    ['Run it again.', 'Reload the extension if it stays so.'],
    RUN_AGAIN,
  ),
  'runner/resting': row(
    'The engine rests for a moment',
    'It could not be started several times in a row, so it is not tried again at once.',
    ['Run it again in half a minute.', 'Close other tabs, or reload the extension if it stays so.'],
    RUN_AGAIN,
  ),
  'runner/crashed': row(
    'The engine crashed',
    'It broke down; variables are gone, files are kept.',
    TRY_IT_AGAIN,
    RUN_AGAIN,
  ),
  'runner/killed': row(
    'The engine had to be ended',
    'It did not stop in time; variables are gone, files are kept.',
    TRY_IT_AGAIN,
    RUN_AGAIN,
  ),
  'runner/in-use': row(
    'It cannot be saved while it is in use',
    'A program or a terminal is open in it, or something was left running.',
    ['Save it once its programs have ended and its terminals are closed.'],
  ),
  'runner/not-saved': row(
    'It could not be saved',
    'What was saved before is still there, and so are the files in /mnt/data.',
    ['Remove large files outside of /mnt/data, or make room on the device, then save again.'],
  ),
  'box/self-test-failed': row(
    'Code cannot be run safely in this browser',
    'The test of the closed box did not pass, so nothing is run.',
    ['Update the browser.', 'Turn off other extensions that change pages.'],
  ),
  'box/lost': row(
    'The box was closed',
    'The browser ended it, perhaps for lack of memory; files are kept.',
    ['Close other tabs, then run it again.'],
    RUN_AGAIN,
  ),
  'files/not-found': row('The file is not there', 'It was moved or removed.', ['Run the code again to make it anew.']),
  'files/no-space': row('No space left', 'The browser gives no more room for files.', [
    'Remove files that you no longer need.',
  ]),
  'files/too-large': row('The file is too large', 'It is larger than the limit for one file.', [
    'Split it into parts.',
  ]),
  'files/bad-path': row('This file name cannot be used', 'The name is empty, too long or leads out of the folder.', [
    'Use a plain name.',
  ]),
  'files/unavailable': row(
    'Files cannot be read or kept here',
    'The browser gives the extension no storage, as in a private window, or what it stored cannot be read.',
    ['Use a normal window.', 'Update the extension, if a newer version was used before.'],
  ),
  'files/damaged': row(
    'Some files were damaged on the disk',
    'A part of what was stored of them cannot be read: their last changes may be missing. All other files are whole.',
    ['Look at these files; add or make anew what is missing. Until then they are named in the popup.'],
  ),
  'files/bad-archive': row('The zip cannot be read', 'It is damaged, locked or no zip; nothing was unpacked.', [
    'Make it again.',
  ]),
  'files/unsafe-archive': row('The zip is not safe to unpack', 'Nothing was unpacked.', ['Make it again.']),
} satisfies Record<AppErrorCode, Failure>;
