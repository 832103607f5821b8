import { readFile } from 'node:fs/promises';
import { runInThisContext } from 'node:vm';
import { afterEach, describe, expect, test } from 'vitest';
import { EXTENSIONS, GuestVm } from '../../src/runners/javascript/worker/guest-vm.ts';
import { openJavaScript } from '../support/javascript/open-javascript.ts';
import { savedGuest } from '../support/javascript/saved-guest.ts';

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

/** Gives what it threw by name; dates as moments. */
const SETTERS = [
  'setMilliseconds',
  'setSeconds',
  'setMinutes',
  'setHours',
  'setDate',
  'setMonth',
  'setFullYear',
  'setYear',
];

const OUTCOME = `const outcome = (work) => { try { const got = work(); return got instanceof Date ? got.getTime() : String(got); } catch (error) { return error.name; } };`;

const TEXTS = [
  '2026-03-08T03:30',
  '2026-03-08T03:30:00',
  '2026-03-08T03:30:00.250',
  '2026-03-08T03:30:00Z',
  '2026-03-08T03:30:00-05:00',
  '2026-03-08',
  '2026-10-04T00:30',
  'Mar 8, 2026 03:30:00',
  'Sun Mar 08 2026 03:30:00 GMT-0500',
  '2026-06-08T03:30:00',
  'never',
];

/** Ways to a date that are no plain number, text or list of numbers. */
const WAYS = [
  ...TEXTS.flatMap((text) => [
    `() => new Date('${text}')`,
    `() => new Date(new String('${text}'))`,
    `() => new Date({ toString: () => '${text}', valueOf: () => ({}) })`,
    `() => new Date({ [Symbol.toPrimitive]: (hint) => hint === 'default' ? '${text}' : 0 })`,
    `() => Date.parse({ toString: () => '${text}' })`,
  ]),
  '() => new Date(new Number(5))',
  '() => new Date([2026])',
  '() => new Date({ [Symbol.toPrimitive]: () => ({}) })',
  '() => new Date({ [Symbol.toPrimitive]: 1 })',
  '() => new Date({ valueOf: () => Symbol() })',
  '() => new Date(Object.create(Date.prototype))',
  '() => new Date(Object.assign(new Date(5), { valueOf: () => 7 }))',
  '() => new Date(1n)',
  '() => new Date(null)',
  '() => new Date(undefined)',
  '() => new Date(true)',
  '() => new Date(5, undefined)',
  '() => new Date(Symbol())',
  '() => Date.parse(Symbol())',
  '() => Date.parse()',
  '() => new (class extends Date {})(2026, 2, 8, 3, 30)',
  "() => new (class extends Date {})('2026-03-08T03:30')",
  '() => Reflect.construct(Date, [2026, 9, 4], Array) instanceof Array',
  '() => typeof Date(2026) + Date.length + Date.name + new Date().constructor.name',
  ...SETTERS.flatMap((name) => [
    `() => new Date(NaN).${name}(1920)`,
    `() => { const date = new Date(5e11); return [date.${name}({ valueOf() { new Date(9e11).setHours(7); return 1997; } }), date.getTime()]; }`,
    `() => { const date = new Date(5e11); try { date.${name}(Symbol()); } catch (error) { return error.name + date.getTime(); } }`,
    `() => { let read = 0; new Date(NaN).${name}({ valueOf() { read += 1; } }); return read; }`,
    `() => new Date(5e11).${name}()`,
    `() => new Date(5e11).${name}(1993, undefined)`,
    `() => new Date(5e11).${name}('2004', 5, 6, 7, 8)`,
    `() => new Date(5e11).${name}(1n)`,
    `() => Date.prototype.${name}.call({}, 1)`,
    `() => new Date.prototype.${name}()`,
    `() => Date.prototype.${name}.length + Date.prototype.${name}.name`,
    `() => String(Date.prototype.${name}).replace(/\\s+/g, ' ')`,
  ]),
  ...[2026, 26, 99, 45, 1950, 26.5, "'71'", 'NaN'].map(
    (year) => `() => { const date = new Date(2026, 9, 4, 0, 30); return [date.setYear(${year}), date.getTime()]; }`,
  ),
  "() => [Date, Date.parse, Date.UTC].map((one) => String(one).replace(/\\s+/g, ' '))",
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

  test('whatever a date is made of or set to, and how', async () => {
    process.env['TZ'] = zone;
    const code = `(() => { ${OUTCOME} return JSON.stringify([${WAYS.join(',\n')}].map(outcome)); })()`;
    const opened = await openJavaScript();
    try {
      const { stdout, outcome } = await opened.run(`console.log(${code})`);
      expect(outcome).toMatchObject({ kind: 'completed', exitCode: 0 });
      const answers = JSON.parse(stdout) as unknown[];
      const those = JSON.parse(runInThisContext(code) as string) as unknown[];
      expect(answers).toHaveLength(WAYS.length);
      for (const [at, way] of WAYS.entries()) expect.soft(answers[at], way).toEqual(those[at]);
    } finally {
      opened.dispose();
    }
  });

  test('days in any order, many of them, near the changes and far from them', async () => {
    process.env['TZ'] = zone;
    const code = `(() => {
      let sum = 0, seed = 7;
      const draw = (below) => (seed = (seed * 16807) % 2147483647) % below;
      for (let at = 0; at < 6000; at += 1) {
        const date = new Date(1960 + draw(90), draw(12), draw(31), draw(24), draw(60));
        sum = (sum * 31 + date.getTime()) % 1e12;
        sum = (sum * 31 + date.setHours(draw(24)) + date.setDate(draw(40))) % 1e12;
        sum = (sum * 31 + Date.parse(new Date(2026, at % 12, draw(31), draw(24)).toISOString().slice(0, 19))) % 1e12;
      }
      return sum;
    })()`;
    const opened = await openJavaScript();
    try {
      const { stdout } = await opened.run(`console.log(${code})`);
      expect(Number(stdout)).toBe(runInThisContext(code));
    } finally {
      opened.dispose();
    }
  });
});

