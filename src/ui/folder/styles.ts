import { THEME } from '../kit/index.ts';
import css from './folder.css?inline';

/** A column that is read at 360 pixels as well as on a wide screen. */
export const FOLDER_STYLES = THEME + css;
