/** The run must end: stopped, out of time, past a limit. Thrown by host functions through the program. */
export class RunStopped extends Error {}

/** The program called what is made to stop it: an `abort` of its language. */
export class ProgramAborted extends Error {}
