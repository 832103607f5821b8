import { THEME } from '../kit/index.ts';
import css from './popup.css?inline';

/** 360 pixels wide as a popup; the same page fills a phone's screen. */
export const POPUP_STYLES = THEME + css;
