import { runInThisContext } from 'node:vm';
import { afterEach, describe, expect, test } from 'vitest';
import { openJavaScript } from '../support/javascript/open-javascript.ts';

/** Noon of 15 January and of 15 July 2026 in Greenwich. */
const MOMENTS = [1768478400000, 1784116800000];

/** What a program asks of dates by the clocks around it. */
const ASKED = [
  ...MOMENTS.flatMap((moment) => [
    `new Date(${moment}).getTimezoneOffset()`,
    `new Date(${moment}).getHours()`,
    `new Date(${moment}).toLocaleTimeString('en-US')`,
    `new Date(${moment}).toLocaleString('en-US', { timeZoneName: 'short' })`,
    `String(new Date(${moment})).slice(0, 33)`,
  ]),
  'new Date(2026, 0, 1, 12).getTimezoneOffset()',
  'new Date(2026, 6, 1, 12).getTimezoneOffset()',
  'Intl.DateTimeFormat().resolvedOptions().timeZone',
  "Date.parse('2026-01-01')",
  "Date.parse('2026-03-29T01:30:00.250Z')",
  "Date.parse('Sun Mar 08 2026 03:30:00 GMT-0500')",
  'new Date(2026, 3).getTime()',
  'new Date(50, 0, 1, 0, 0, 0, 7).getTime()',
  'new Date(1969, 11, 31, 23, 59, 59, 999).getTime()',
  'new Date(new Date(2026, 9, 4, 5)).getTime()',
  'new Date(2026, NaN).getTime()',
  'new Date(NaN).setFullYear(2026)',
  'new Date(NaN).setHours(1)',
  'new Date(0).setHours()',
  '(class extends Date { twice() { return 2 * this; } }, new (class Day extends Date {})(2026, 9, 4) instanceof Date)',
  'new Date(2026, 0).constructor === Date && Date.name + Date.length + typeof Date()',
  'Object.getOwnPropertyNames(Date).concat(Object.getOwnPropertyNames(Date.prototype)).sort().join()',
  '[Date.parse, Date.prototype.setHours, Date.prototype.setDate].map((one) => one.name + one.length).join()',
];

/** Each half hour of a day on which clocks change in one of the zones. */
const CHANGES = [
  [2026, 2, 8],
  [2026, 10, 1],
  [2026, 2, 29],
  [2026, 9, 25],
  [2026, 3, 5],
  [2026, 9, 4],
].flatMap(([year, month, day]) => [
  `Array.from({ length: 60 }, (_, at) => new Date(${year}, ${month}, ${day}, 0, at * 30).getTime()).join()`,
  `Array.from({ length: 48 }, (_, at) => new Date(${year}, ${month}, ${day} - 1, 0, at * 30)).map((one) => one.setDate(${day})).join()`,
  `Array.from({ length: 24 }, (_, hour) => new Date(${year}, ${month}, ${day}, 18).setHours(hour, 30, 1, 2)).join()`,
  `Array.from({ length: 24 }, (_, hour) => Date.parse(new Date(Date.UTC(${year}, ${month}, ${day}, hour)).toISOString().slice(0, -1))).join()`,
  `(() => { const days = []; for (const day = new Date(${year}, ${month}, ${day} - 3); days.length < 7; day.setDate(day.getDate() + 1)) days.push(day.toISOString()); return days.join(); })()`,
]);

afterEach(() => {
  delete process.env['TZ'];
});

/** Every session begins with the guest that the build saved, in whatever zone that was. */
describe.each(['America/New_York', 'Europe/Berlin', 'Australia/Sydney', 'Asia/Kolkata', 'UTC'])('in %s', (zone) => {
  test('dates are those of Node there, in winter, in summer and where clocks change', async () => {
    process.env['TZ'] = zone;
    const asked = [...ASKED, ...CHANGES];
    const code = `JSON.stringify([${asked.join(',\n')}])`;
    const opened = await openJavaScript();
    try {
      const { stdout, outcome } = await opened.run(`console.log(${code})`);
      expect(outcome).toMatchObject({ kind: 'completed', exitCode: 0 });
      const answers = JSON.parse(stdout) as unknown[];
      const those = JSON.parse(runInThisContext(code) as string) as unknown[];
      expect(answers).toHaveLength(asked.length);
      for (const [at, question] of asked.entries()) expect(answers[at], question).toEqual(those[at]);
    } finally {
      opened.dispose();
    }
  });
});
