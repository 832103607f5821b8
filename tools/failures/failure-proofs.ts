import type { AppErrorCode } from '../../src/contracts/errors.ts';

/** The test in which a failure is met for real: its file, its title or a part of it, and a text of it that names the failure. */
export interface FailureProof {
  readonly file: string;
  readonly title: string;
  /** The code itself, where nothing else is said. */
  readonly sign?: string;
}

const proof = (file: string, title: string, sign?: string): FailureProof =>
  sign === undefined ? { file, title } : { file, title, sign };
const RECOVERY = 'tests/node/recovery.test.ts';
const KILLERS = 'tests/security/javascript-killers.test.ts';
const TOLD_WHICH = 'a program past a bound is told which';
const MODULES = 'tests/node/wasm-modules.test.ts';
const TERMINALS = 'tests/e2e/terminal.test.ts';
const LIMITED = 'tests/node/python-limits.test.ts';
const SURROUNDINGS = 'tests/e2e/recovery-surroundings.test.ts';
const FROM_PAGE = 'tests/security/door-from-the-page.test.ts';
const ZIPS = 'tests/security/zip-attacks.test.ts';
const RELOADED = 'tests/e2e/scenarios-reloaded-extension.test.ts';
const DEATH = 'tests/e2e/worker-death.test.ts';
const LINUX_FAULTS = 'tests/node/linux-faults.test.ts';
const MACHINES = 'tests/node/linux-machines.test.ts';
const TOOL_PACK = 'src/host/tool-pack/shelf.test.ts';
const LINUX = 'tests/node/linux-session.test.ts';
const SAVED = 'tests/node/linux-saved.test.ts';
const SERVERS = 'tests/node/linux-servers.test.ts';
const NOT_THERE = 'that are not there, break off, speak something else or say too much are told apart';
const PREVIEW_WALL = 'tests/security/preview-wall.test.ts';
const COMPOSER = 'tests/e2e/composer.test.ts';

