/** Devices: which there are, and how a graph and a session are made for one. */
export { DEVICES, isDevice, type Device } from './device';
export { graphFor, keepShaders, providersOf } from './sessionFor';
