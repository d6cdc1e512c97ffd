import { strict as assert } from 'node:assert';
import { failureOf } from '../../src/engine/device';

describe('a device that gives up', () => {
  it('is named with what the runtime said, and the CPU as the way out', () => {
    const said = new Error("Non-zero status code returned while running Gemm node. Name:'Gemm.3' Status Message: buffer of 5 GB is larger than the device takes.\n");
    assert.equal(failureOf('webgpu', said).message, 'The device "webgpu" could not compute this model: buffer of 5 GB is larger than the device takes. Set device to "cpu".');
  });
});
