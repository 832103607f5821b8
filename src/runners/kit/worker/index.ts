// The worker half of the runner protocol: what every worker of an engine needs in its box. Never a language.
export { announceFiles, type Changes, createChanges } from '../written/index.ts';
export { removeCapabilities } from './capabilities.ts';
export { type Channel, openChannel, type WorkerScope } from './channel.ts';
export type { CellResult, CreateEngine, Engine, EngineHost, EngineRequest } from './engine.ts';
export { addDelivery, createParts, type EngineParts, textOf } from './engine-parts.ts';
export { FileError } from './file-error.ts';
export { createInterrupts, type Interrupts } from './interrupts.ts';
export { createKeptFiles, type KeptFiles } from './kept-files.ts';
export { readPart } from './late-parts.ts';
export { type AskMailbox, createMailbox, MAILBOX_WINDOW_BYTES, type MailboxAnswer, readEntries } from './mailbox.ts';
export { installMemoryCap, type MemoryCap } from './memory-cap.ts';
export { createWorkerNetwork, type WorkerNetwork } from './network.ts';
export { createOutput, type Output } from './output.ts';
export { belowMount } from './plain-path.ts';
export { serveEngine } from './serve-engine.ts';
export { tableOf } from './table.ts';
export type { WorkerTree } from './worker-tree.ts';
export { createUsage } from './usage.ts';
