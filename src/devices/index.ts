/** What computes: which devices there are, whether they work, and which one a run takes. */
export { chooseDevice, type ChooseOptions, type DeviceChoice, type DeviceWish } from './chooseDevice';
export { useRuntimeOf } from './cudaRuntime';
export { presentDevices, type MachineFiles, type Presence } from './presence';
export type { Verdict } from './verdict';
