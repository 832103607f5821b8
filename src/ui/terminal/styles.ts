import { THEME } from '../kit/index.ts';
import css from './terminal.css?inline';

export const TERMINAL_STYLES = THEME + css;
