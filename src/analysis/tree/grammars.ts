import { parser as javascriptParser } from '@lezer/javascript';
import type { LRParser } from '@lezer/lr';
import { parser as pythonParser } from '@lezer/python';
import { parser as luaParser } from '../lua/parser.generated.ts';
import { quickParser } from './quick-parser.ts';

export type TreeLanguage = 'python' | 'javascript' | 'typescript' | 'lua';

const set = (names: string): ReadonlySet<string> => new Set(names.split(' '));

/** Which nodes of a grammar mean what; the readers ask this instead of naming nodes of one language. */
export interface Grammar {
  readonly parser: LRParser;
  readonly functions: ReadonlySet<string>;
  /** Nodes that hold names of their own, functions included. */
  readonly scopes: ReadonlySet<string>;
  /** Nodes whose inside may not run, or not once. */
  readonly conditional: ReadonlySet<string>;
  readonly loops: ReadonlySet<string>;
  /** Those, and what is a loop by what it holds. */
  readonly mayLoop: ReadonlySet<string>;
  readonly decisions: ReadonlySet<string>;
  readonly asynchronous: ReadonlySet<string>;
}

/** A grammar with what follows from its parts. */
const grammar = (parts: Omit<Grammar, 'mayLoop'>): Grammar => ({
  ...parts,
  mayLoop: new Set([...parts.loops, 'ArgList', 'GotoStatement']),
});

const JS_FUNCTIONS = 'FunctionDeclaration FunctionExpression ArrowFunction MethodDeclaration';
const javascript = grammar({
  parser: quickParser(javascriptParser.configure({ dialect: 'jsx' })),
  functions: set(JS_FUNCTIONS),
  scopes: set(`${JS_FUNCTIONS} Block ForStatement CatchClause SwitchBody ClassBody Property`),
  conditional: set('IfStatement ForStatement WhileStatement DoStatement TryStatement SwitchBody ConditionalExpression'),
  loops: set('ForStatement WhileStatement DoStatement'),
  decisions: set('IfStatement ForStatement WhileStatement DoStatement CaseLabel CatchClause ConditionalExpression'),
  asynchronous: set('async await AwaitExpression'),
});

export const GRAMMARS: Readonly<Record<TreeLanguage, Grammar>> = {
  python: grammar({
    parser: quickParser(pythonParser),
    functions: set('FunctionDefinition LambdaExpression'),
    scopes: set(
      'FunctionDefinition LambdaExpression ClassDefinition ArrayComprehensionExpression SetComprehensionExpression DictionaryComprehensionExpression ComprehensionExpression',
    ),
    conditional: set('IfStatement ForStatement WhileStatement TryStatement MatchClause ConditionalExpression'),
    loops: set(
      'ForStatement WhileStatement ArrayComprehensionExpression SetComprehensionExpression DictionaryComprehensionExpression ComprehensionExpression',
    ),
    decisions: set('if elif for while except case and or'),
    asynchronous: set('async await'),
  }),
  javascript,
  typescript: { ...javascript, parser: quickParser(javascriptParser.configure({ dialect: 'ts jsx' })) },
  lua: grammar({
    parser: quickParser(luaParser),
    functions: set('FunctionDeclaration LocalFunction FunctionExpression'),
    scopes: set('FunctionDeclaration LocalFunction FunctionExpression Block ForStatement'),
    conditional: set('IfStatement ForStatement WhileStatement RepeatStatement'),
    loops: set('ForStatement WhileStatement RepeatStatement'),
    decisions: set('if elseif for while repeat and or'),
    asynchronous: set(''),
  }),
};
