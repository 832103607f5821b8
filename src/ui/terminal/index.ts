// Terminals of a session's machine as tabs: for the workbench's page.
export { mountTerminals, type TerminalsOptions } from './mount.tsx';
