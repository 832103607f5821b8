// The machines of a conversation: which there are, which one is used, and a form for another.
export { MachinesButton, MachinesWindow } from './machines-button.tsx';
export { type MachinesEngine, MachinesState } from './machines-state.ts';
export { MACHINE_STYLES } from './styles.ts';
