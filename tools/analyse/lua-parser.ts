import { buildParserFile } from '@lezer/generator';

const HEAD = '// Made from lua.grammar by tools/analyse-grammar.ts; not edited by hand.\n';

/** The two files that belong beside the grammar, by name. Throws where the grammar has a fault or a conflict. */
export function makeLuaParser(grammar: string): Record<string, string> {
  const made = buildParserFile(grammar, {
    fileName: 'lua.grammar',
    typeScript: true,
    warn: (message) => {
      throw new Error(message);
    },
  });
  return { 'parser.generated.ts': HEAD + made.parser, 'parser.generated.terms.ts': HEAD + tokenTerms(made.terms) };
}

/** Of all terms only those that the tokenizer beside the grammar names. */
function tokenTerms(terms: string): string {
  const wanted = ['LongString', 'BlockComment'].map((name) => {
    const value = terms.split('\n').find((line) => line.trim().startsWith(`${name} =`) || line.includes(` ${name} =`));
    const number = Number(value?.split('=')[1]?.replace(',', ''));
    if (!Number.isInteger(number)) throw new Error(`The grammar has no term ${name}.`);
    return `export const ${name} = ${number};\n`;
  });
  return wanted.join('');
}
