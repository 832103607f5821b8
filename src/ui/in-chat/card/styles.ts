import { IN_TURN } from '../in-turn.ts';
import css from './card.css?inline';

/** Styles of the card; they live in its shadow root only. */
export const CARD_STYLES = IN_TURN + css;
