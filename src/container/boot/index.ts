// Kernel and initrd, kept as what they differ by from the memory of a machine that they booted.
export { cmdlineOf } from './cmdline.ts';
export { type BootParts, packBootParts, unpackBootParts } from './boot-parts.ts';
