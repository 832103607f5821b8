const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];
const DAY_MS = 86_400_000;

/** C's `struct tm`: nine numbers, in this order. Months and days of the week and year count from 0, years from 1900. */
export type BrokenTime = readonly [
  second: number,
  minute: number,
  hour: number,
  day: number,
  month: number,
  year: number,
  weekday: number,
  yearDay: number,
  isSummer: number,
];

const dayOfYear = (year: number, month: number, day: number): number =>
  Math.round((Date.UTC(year, month, day) - Date.UTC(year, 0, 1)) / DAY_MS);

const isSummerTime = (date: Date): number => {
  const year = date.getFullYear();
  const winter = Math.max(new Date(year, 0, 1).getTimezoneOffset(), new Date(year, 6, 1).getTimezoneOffset());
  return date.getTimezoneOffset() < winter ? 1 : 0;
};

export function utcTime(seconds: number): BrokenTime {
  const at = new Date(seconds * 1000);
  const year = at.getUTCFullYear();
  return [
    at.getUTCSeconds(),
    at.getUTCMinutes(),
    at.getUTCHours(),
    at.getUTCDate(),
    at.getUTCMonth(),
    year - 1900,
    at.getUTCDay(),
    dayOfYear(year, at.getUTCMonth(), at.getUTCDate()),
    0,
  ];
}

export function localTime(seconds: number): BrokenTime {
  const at = new Date(seconds * 1000);
  const year = at.getFullYear();
  return [
    at.getSeconds(),
    at.getMinutes(),
    at.getHours(),
    at.getDate(),
    at.getMonth(),
    year - 1900,
    at.getDay(),
    dayOfYear(year, at.getMonth(), at.getDate()),
    isSummerTime(at),
  ];
}

/** Seconds since the epoch of a local time whose fields may be out of range, as `mktime` has it; NaN where there is none. */
export function secondsOf([second, minute, hour, day, month, year]: BrokenTime): number {
  const at = new Date(0);
  at.setFullYear(year + 1900, month, day);
  at.setHours(hour, minute, second, 0);
  return Math.floor(at.getTime() / 1000);
}

/** Week of the year when weeks begin on `firstWeekday`: `%U` and `%W`. */
const weekOfYear = (yearDay: number, weekday: number, firstWeekday: number): number =>
  Math.floor((yearDay + 7 - ((weekday - firstWeekday + 7) % 7)) / 7);

/** ISO 8601's year and week of it. */
function isoWeek(year: number, yearDay: number, weekday: number): { readonly year: number; readonly week: number } {
  const monday = (weekday + 6) % 7;
  const week = Math.floor((yearDay - monday + 10) / 7);
  if (week < 1) {
    const length = dayOfYear(year - 1, 11, 31) + 1;
    return isoWeek(year - 1, yearDay + length, weekday);
  }
  const length = dayOfYear(year, 11, 31) + 1;
  // The last days belong to the next year's first week when its Thursday does.
  if (week === 53 && yearDay - monday + 3 >= length) return { year: year + 1, week: 1 };
  return { year, week };
}

function offsetOf(time: BrokenTime): string {
  const minutes = -new Date(secondsOf(time) * 1000).getTimezoneOffset();
  const size = Math.abs(minutes);
  return `${minutes < 0 ? '-' : '+'}${pad(Math.floor(size / 60))}${pad(size % 60)}`;
}

const pad = (value: number, width = 2, fill = '0'): string => String(value).padStart(width, fill);

/** C's `strftime` in the C locale, by letter. */
const CONVERSIONS: Readonly<Record<string, (time: BrokenTime) => string>> = {
  a: (time) => dayName(time).slice(0, 3),
  A: (time) => dayName(time),
  b: (time) => monthName(time).slice(0, 3),
  h: (time) => monthName(time).slice(0, 3),
  B: (time) => monthName(time),
  c: (time) => `${all('abeT', ' ', time)} ${yearOf(time)}`,
  C: (time) => pad(Math.floor(yearOf(time) / 100)),
  d: ([, , , day]) => pad(day),
  D: (time) => all('mdy', '/', time),
  x: (time) => all('mdy', '/', time),
  e: ([, , , day]) => pad(day, 2, ' '),
  F: (time) => all('Ymd', '-', time),
  g: (time) => pad(isoWeek(yearOf(time), time[7], time[6]).year % 100),
  G: (time) => String(isoWeek(yearOf(time), time[7], time[6]).year),
  H: ([, , hour]) => pad(hour),
  I: ([, , hour]) => pad(hour % 12 === 0 ? 12 : hour % 12),
  j: (time) => pad(time[7] + 1, 3),
  m: (time) => pad(time[4] + 1),
  M: ([, minute]) => pad(minute),
  n: () => '\n',
  p: ([, , hour]) => (hour < 12 ? 'AM' : 'PM'),
  r: (time) => `${all('IMS', ':', time)} ${time[2] < 12 ? 'AM' : 'PM'}`,
  R: (time) => all('HM', ':', time),
  s: (time) => String(secondsOf(time)),
  S: ([second]) => pad(second),
  t: () => '\t',
  T: (time) => all('HMS', ':', time),
  X: (time) => all('HMS', ':', time),
  u: (time) => String(time[6] === 0 ? 7 : time[6]),
  U: (time) => pad(weekOfYear(time[7], time[6], 0)),
  V: (time) => pad(isoWeek(yearOf(time), time[7], time[6]).week),
  w: (time) => String(time[6]),
  W: (time) => pad(weekOfYear(time[7], time[6], 1)),
  y: (time) => pad(((yearOf(time) % 100) + 100) % 100),
  Y: (time) => String(yearOf(time)),
  z: (time) => offsetOf(time),
  Z: (time) => zoneName(time),
  '%': () => '%',
};

const yearOf = (time: BrokenTime): number => time[5] + 1900;
const dayName = (time: BrokenTime): string => DAYS[time[6]] ?? '?';
const monthName = (time: BrokenTime): string => MONTHS[time[4]] ?? '?';
const all = (letters: string, between: string, time: BrokenTime): string =>
  [...letters].map((each) => formatTime(each, time) ?? '').join(between);

/** One conversion; null for a letter that C does not know. */
export function formatTime(letter: string, time: BrokenTime): string | null {
  return Object.hasOwn(CONVERSIONS, letter) ? (CONVERSIONS[letter]?.(time) ?? null) : null;
}

/** The browser tells names only through Intl, and not for every zone. */
function zoneName(time: BrokenTime): string {
  if (time[8] === 0 && offsetOf(time) === '+0000') return 'GMT';
  const parts = new Intl.DateTimeFormat('en', { timeZoneName: 'short' }).formatToParts(secondsOf(time) * 1000);
  return parts.find(({ type }) => type === 'timeZoneName')?.value ?? '';
}
