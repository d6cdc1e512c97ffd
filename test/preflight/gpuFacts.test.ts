import { strict as assert } from 'node:assert';
import { isOlder } from '../../src/preflight/checks/dependencies';
import { parseNvidiaSmi, roomiestGpu } from '../../src/preflight/gpuFacts';

describe('what nvidia-smi tells', () => {
  const two = 'NVIDIA GeForce RTX 3060, 550.54.14, 12288, 900, 8.6\nTesla T4, 550.54.14, 15360, 15000, 7.5\n';

  it('is a card a line, memory in MiB', () => {
    const [first, second] = parseNvidiaSmi(two);
    assert.deepEqual(first, { name: 'NVIDIA GeForce RTX 3060', driver: '550.54.14', memoryBytes: 12 * 2 ** 30, freeBytes: 900 * 2 ** 20, computeCapability: 8.6 });
    assert.equal(second!.computeCapability, 7.5);
  });
  it('leaves out the memory of a card that shares the machine\'s', () =>
    assert.deepEqual(parseNvidiaSmi('NVIDIA GB10, 580.95.05, [N/A], [N/A], 12.1\r\n'), [{ name: 'NVIDIA GB10', driver: '580.95.05', memoryBytes: undefined, freeBytes: undefined, computeCapability: 12.1 }]));
  it('is no card where the driver fails', () => assert.deepEqual(parseNvidiaSmi('NVIDIA-SMI has failed because it couldn\'t communicate with the NVIDIA driver.\n'), []));
  it('names the roomiest card', () => assert.equal(roomiestGpu(parseNvidiaSmi(two))!.name, 'Tesla T4'));
});

describe('versions of packages', () => {
  for (const [version, than, expected] of [['2.4.1+cu121', '2.5', true], ['2.5.0a0+git', '2.5', false], ['2.13.0+cpu', '2.5', false], ['3.9.18', '3.10', true], ['3', '3.10', true]] as const)
    it(`${version} is ${expected ? '' : 'not '}older than ${than}`, () => assert.equal(isOlder(version, than), expected));
});
