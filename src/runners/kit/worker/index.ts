// The worker half of the runner protocol: what every worker of an engine needs in its box. Never a language.
export { removeCapabilities } from './capabilities.ts';
export { type Changes, createChanges } from './changes.ts';
export { type Channel, openChannel, type WorkerScope } from './channel.ts';
export { addDelivery, createParts, type EngineParts, textOf } from './engine-parts.ts';
export { createInterrupts, type Interrupts } from './interrupts.ts';
export { type AskMailbox, createMailbox, MAILBOX_WINDOW_BYTES, type MailboxAnswer, readEntries } from './mailbox.ts';
export { mimeOf } from './mime.ts';
export { createOutput, type Output } from './output.ts';
