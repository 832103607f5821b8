import css from './machines.css?inline';

export const MACHINE_STYLES: string = css;
