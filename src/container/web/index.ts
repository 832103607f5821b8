// HTTP and websockets to the servers that programs of a machine run, and which servers there are.
export { Ending } from './ending.ts';
export { type Connect, fetchFromGuest } from './fetch.ts';
export { listeningPorts } from './listening.ts';
export { type GuestSocket, openGuestSocket } from './socket.ts';
export { type GuestStreamed, streamFromGuest } from './stream.ts';
