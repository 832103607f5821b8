import { THEME } from '../kit/index.ts';
import css from './in-turn.css?inline';

/** Styles of every element of ours that stands in a turn. */
export const IN_TURN: string = THEME + css;
