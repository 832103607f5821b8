import type { Analysis } from '../../contracts/analysis.ts';
import type { Survey } from '../survey/survey.ts';
import { saidNames } from '../tree/said-names.ts';

const below = (name: string, modules: readonly string[]): boolean =>
  modules.some((module) => name === module || name.startsWith(`${module}.`));

const SCREEN = [
  'tkinter',
  'turtle',
  'pygame',
  'PyQt5',
  'PyQt6',
  'PySide2',
  'PySide6',
  'wx',
  'kivy',
  'pyglet',
  'arcade',
  'curses',
  'blessed',
  'readline',
  'electron',
  'love',
];
const THREADS = [
  'threading',
  '_thread',
  'multiprocessing',
  'concurrent',
  'worker_threads',
  'cluster',
  'ray',
  'joblib',
  'gevent',
  'lanes',
];
const PROCESSES =
  /^(os\.(system|popen|fork|exec\w*|spawn\w*|posix_spawn|execute)|subprocess\..*|multiprocessing\..*|child_process\..*|pty\..*|io\.popen|Deno\.(run|Command)|Bun\.spawn.*|asyncio\.create_subprocess_\w+)$/u;
const SCREEN_NAMES = [
  'document',
  'window',
  'alert',
  'requestAnimationFrame',
  'navigator',
  'HTMLElement',
  'customElements',
];
const INPUT_CALLS = new Set([
  'input',
  'getpass.getpass',
  'sys.stdin.read',
  'sys.stdin.readline',
  'sys.stdin.readlines',
  'prompt',
  'confirm',
  'io.read',
  'readline.question',
  'readline.createInterface',
  'raw_input',
]);
const INPUT_NAMES = new Set(['sys.stdin', 'process.stdin', 'io.stdin']);
const WORKERS = new Set(['Worker', 'SharedWorker', 'Thread']);

type Uses = Pick<Analysis, 'isAsync' | 'readsInput' | 'usesScreen' | 'usesThreads' | 'usesProcesses'>;

function ofShell(survey: Survey): Uses {
  const { commands = [], inBackground = false } = survey.shell ?? {};
  const redirected = survey.shell?.redirects.some(({ access }) => access === 'read') ?? false;
  return {
    isAsync: inBackground,
    readsInput: !redirected && commands.some(({ name }) => name === 'read' || name === 'select'),
    usesScreen: commands.some(({ name }) =>
      ['vim', 'nano', 'less', 'more', 'top', 'htop', 'dialog', 'tput'].includes(name ?? ''),
    ),
    usesThreads: false,
    usesProcesses: survey.programs.length > 0,
  };
}

/** Which of the things that decide where code can run it uses. */
export function judgeUses(survey: Survey): Uses {
  const facts = survey.tree?.facts;
  if (!facts) return ofShell(survey);
  const modules = facts.imports.map(({ module }) => module.replace('node:', ''));
  const called = [...saidNames(facts.calls)];
  const isScript = survey.language === 'javascript' || survey.language === 'typescript';
  const free = new Set(facts.freeNames.map(({ name }) => name));
  return {
    isAsync: facts.isAsync,
    readsInput:
      called.some((name) => INPUT_CALLS.has(name) || name.startsWith('sys.stdin.') || name.startsWith('io.stdin.')) ||
      facts.names.some(({ name }) => INPUT_NAMES.has(name)),
    usesScreen:
      modules.some((module) => below(module, SCREEN)) || (isScript && SCREEN_NAMES.some((name) => free.has(name))),
    usesThreads:
      modules.some((module) => below(module, THREADS)) ||
      facts.calls.some(({ name, isNew }) => isNew && WORKERS.has(name)),
    usesProcesses: called.some((name) => PROCESSES.test(name)),
  };
}
