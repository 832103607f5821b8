import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { type Analyser, BUILT_IN_RULES, parseAnalysisOptions, STANDARD_OPTIONS } from '../src/analysis/index.ts';
import type { AnalysisOptions } from '../src/contracts/analysis.ts';
import { openAnalyser, tableHere } from './analyse/open-analyser.ts';
import { hintsReport, makeReport, reportLines } from './analyse/report.ts';
import { strategyOf } from './analyse/strategy.ts';

const USAGE = 'usage: npm run -s analyse -- [--options FILE] < LINES, or with --report, or with --rules';

const lineSchema = z.object({
  id: z.union([z.string(), z.number()]),
  language: z.string().nullish(),
  code: z.string(),
});

/** The answer to one line, in the form that docs/commands.md fixes. Throws an Error with one sentence for a line that is none. */
function answer(analyser: Analyser, line: string): object {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (error) {
    throw new Error('a line is not JSON', { cause: error });
  }
  const parsed = lineSchema.safeParse(value);
  if (!parsed.success) throw new Error('a line needs id and code, and may have language');
  const { id, language, code } = parsed.data;
  const found = analyser.analyse({ code, label: language ?? null });
  const { strategy, reasons } = strategyOf(found, code);
  return {
    id,
    imports: found.imports,
    missing: found.missing,
    network: found.network.length > 0,
    files: found.fileAccess,
    unsafe: found.unsafe.map(({ rule, severity, at }) => ({ rule, line: at.line, severity })),
    risk: found.risk,
    band: found.band,
    syntaxErrors: found.syntaxErrors.map(({ message, at }) => ({ message, line: at.line, column: at.column })),
    memoryMB: found.estimate.memoryMB,
    seconds: found.estimate.seconds,
    strategy,
    reasons: [...reasons, ...found.reasons.map(({ text }) => text)],
    suggestions: found.suggestions,
    language: found.language,
  };
}

/** The options of a file, or the standard ones. Throws an Error with one sentence for a file that is none. */
function readOptions(file: string | undefined): AnalysisOptions {
  if (file === undefined) return STANDARD_OPTIONS;
  const parsed = parseAnalysisOptions(JSON.parse(readFileSync(file, 'utf8')));
  if (!parsed.ok) throw new Error(`${file}: ${parsed.error.detail ?? 'is no set of options'}`);
  return parsed.value;
}

async function run(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      report: { type: 'boolean', default: false },
      rules: { type: 'boolean', default: false },
      options: { type: 'string' },
    },
  });
  if (positionals.length > 0) throw new Error(USAGE);
  if (values.rules) {
    process.stdout.write(`${JSON.stringify(BUILT_IN_RULES, null, 1)}\n`);
    return;
  }
  const analyser = openAnalyser(readOptions(values.options), tableHere());
  if (values.report) {
    process.stdout.write(`${reportLines(makeReport(analyser), hintsReport(analyser)).join('\n')}\n`);
    return;
  }
  for await (const line of createInterface({ input: process.stdin }))
    if (line.trim() !== '') process.stdout.write(`${JSON.stringify(answer(analyser, line))}\n`);
}

run().catch((error: unknown) => {
  process.stderr.write(`analyse: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
