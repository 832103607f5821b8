import { Tree } from '@lezer/common';
import { parser as javascriptParser } from '@lezer/javascript';
import { parser as pythonParser } from '@lezer/python';
import { describe, expect, it } from 'vitest';
import { readLabelled } from '../../../tools/analyse/labelled.ts';
import { parser as luaParser } from '../lua/parser.generated.ts';
import { parseFlat } from './flat-buffer.ts';
import { quickParser } from './quick-parser.ts';
import { endOf, makeSyntaxTable, nameOf, type SyntaxTable } from './syntax-table.ts';

const PARSERS = {
  python: pythonParser,
  javascript: javascriptParser.configure({ dialect: 'jsx' }),
  typescript: javascriptParser.configure({ dialect: 'ts jsx' }),
  lua: luaParser,
};

function nodesOf(tree: Tree): string {
  const nodes: (string | number)[] = [];
  tree.iterate({
    enter: ({ name, from, to }) => void nodes.push(name, from, to),
    leave: () => void nodes.push('/'),
  });
  return nodes.join(' ');
}

/** The rows of a table as `nodesOf` has a tree, by the first and the next of each, and where it ends. */
function rowsOf(table: SyntaxTable): string {
  const nodes: (string | number)[] = [];
  const open: number[] = [];
  for (let at = 0; at >= 0; ) {
    nodes.push(nameOf(table, at), table.from[at] ?? -1, table.to[at] ?? -1);
    expect([table.parent[at], endOf(table, at) > at]).toEqual([open.at(-1) ?? -1, true]);
    open.push(at);
    const seen = at + 1;
    at = table.first[at] ?? -1;
    while (at < 0 && open.length > 0) {
      const left = open.pop() ?? -1;
      if (endOf(table, left) < seen) throw new Error(`row ${left} ends before ${seen}`);
      nodes.push('/');
      at = table.next[left] ?? -1;
    }
  }
  return nodes.join(' ');
}

/** What makes the parser cut its stack, end long chains by force, run several stacks side by side or mend faults. */
const HARD: Readonly<Record<string, readonly string[]>> = {
  python: ['(', 'a.b', 'x[0]', 'lambda x: ', 'if x:\n '],
  javascript: ['a=>', 'a.b', '[{', 'a?b:', '`${'],
  typescript: ['a=>', 'a+', 'f(', '(a,b)=>{'],
  lua: ['{', 'a..', 'f(', 'if a then '],
};

describe.each(Object.entries(PARSERS))('the quick parser of %s', (language, plain) => {
  const quick = quickParser(plain);
  const isSame = (code: string): boolean => nodesOf(quick.parse(code)) === nodesOf(plain.parse(code));

  it('gives the same trees for the labelled pieces, whole and cut anywhere', () => {
    for (const { code, name } of readLabelled().filter((one) => one.language === language)) {
      expect(isSame(code), name).toBe(true);
      for (const share of [0.21, 0.43, 0.78]) {
        const at = Math.floor(code.length * share);
        expect(isSame(code.slice(0, at)), `${name} up to ${at}`).toBe(true);
        expect(isSame(code.slice(at)), `${name} from ${at}`).toBe(true);
      }
    }
  });

  it('gives the rows of the same trees', () => {
    for (const { code, name } of readLabelled().filter((one) => one.language === language))
      for (const text of [code, code.slice(0, code.length * 0.6)])
        expect(rowsOf(makeSyntaxTable(quick, text)), name).toBe(nodesOf(plain.parse(text)));
    for (const piece of HARD[language] ?? []) {
      const text = `${piece.repeat(900)}}`;
      expect(rowsOf(makeSyntaxTable(quick, text)) === nodesOf(plain.parse(text)), piece).toBe(true);
    }
  });

  it('keeps the first rows where there are more than are wanted', () => {
    const { code } = readLabelled().find((one) => one.language === language && one.code.length > 200) ?? { code: '' };
    const whole = makeSyntaxTable(quick, code);
    const cut = makeSyntaxTable(quick, code, 30);
    expect([whole.isCut, cut.isCut, cut.count]).toEqual([false, true, 30]);
    for (const column of ['kind', 'from', 'to', 'parent'] as const)
      expect([...cut[column]]).toEqual([...whole[column].subarray(0, 30)]);
    for (const column of ['first', 'next'] as const)
      expect([...cut[column]]).toEqual([...whole[column].subarray(0, 30)].map((at) => (at < 30 ? at : -1)));
    expect([...cut.end]).toEqual([...whole.end.subarray(0, 30)].map((at) => Math.min(at, 30)));
  });

  it.each(HARD[language] ?? [])('gives the same trees for long rows of %j', (piece) => {
    for (const times of [305, 2_801]) expect(isSame(`${piece.repeat(times)}}`), `${times} times`).toBe(true);
  });

  it('takes its own way in the library that is installed', () => {
    const asked: number[] = [];
    const watched = Object.assign(plain.configure({}), {
      hasAction: (state: number) => asked.push(state),
      getGoto: () => 0,
    });
    const made: object = quickParser(watched);
    const hasAction = Reflect.get(made, 'hasAction') as (state: number, token: number) => number;
    expect([hasAction(1, 2), hasAction(1, 2)]).toEqual([1, 1]);
    expect(asked).toEqual([1]);
    const parse: object = quick.startParse('x');
    expect(Object.hasOwn(parse, 'advance')).toBe(true);
    expect(Object.hasOwn(Reflect.get(parse, 'tokens') as object, 'addActions')).toBe(true);
    expect(parseFlat(quick, 'x')).not.toBeInstanceOf(Tree);
  });
});
