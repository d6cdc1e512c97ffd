// The thread that saves, from its source: tsx does not reach into threads by itself.
import { register } from 'tsx/esm/api';

register();
await import('../../src/jobs/store/databaseWorker.ts');
