// Terminals at the host: their screens, the pages that show them, and the machines that they keep.
export { serveTerminals } from './serve-terminals.ts';
export { TerminalService } from './terminal-service.ts';
export { createTerminalMachines } from './terminal-machines.ts';
