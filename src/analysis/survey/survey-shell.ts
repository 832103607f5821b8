import type { CodeFact } from '../../contracts/analysis.ts';
import { createPositions, type Positions } from '../positions.ts';
import type { ShellPart } from '../rules/match-rules.ts';
import { readShell } from '../shell/read-shell.ts';
import type { ShellFacts } from '../shell/shell-facts.ts';
import type { TreeLanguage } from '../tree/grammars.ts';
import { isConnection, programsOf, shellFiles, shellFound, shellNetwork } from './shell-uses.ts';
import { overwrittenFiles } from './destruction.ts';
import { hiddenText } from './hidden-text.ts';
import { addFact, type Place, type Survey } from './survey.ts';
import { surveyTree } from './survey-tree.ts';

const INTERPRETERS = new Map<string, readonly [flag: string, language: TreeLanguage]>(
  Object.entries({
    python: ['-c', 'python'],
    python3: ['-c', 'python'],
    node: ['-e', 'javascript'],
    lua: ['-e', 'lua'],
  }),
);
/** Texts with code that are read in one script. */
const INNER = 5;

/** Code that is given to an interpreter in a word of its own. */
function innerCode(facts: ShellFacts): Survey['inner'] {
  const found: { survey: Survey; at: Place }[] = [];
  for (const command of facts.commands) {
    const [flag, language] = INTERPRETERS.get(command.name ?? '') ?? [];
    const at = flag === undefined ? -1 : command.words.findIndex(({ text }) => text === flag);
    const word = at < 0 ? undefined : command.words[at + 1];
    if (!word || word.isComputed || language === undefined || found.length >= INNER) continue;
    const survey = surveyTree(language, word.text, createPositions(word.text), false);
    found.push({ survey, at: { from: command.from, to: command.to } });
  }
  return found;
}

/** Reads a shell script as a whole. */
export function surveyShell(code: string, positions: Positions, isPartial: boolean): Survey {
  const facts = readShell(code);
  const found = new Map<CodeFact, Place[]>();
  const part: ShellPart = { facts, at: null };
  shellFound(part, found);
  const inner = innerCode(facts);
  const files = shellFiles(facts, positions, null);
  addFact(found, 'overwrites-input', overwrittenFiles(files));
  addFact(found, 'hidden-text', hiddenText(code));
  const length = code.length;
  return {
    language: 'shell',
    code,
    positions,
    calls: [],
    imports: [],
    names: [],
    files: files.filter(({ path }) => !isConnection(path)),
    innerFiles: files.filter(({ path }) => isConnection(path)),
    network: [
      ...shellNetwork(facts, positions, null),
      ...inner.flatMap(({ survey, at }) =>
        survey.network.map((use) => ({ ...use, at: positions.range(at.from, at.to) })),
      ),
    ],
    shells: [part],
    found,
    isUnsure: false,
    installs: [],
    syntaxErrors: facts.errors.map(({ message, from }) => ({ message, from, to: Math.min(from + 1, length) })),
    endlessLoops: found.get('endless-loop') ?? [],
    allocatedBytes: 0,
    programs: programsOf(facts),
    tree: null,
    shell: facts,
    inner,
    isPartial: isPartial || facts.isCut,
  };
}
