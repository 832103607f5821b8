import { isDeepStrictEqual } from 'node:util';
import { type Answer, asShown, readRecorded, type ShellCase, type Shown } from './cases.ts';

const KEPT_UTF16 = 100;

/** A case that the small image answers otherwise than Debian. */
interface Difference {
  readonly one: ShellCase;
  readonly debian: Answer<Shown>;
  readonly small: Answer<Shown>;
}

/** Writes docs/small-image.md: what the small image answered, beside what was recorded of Debian. */
export function renderSmallImagePage(cases: readonly ShellCase[], answers: readonly Answer<Shown>[]): string {
  const topics = [...new Set(cases.map(({ topic }) => topic))];
  const differences = cases.flatMap((one, at): Difference[] => {
    const recorded = readRecorded(one.topic)[one.title];
    const small = answers[at];
    if (recorded === undefined || small === undefined)
      throw new Error(`nothing is known of ${one.topic}: ${one.title}`);
    const debian = asShown(recorded);
    return isDeepStrictEqual(debian, small) ? [] : [{ one, debian, small }];
  });
  const counts = topics.map((topic) => {
    const all = cases.filter((one) => one.topic === topic).length;
    const other = differences.filter(({ one }) => one.topic === topic).length;
    return `| ${topic} | ${all} | ${all - other} |`;
  });
  const sections = topics.flatMap((topic) => {
    const own = differences.filter(({ one }) => one.topic === topic);
    return own.length === 0
      ? []
      : ['', `## ${topic}`, '', '| case | Debian | small image |', '| --- | --- | --- |', ...own.map(row)];
  });
  const same = cases.length - differences.length;
  return [
    '# What the small image answers otherwise',
    '',
    'The small image has the real bash, and busybox instead of the tools of Debian: no git, jq, sqlite3, python3, make, tcc, and',
    'fewer options of sort, date, find and others. Below is every case of tests/fixtures/shell that it answers otherwise, with the',
    "first line that differs. The cases run as programs of a session, which are root's. Written by `node tools/small-image-page.ts`; a",
    'test holds it true. The full image answers as Debian but for what tests/fixtures/shell/full-image.json names.',
    '',
    `${same} of ${cases.length} cases are the same.`,
    '',
    '| topic | cases | the same |',
    '| --- | --- | --- |',
    ...counts,
    ...sections,
    '',
  ].join('\n');
}

function row({ one, debian, small }: Difference): string {
  const [expected, got] = firstDifference(debian, small);
  return `| ${one.title} | ${cell(expected)} | ${cell(got)} |`;
}

/** The first lines that differ; those of stderr often say why. */
function firstDifference(debian: Answer<Shown>, small: Answer<Shown>): readonly [string, string] {
  for (const stream of ['stderr', 'stdout'] as const) {
    if (isDeepStrictEqual(debian[stream], small[stream])) continue;
    const [expected, got] = [linesOf(debian[stream]), linesOf(small[stream])];
    const at = Array.from({ length: Math.max(expected.length, got.length) }).findIndex(
      (_, n) => expected[n] !== got[n],
    );
    return [expected[at] ?? '', got[at] ?? ''];
  }
  return [`exit code ${debian.exitCode}`, `exit code ${small.exitCode}`];
}

const linesOf = (output: Shown): readonly string[] =>
  typeof output === 'string' ? output.split('\n') : [`${output.bytes} bytes`];

/** A line as code within a table; nothing where there is none. */
function cell(line: string): string {
  if (line === '') return '';
  const short = line.length > KEPT_UTF16 ? `${line.slice(0, KEPT_UTF16)}…` : line;
  return `<code>${[...short].map(escaped).join('')}</code>`;
}

const ENTITIES = new Map([
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['&', '&amp;'],
  ['|', '&#124;'],
  ['\t', '&#9;'],
]);
const isShown = (letter: string): boolean => letter >= ' ' && letter !== '\x7f';

const escaped = (letter: string): string => ENTITIES.get(letter) ?? (isShown(letter) ? letter : '�');
