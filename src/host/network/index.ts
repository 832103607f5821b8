// The one way from a run to the network: who may reach what, each request checked, performed without credentials, noted.
export { NetworkGate, type NetworkGateOptions } from './network-gate.ts';
export { createNetworkHandlers, type NetworkMethod } from './network-calls.ts';
