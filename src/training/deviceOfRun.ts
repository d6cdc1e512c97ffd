/** The device that a run computes on, said in its log; a resumed run goes on where it began, as long as that works. */
import { chooseDevice, useRuntimeOf, type ChooseOptions } from '../devices';
import type { Device } from '../engine/device';
import type { Parameter } from '../engine/trainingEngine';
import type { Recipe } from '../recipe';
import { ProblemError } from '../shared/problem';
import { emitStatus } from './eventLog';
import type { EventSink } from './eventLog';

/** `before` is what the checkpoint was computed on. Throws ProblemError where a device that was asked for does not work. */
export async function deviceOfRun(recipe: Recipe, events: EventSink, before?: Device, options: ChooseOptions = {}): Promise<Device> {
  // What runs on the CPU goes on there, whatever the machine has got since.
  const { device, reason, problem } = before === 'cpu' && recipe.device === 'auto'
    ? { device: before, reason: 'The run began on the CPU.', problem: undefined }
    : await chooseDevice(recipe, { onTest: tested => emitStatus(events, 'initializing', 0, `Testing the device ${tested}; the result is kept.`), ...options });
  if (problem) throw new ProblemError([problem]);
  events.emit({ type: 'log', level: 'info', text: `Device ${device}: ${reason}` });
  if (before !== undefined && before !== device) {
    events.emit({
      type: 'problem',
      problem: {
        id: 'training/device-changed', severity: 'warning', text: `The run began on ${before} and goes on with ${device}: losses may differ in their last digits.`,
        where: { field: 'device' }, fix: { text: `Set "device" to "${before}" for the same losses.`, set: { key: 'device', value: before } },
      },
    });
  }
  useRuntimeOf(device);
  return device;
}

/** What crosses the bus: trained tensors go to the device with each micro-batch, and their gradients come back. Frozen weights stay there. */
export function noteBus(device: Device, parameters: readonly Parameter[], events: EventSink, isPacked = false): void {
  if (device === 'cpu') return;
  const bytes = parameters.reduce((sum, { data }) => sum + data.byteLength, 0);
  const megabytes = (bytes / 1e6).toFixed(1);
  events.emit({ type: 'log', level: 'info', text: `Each micro-batch sends ${megabytes} MB of trained tensors to the device and brings ${megabytes} MB of gradients back (${bytes} bytes each way); ${isPacked ? 'weights of 4 bits are unpacked by the CPU and cross the bus for each product' : 'frozen weights stay there'}.` });
}
