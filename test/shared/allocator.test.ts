import { strict as assert } from 'node:assert';
import { allocatorEnvironment } from '../../src/shared/allocator';

describe('shared/allocator', () => {
  it('tells glibc, and leaves what the user told it', () => {
    assert.deepEqual(allocatorEnvironment('linux', {}), {
      GLIBC_TUNABLES: 'glibc.malloc.hugetlb=1:glibc.malloc.mmap_threshold=33554432:glibc.malloc.trim_threshold=2000000000',
    });
    assert.deepEqual(allocatorEnvironment('linux', { GLIBC_TUNABLES: 'glibc.malloc.check=1' }), {});
    assert.deepEqual([allocatorEnvironment('darwin', {}), allocatorEnvironment('win32', {})], [{}, {}]);
  });
});
