// Machines by spec: which a conversation has, which it uses, and what its person does with them.
export { createBootNotices } from './boot-notices.ts';
export { MachineBook } from './machine-book.ts';
export type { MachineCallsHost } from './machine-calls.ts';
export { createMachineHandlers } from './machine-handlers.ts';
