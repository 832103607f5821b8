import type { CodeFact, FileUse } from '../../contracts/analysis.ts';
import { withNames } from '../tree/said-names.ts';
import type { CallFact } from '../tree/facts.ts';
import type { TreeRead } from '../tree/read-tree.ts';
import { addFact, type Place } from './survey.ts';

const DELETING =
  /^(?:os\.(?:remove|unlink|rmdir)|fs(?:\.promises)?\.(?:unlink|rm)(?:Sync)?|Deno\.remove(?:Sync)?|lfs\.rmdir)$|\.unlink$/u;
const RUNS_SQL = /(?:^|\.)(?:execute|executescript|executemany|exec|query|run|raw|prepare|read_sql|read_sql_query)$/u;
/** What takes a table, or all of its rows, away. */
const LOSES_ROWS =
  /\b(?:drop\s+(?:table|database|schema)|truncate\s+(?:table\s+)?\w)|\bdelete\s+from\s+["'`[\]\w.]+\s*(?:;|$)|\bupdate\s+["'`[\]\w.]+\s+set\s+(?:(?!\bwhere\b)[^;])*(?:;|$)/iu;
const IN_MEMORY = /^(?::memory:|file::memory:|sqlite:\/\/(?:\/:memory:)?$|)$/u;
const OPENS_DATABASE = /^(?:sqlite3\.connect|duckdb\.connect|sqlalchemy\.create_engine)$/u;

/** Calls that delete a file, in a loop: what they delete is found while it runs. */
function deletedInLoops({ facts }: TreeRead): Place[] {
  const loops = facts.loops;
  return withNames(facts.calls, (name) => DELETING.test(name)).filter((call) =>
    loops.some(({ from, to }) => call.from >= from && call.to <= to),
  );
}

/** Whether every database of the code lives in memory: its tables are the code's own. */
function areInMemory(calls: readonly CallFact[]): boolean {
  const opened = withNames(calls, (name) => OPENS_DATABASE.test(name));
  return opened.length > 0 && opened.every(({ args: [first] }) => IN_MEMORY.test(first?.literal?.text ?? '?'));
}

function lostRows({ facts }: TreeRead): Place[] {
  if (areInMemory(facts.calls)) return [];
  return withNames(facts.calls, (name) => RUNS_SQL.test(name)).filter((call) =>
    call.args.some(({ literal }) => literal !== null && LOSES_ROWS.test(literal.text)),
  );
}

/**
 * Files that the code reads and then writes anew: what they held is gone. Not those that it wrote before it read them, nor those that
 * one call opens for both.
 */
export function overwrittenFiles(files: readonly FileUse[]): Place[] {
  const first = new Map<string, FileUse>();
  const found: Place[] = [];
  const ordered = files
    .filter(({ path }) => path !== null && path !== '')
    // By where they end: what is read within the call that writes comes first.
    .toSorted((a, b) => a.at.to - b.at.to || (a.access === 'read' ? -1 : 1));
  for (const use of ordered) {
    const path = (use.path ?? '').replace(/^(?:\.\/|\/mnt\/data\/)/u, '');
    const before = first.get(path);
    if (before === undefined) first.set(path, use);
    else if (before.access === 'read' && use.access === 'write' && before.at.from !== use.at.from) found.push(use.at);
  }
  return found;
}

/** Notes what of the person's files is lost when the code runs. */
export function destructionFound(read: TreeRead, files: readonly FileUse[], found: Map<CodeFact, Place[]>): void {
  addFact(found, 'deletes-in-loop', deletedInLoops(read));
  addFact(found, 'loses-rows', lostRows(read));
  addFact(found, 'overwrites-input', overwrittenFiles(files));
}
