/** Devices: which there are, and how a graph and a session are made for one. */
export { DEVICES, isDevice, type Device } from './device';
export { failureOf, reasonIn } from './failureOf';
export { loadRuntimeFrom, runtimeOrigin } from './runtimeFolder';
export { graphFor, keepShaders, providersOf } from './sessionFor';