/** One row for each code: a new one does not compile without the test that reaches it. */
export const FAILURE_PROOFS: Readonly<Record<AppErrorCode, FailureProof>> = {
  'run/language-unavailable': proof('tests/node/execution.test.ts', 'a failure here ends that run with its own code'),
  'run/not-found': proof(FROM_PAGE, 'it cannot see, stop or answer a run of another tab'),
  'run/already-started': proof(DEATH, 'a call claimed before the service worker died is not started again'),
  'run/not-asking': proof(SURROUNDINGS, 'an answer that comes after its run ended'),
  'run/queue-full': proof(RECOVERY, 'more code than may wait is refused'),
  'run/rate-limited': proof(FROM_PAGE, 'starts beyond the rate are refused'),
  'run/timed-out': proof('tests/node/execution.test.ts', 'a failure here ends that run with its own code'),
  'run/stopped': proof(RECOVERY, 'a run that was ended from outside is said to be stopped'),
  'run/code-too-large': proof('tests/node/specified-runners.test.ts', 'very long code runs up to its bound'),
  'run/output-too-large': proof(LIMITED, 'a flood ends with its own code'),
  'run/too-many-artifacts': proof(LIMITED, 'too many displays end the run with their own code'),
  'run/bad-request': proof('tests/e2e/exec.test.ts', 'refuses a language that does not exist yet'),
  'run/dependency-failed': proof('tests/node/execution.test.ts', 'a run begins after the one it depends on'),
  'run/network-off': proof('tests/node/javascript-network.test.ts', 'says which host was not allowed'),
  'run/commands-asked': proof(
    'tests/e2e/linux-consent.test.ts',
    'hold a call that would start by itself: once is no promise, allowed ones are not asked about again',
    'It is not on the list of everyday commands.',
  ),
  'python/exception': proof(RECOVERY, 'what a failed program had set is there for the next'),
  'python/syntax-error': proof(RECOVERY, 'the suggested fix runs where the broken code did'),
  'python/memory': proof(LIMITED, 'C code that did without the memory it wanted is an error'),
  'python/package-unavailable': proof(
    'tests/node/specified-runners.test.ts',
    'an import of what cannot run here says so',
  ),
  'python/input-closed': proof('tests/node/python-input.test.ts', 'may close the input'),
  'python/network-off': proof('tests/node/python-network.test.ts', 'says which host was not allowed'),
  'python/heap-mismatch': proof('tests/node/python-start.test.ts', 'a cold start instead, said once'),
  'lua/error': proof(RECOVERY, 'what a failed program had set is there for the next'),
  'lua/syntax-error': proof(RECOVERY, 'the suggested fix runs where the broken code did'),
  'lua/memory': proof(RECOVERY, 'a full memory is an error with its own code'),
  'shell/syntax-error': proof(LINUX, 'what bash cannot read is an error with its line'),
  'shell/memory': proof(LINUX, 'a program that takes more memory than the run may'),
  'linux/not-built': proof(LINUX, 'a package without the image says so'),
  'linux/memory': proof(LINUX, 'a program that takes more memory than its machine gives'),
  'linux/lost': proof(LINUX_FAULTS, 'and was never saved: that is said'),
  'linux/gave-up': proof(
    LINUX_FAULTS,
    'is restarted three times, then that is its failure; what was saved stays until it is begun anew',
  ),
  'linux/own-files': proof(LINUX_FAULTS, 'whose own files were deleted says so and offers the restart'),
  'machine/bad-spec': proof(MACHINES, 'a spec beyond its bounds is refused with the bound'),
  'machine/not-found': proof(MACHINES, 'one that was removed can be neither chosen nor removed'),
  'machine/taken': proof(MACHINES, 'a name is one machine’s of its conversation'),
  'machine/too-many': proof(MACHINES, 'there are so many of a conversation and no more'),
  'machine/in-use': proof(MACHINES, 'one that is at work is neither stopped nor removed'),
  'pack/wrong-file': proof(TOOL_PACK, 'another file is refused before anything is written'),
  'pack/damaged': proof(TOOL_PACK, 'one wrong byte is refused where it is, and nothing stays'),
  'pack/interrupted': proof(TOOL_PACK, 'one that was begun anew, or is not the next piece, is not gone on with'),
  'terminal/not-found': proof(TERMINALS, 'is said to be gone where another page closed it'),
  'terminal/too-many': proof(TERMINALS, 'is one of so many and no more'),
  'preview/not-listening': proof(SERVERS, NOT_THERE),
  'preview/broke-off': proof(SERVERS, NOT_THERE),
  'preview/not-http': proof(SERVERS, NOT_THERE),
  'preview/too-large': proof(SERVERS, NOT_THERE),
  'preview/timed-out': proof('src/container/web/fetch.test.ts', 'to one that drips ends when its time is up'),
  'preview/no-machine': proof(SERVERS, 'may be the small one: busybox httpd'),
  'preview/leads-away': proof(PREVIEW_WALL, 'lets no request out, and no page lead the extension away'),
  'preview/not-sent-again': proof(
    'tests/browser/preview.test.ts',
    'leads on by links, redirects, forms and its own address, and back',
  ),
  'preview/misused': proof(PREVIEW_WALL, 'closes a page that floods, and takes nothing that our script does not send'),
  'wasm/bad-module': proof(MODULES, 'a mistake in the text has its line and column'),
  'wasm/bad-call': proof(MODULES, 'an export that is no function'),
  'wasm/trap': proof(MODULES, 'a trap tells the calls that led to it'),
  'wasm/memory': proof(MODULES, 'a module of exactly the limit starts, one page more does not'),
  'js/exception': proof(RECOVERY, 'what a failed program had set is there for the next'),
  'js/syntax-error': proof(RECOVERY, 'the suggested fix runs where the broken code did'),
  'js/memory': proof(RECOVERY, 'a full memory is an error with its own code'),
  'js/stack': proof(KILLERS, TOLD_WHICH),
  'js/too-many-timers': proof(KILLERS, TOLD_WHICH),
  'js/unsettled': proof('tests/node/javascript-runner.test.ts', 'errors'),
  'js/module-not-found': proof(
    'tests/node/javascript-runner.test.ts',
    'nothing outside of the conversation can be imported',
  ),
  'reader/failed': proof(SURROUNDINGS, 'a reader of code that cannot be started'),
  'runner/start-failed': proof(RECOVERY, 'is tried twice for a run, which then says so'),
  'runner/resting': proof(RECOVERY, 'rests after several tries, and nothing starts it by itself'),
  'runner/crashed': proof(LIMITED, 'a C abort is a crash that is said, not a hang'),
  'runner/killed': proof('tests/security/python-forgery.test.ts', 'a flood of refused messages ends the worker'),
  'runner/in-use': proof(SAVED, 'is not while a program, a terminal or what was left running is in it'),
  'runner/not-saved': proof(SAVED, 'and holds too much is said not to be'),
  'box/self-test-failed': proof('tests/security/box-messages.test.ts', 'fails its self-test and is not handed out'),
  'box/lost': proof('tests/browser/box.test.ts', 'reports a worker script that throws as a lost box'),
  'files/not-found': proof(SURROUNDINGS, 'and a file that is not there'),
  'files/no-space': proof(SURROUNDINGS, 'a browser that gives no more room'),
  'files/too-large': proof(ZIPS, 'a size above the largest file'),
  'files/bad-path': proof(FROM_PAGE, 'it cannot reach sessions, files or the history of the extension itself'),
  'files/unavailable': proof(SURROUNDINGS, 'a store that the browser cannot open'),
  'files/damaged': proof(SURROUNDINGS, 'a damaged log of files'),
  'files/bad-archive': proof(ZIPS, 'a locked entry'),
  'files/unsafe-archive': proof(ZIPS, 'a name that is there twice'),
  'host/no-room': proof(
    'tests/e2e/linux-faults.test.ts',
    'whose state the browser has no room for: that is said, what was saved before stays, and it is saved once there is',
  ),
  'host/unavailable': proof(SURROUNDINGS, 'an engine whose page cannot be opened'),
  'host/lost': proof(
    RELOADED,
    'the page goes on with this turn and the next, and its card says that the extension went',
  ),
  'door/bad-message': proof(FROM_PAGE, 'forged shapes have no effect and the host lives on'),
  'door/deadline': proof(
    SURROUNDINGS,
    'a worker of the files that stands still is said to give no answer in time, and answers once it goes on',
  ),
  'door/failed': proof(SURROUNDINGS, 'a part of the package that is missing'),
  'door/forbidden': proof(FROM_PAGE, 'it cannot reach sessions, files or the history of the extension itself'),
  'settings/bad-value': proof(
    'src/settings/open-settings.test.ts',
    'refuses a value out of its bounds and changes nothing',
  ),
  'composer/not-found': proof('tests/e2e/recovery.test.ts', 'a page without its message box is said to be so'),
  'composer/typing': proof(COMPOSER, 'does not write while the person types on', '/typing/'),
  'composer/not-inserted': proof(COMPOSER, 'says so when the page does not take the text', 'could not be put in'),
  'composer/became-attachment': proof(
    COMPOSER,
    'says so when the page made an attachment of the text',
    'became an attachment',
  ),
  'composer/needs-paste': proof(
    COMPOSER,
    'says that it must be pasted by hand where typing would change its signs',
    'has to be pasted by hand',
  ),
};
