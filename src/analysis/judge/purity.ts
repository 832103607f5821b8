import type { Purity } from '../../contracts/analysis.ts';
import type { Survey } from '../survey/survey.ts';
import {
  LUA_IMPURE,
  LUA_PURE,
  LUA_PURE_IO,
  PYTHON_IMPURE,
  PYTHON_IMPURE_MEMBERS,
  PYTHON_PURE,
  PYTHON_PURE_ANYWAY,
  PYTHON_PURE_MODULES,
  SCRIPT_IMPURE_PARTS,
  SCRIPT_IMPURE_WHOLE,
  SCRIPT_PURE,
} from '../tables/pure-names.ts';
import { PURE_BUILTINS } from '../tables/shell-commands.ts';
import type { CodeFacts } from '../tree/facts.ts';
import { saidNames } from '../tree/said-names.ts';

/** Reasons told; the first ones say enough. */
const REASONS = 5;

const isBelow = (name: string, module: string): boolean => name === module || name.startsWith(`${module}.`);

function pythonModuleIsPure(module: string): boolean {
  if (module === 'os') return true;
  if (PYTHON_PURE_MODULES.has(module)) return true;
  const top = module.split('.')[0] ?? module;
  return top !== 'os' && top !== 'urllib' && PYTHON_PURE_MODULES.has(top);
}

/** Names of modules that are pure only in part are judged here, one by one. */
function pythonNameIsPure(name: string): boolean {
  if (PYTHON_PURE_ANYWAY.has(name)) return true;
  if (PYTHON_IMPURE.has(name)) return false;
  if (name.split('.').some((part) => PYTHON_IMPURE_MEMBERS.has(part.replaceAll('()', '')))) return false;
  if (!isBelow(name, 'os')) return true;
  return isBelow(name, 'os.path') || name === 'os.sep' || name === 'os.linesep';
}

/** Each name once, as it comes first in the code. */
function namesIn(facts: CodeFacts): ReadonlySet<string> {
  return new Set([...saidNames(facts.calls), ...saidNames(facts.names)]);
}

function pythonReasons(facts: CodeFacts): string[] {
  const reasons: string[] = [];
  for (const { module, isRelative } of facts.imports)
    if (isRelative || !pythonModuleIsPure(module)) reasons.push(`imports ${module}, which is not known to be pure`);
  for (const { name } of facts.freeNames)
    if (!PYTHON_PURE.has(name)) reasons.push(`uses ${name}, which is not made here or is not pure`);
  for (const name of namesIn(facts)) if (!pythonNameIsPure(name)) reasons.push(`uses ${name}`);
  if (facts.hasSets) reasons.push('has sets, whose order changes from run to run');
  if (facts.isAsync) reasons.push('is asynchronous');
  return reasons;
}

function scriptNameIsPure(name: string): boolean {
  if (SCRIPT_IMPURE_WHOLE.has(name) || name.startsWith('import.meta')) return false;
  return name.split('.').every((part) => !SCRIPT_IMPURE_PARTS.has(part.replaceAll('()', '')));
}

function scriptReasons(facts: CodeFacts): string[] {
  const reasons: string[] = [];
  for (const { module } of facts.imports) reasons.push(`imports ${module}`);
  for (const { name } of facts.freeNames)
    if (!SCRIPT_PURE.has(name)) reasons.push(`uses ${name}, which is not made here or is not pure`);
  for (const name of namesIn(facts)) if (!scriptNameIsPure(name)) reasons.push(`uses ${name}`);
  if (facts.isAsync) reasons.push('is asynchronous');
  return reasons;
}

function luaNameIsPure(name: string): boolean {
  return !LUA_IMPURE.has(name) && (!isBelow(name, 'io') || LUA_PURE_IO.has(name));
}

function luaReasons(facts: CodeFacts): string[] {
  const reasons: string[] = [];
  for (const { name } of facts.freeNames)
    if (!LUA_PURE.has(name)) reasons.push(`uses ${name}, which is not made here or is not pure`);
  for (const name of namesIn(facts)) if (!luaNameIsPure(name)) reasons.push(`uses ${name}`);
  return reasons;
}

function shellReasons(survey: Survey): string[] {
  const { shell } = survey;
  if (!shell) return ['is not read'];
  const own = new Set(shell.functions);
  const reasons = shell.commands.flatMap(({ name }) =>
    name !== null && (PURE_BUILTINS.has(name) || own.has(name)) ? [] : [`starts ${name ?? 'a computed command'}`],
  );
  if (shell.unknownVariables > 0) reasons.push('reads variables that are not made here');
  if (shell.hasGlobs && shell.commands.some(({ words }) => words.some(({ text }) => text.includes('*'))))
    reasons.push('looks for files');
  if (shell.inBackground) reasons.push('does something in the background');
  return reasons;
}

const READERS: Readonly<Record<string, (survey: Survey, facts: CodeFacts) => string[]>> = {
  python: (_, facts) => pythonReasons(facts),
  javascript: (_, facts) => scriptReasons(facts),
  typescript: (_, facts) => scriptReasons(facts),
  lua: (_, facts) => luaReasons(facts),
};

const OBSTACLES: readonly (readonly [is: (survey: Survey) => boolean, reason: string])[] = [
  [({ isPartial }) => isPartial, 'was not read to its end'],
  [({ syntaxErrors }) => syntaxErrors.length > 0, 'does not parse'],
  [({ isUnsure }) => isUnsure, 'has parts that are not read'],
  [({ files }) => files.length > 0, 'works on files'],
  [({ found }) => found.has('huge-allocation'), 'may end at the memory limit'],
  [({ network }) => network.length > 0, 'uses the network'],
  [({ endlessLoops }) => endlessLoops.length > 0, 'has a loop without an end'],
];

/**
 * Pure only where everything that the code uses is on a list of what is known to give the same for the same; a name
 * that is not on it is not pure, so a new function of a library is at worst run once more. What counts: docs/analysis.md.
 */
export function judgePurity(survey: Survey): Purity {
  const reasons = OBSTACLES.filter(([is]) => is(survey)).map(([, reason]) => reason);
  const read = survey.tree ? READERS[survey.language] : undefined;
  reasons.push(...(read && survey.tree ? read(survey, survey.tree.facts) : shellReasons(survey)));
  if (reasons.length > 0) return { isPure: false, because: [...new Set(reasons)].slice(0, REASONS) };
  const leavesNames = survey.tree ? survey.tree.facts.leavesNames : (survey.shell?.functions.length ?? 0) > 0;
  return { isPure: true, leavesNames };
}
