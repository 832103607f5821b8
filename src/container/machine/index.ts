// A Linux machine on v86: restored of a state or booted, programs in it, put back when it is lost.
export { type Mount } from '../channel/requests.ts';
export type { ExecUsage } from '../channel/messages.ts';
export type { DiskSource } from '../disk/block-disk.ts';
export { openPack, type PackLayout } from '../disk/pack.ts';
export { openToolPack } from '../disk/tool-pack.ts';
export { withWindow } from '../disk/window.ts';
export { unpackLarge, zstdOf } from '../disk/zstd.ts';
export type { Exec, ExecEnd, ExecSpec } from '../exec/exec.ts';
export type { ExecStart } from '../channel/messages.ts';
export type { GuestStream, OnConnection, StreamFailure } from '../exec/streams.ts';
export type { TakeOutput } from '../exec/windows.ts';
export type { ServeShare } from './emulator.ts';
export { type Machine, openMachine } from './machine.ts';
export { MachineError, type MachineFailure, type MachineLoss, type MachineOptions } from './machine-options.ts';
export type { MachineState, PackedState } from './restore-packed.ts';
export type { Survey } from './survey.ts';
export type { V86Constructor } from './v86.ts';
