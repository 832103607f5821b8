import type { CodeLanguage } from '../../contracts/analysis.ts';
import { detectLanguage } from '../language/detect-language.ts';
import { GRAMMARS, type TreeLanguage } from '../tree/grammars.ts';
import { type BrokenCode, readBroken } from './broken-code.ts';
import { CLOSING_REPAIRS } from './closing-repairs.ts';
import { PASTED_REPAIRS } from './pasted-repairs.ts';
import { PYTHON_REPAIRS } from './python-repairs.ts';
import type { Repair } from './repair.ts';
import { SCRIPT_REPAIRS } from './script-repairs.ts';

/** Code in another form, or the same code as another language. `title` says what differs. */
export interface Fix {
  readonly title: string;
  readonly code: string;
  readonly language: TreeLanguage;
}

const REPAIRS: readonly Repair[] = [...PASTED_REPAIRS, ...PYTHON_REPAIRS, ...SCRIPT_REPAIRS, ...CLOSING_REPAIRS];

/**
 * Longer code, and code with longer lines (no person wrote those), is left alone; so much is parsed at most for one answer. UTF-16
 * units; measured: the worst takes 2 s on two busy cores, a labelled snippet 5 ms.
 */
const CODE_UTF16 = 20_000;
const LINE_UTF16 = 1_000;
const PARSED_UTF16 = 150_000;
const PARSES = 300;
/** Repairs after one another: what was pasted is seldom broken in more ways. */
const STEPS = 4;
const NAMES: Readonly<Record<TreeLanguage, string>> = {
  python: 'Python',
  javascript: 'JavaScript',
  typescript: 'TypeScript',
  lua: 'Lua',
};

class Budget {
  #units = PARSED_UTF16;
  #parses = PARSES;

  /** Null when enough was parsed for one answer. */
  read(language: TreeLanguage, code: string): BrokenCode | null {
    this.#units -= code.length;
    this.#parses -= 1;
    return this.#units < 0 || this.#parses < 0 ? null : readBroken(language, code);
  }
}

/** The best that one repair makes of the code: without faults at once, else with the fewest. */
function bestStep(broken: BrokenCode, budget: Budget): { readonly title: string; readonly made: BrokenCode } | null {
  let best: { title: string; made: BrokenCode } | null = null;
  const tried = new Set([broken.code]);
  for (const { title, languages, propose } of REPAIRS) {
    if (languages !== undefined && !languages.includes(broken.language)) continue;
    for (const code of propose(broken)) {
      if (tried.has(code) || code.trim() === '') continue;
      tried.add(code);
      const made = budget.read(broken.language, code);
      if (made === null) return best;
      if (made.faults.length < (best?.made ?? broken).faults.length) best = { title, made };
      if (made.faults.length === 0) return best;
    }
  }
  return best;
}

function repaired(broken: BrokenCode, budget: Budget): Fix | null {
  const titles = new Set<string>();
  let at = broken;
  for (let step = 0; step < STEPS && at.faults.length > 0; step++) {
    const next = bestStep(at, budget);
    if (next === null) return null;
    titles.add(next.title);
    at = next.made;
  }
  return at.faults.length > 0 ? null : { title: [...titles].join('; '), code: at.code, language: broken.language };
}

const isTree = (language: CodeLanguage): language is TreeLanguage => Object.hasOwn(GRAMMARS, language);

/** What it is by its own look, where that is another language that reads it without a fault. */
function asOther(broken: BrokenCode, budget: Budget): Fix | null {
  const { language } = detectLanguage(broken.code, null);
  const likely: readonly TreeLanguage[] =
    broken.language === 'javascript'
      ? ['typescript', ...(isTree(language) ? [language] : [])]
      : isTree(language)
        ? [language]
        : [];
  for (const other of likely) {
    if (other === broken.language) continue;
    const read = budget.read(other, broken.code);
    if (read?.faults.length === 0 && isTypeful(other, broken, language))
      return { title: `Run it as ${NAMES[other]}`, code: broken.code, language: other };
  }
  return null;
}

/** TypeScript reads all of JavaScript: only code that looks like it is offered as it. */
const isTypeful = (other: TreeLanguage, broken: BrokenCode, seen: CodeLanguage): boolean =>
  other !== 'typescript' || (broken.language === 'javascript' && broken.faults.length > 0) || seen === 'typescript';

/**
 * What code that its language cannot read was probably meant to be, best first; nothing for code that can be read, and
 * nothing that still has a fault. Every answer was parsed; none is the same as what came in. Never throws, runs nothing.
 */
export function suggestFixes(code: string, language: CodeLanguage): Fix[] {
  if (!isTree(language) || code.length > CODE_UTF16) return [];
  if (code.split('\n').some((line) => line.length > LINE_UTF16)) return [];
  const broken = readBroken(language, code);
  if (broken.faults.length === 0) return [];
  const budget = new Budget();
  return [asOther(broken, budget), repaired(broken, budget)].filter((fix) => fix !== null);
}
