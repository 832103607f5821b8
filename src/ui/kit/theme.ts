import css from './theme.css?inline';

/** Tokens and parts shared by every surface. Contrast of each pair of text and ground is at least 4.5 in both themes. */
export const THEME: string = css;
