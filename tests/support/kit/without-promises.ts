/** Put before a worker's script, it imitates a browser without promise integration. */
export const WITHOUT_PROMISES =
  'delete WebAssembly.Suspending; delete WebAssembly.promising; delete WebAssembly.SuspendError;\n';
