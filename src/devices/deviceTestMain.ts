/** The process that tests a device, whose driver may take it along: `node deviceTest.mjs DEVICE [float16]`. Its last line is the result, as JSON. */
import { isDevice } from '../engine/device';
import { useRuntimeOf } from './cudaRuntime';
import { testDevice } from './deviceTest';

/** The runtime's own, where a Problem was made of it. */
function messageOf(error: unknown): string {
  const first: unknown = error instanceof Error ? error.cause ?? error : error;
  return first instanceof Error ? first.message : String(first);
}

const [device = '', dtype] = process.argv.slice(2);
if (!isDevice(device)) throw new Error(`There is no device "${device}".`);
useRuntimeOf(device);
try {
  process.stdout.write(`\n${JSON.stringify(await testDevice(device, dtype === 'float16'))}\n`);
} catch (error) {
  process.stdout.write(`\n${JSON.stringify({ error: messageOf(error) })}\n`);
}
// A driver that hangs while it is unloaded has answered all the same.
process.exit();
