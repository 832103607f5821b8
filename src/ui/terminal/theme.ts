import type { ITheme } from '@xterm/xterm';

const COLOURS = ['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white'] as const;
const BRIGHT = {
  black: 'brightBlack',
  red: 'brightRed',
  green: 'brightGreen',
  yellow: 'brightYellow',
  blue: 'brightBlue',
  magenta: 'brightMagenta',
  cyan: 'brightCyan',
  white: 'brightWhite',
} as const;

/** The colours of the page's theme as it is now. */
export function readTheme(place: HTMLElement): ITheme {
  const style = getComputedStyle(place);
  const token = (name: string): string => style.getPropertyValue(`--${name}`).trim();
  const ground = token('sunken');
  const theme: ITheme = {
    background: ground,
    foreground: token('text'),
    cursor: token('accent'),
    cursorAccent: ground,
    selectionBackground: `${token('focus')}59`,
  };
  for (const colour of COLOURS) theme[colour] = theme[BRIGHT[colour]] = token(colour);
  return theme;
}

/** Marks of what a search found. */
export function readMarks(place: HTMLElement) {
  const style = getComputedStyle(place);
  const token = (name: string): string => style.getPropertyValue(`--${name}`).trim();
  return {
    matchBackground: token('warn-soft'),
    matchBorder: token('warn'),
    matchOverviewRuler: token('warn'),
    activeMatchBackground: token('accent-soft'),
    activeMatchBorder: token('accent'),
    activeMatchColorOverviewRuler: token('accent'),
  };
}
