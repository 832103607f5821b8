// Finds or starts the one host, watches its health, restarts it.
export { launchHostOnDemand } from './launch-host.ts';
