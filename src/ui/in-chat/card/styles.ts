import { THEME } from '../../kit/index.ts';
import css from './card.css?inline';

/** Styles of the card; they live in its shadow root only. */
export const CARD_STYLES = THEME + css;