/** The language's own rules; Node reads the date again after its arguments. */
test('setters go by what the date was before their arguments were read', async () => {
  const code = `JSON.stringify(${JSON.stringify(SETTERS)}.map((name) => {
    const [none, some, like] = [new Date(NaN), new Date(5e11), new Date(5e11)];
    const was = none[name]({ valueOf() { none.setTime(5); return 1997; } });
    some[name]({ valueOf() { some.setTime(NaN); return 1997; } });
    like[name](1997);
    return [Number.isNaN(was) && none.getTime() === 5, some.getTime() === like.getTime()];
  }))`;
  const opened = await openJavaScript();
  try {
    const { stdout } = await opened.run(`console.log(${code})`);
    const isYear = (name: string): boolean => name.endsWith('Year');
    expect(JSON.parse(stdout)).toEqual(SETTERS.map((name) => [!isYear(name), true]));
  } finally {
    opened.dispose();
  }
});

test('what a run learnt of the zone is forgotten before the next', async () => {
  const modules = new Map<string, WebAssembly.Module>();
  for (const name of ['quickjs', ...EXTENSIONS]) {
    const file = await readFile(`public/vendor/javascript/${name}.wasm`);
    modules.set(`${name}.wasm`, await WebAssembly.compile(file));
  }
  const options = {
    modules,
    guest: await savedGuest(),
    memoryMB: 64,
    shouldStop: () => false,
    normalize: () => '',
    load: () => '',
    nowMs: () => 0,
  };
  const vm = await GuestVm.create(options, (made) => ({ zoneTold: () => made.takeZoneTold() }));
  const code = 'new Date(2026, 6, 1).getTime() + new Date(2026, 2, 8, 12).getTime()';
  const zones = ['America/New_York', 'Asia/Kolkata', 'Australia/Sydney', 'America/New_York'];
  for (const zone of zones) {
    process.env['TZ'] = zone;
    vm.call('beginRun', JSON.stringify({ functions: [], fileName: 'main.js' })).dispose();
    for (let time = 0; time < 2; time += 1) {
      const moment = vm.compileFunction(code, 'main.js').consume((handle) => handle.toNumber());
      expect(moment, zone).toBe(runInThisContext(code));
    }
  }
  vm.dispose();
});
