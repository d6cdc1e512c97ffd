/** A host that tests may kill: supervises a data directory with what pretends to train, until it is ended. `hostProgram.ts DATA_DIR` */
import { JobManager, Supervisor } from '../../src/jobs';
import { FAKE_PROGRAM } from './jobsFixture';

const manager = await JobManager.open(process.argv[2]!);
const supervisor = new Supervisor(manager, { trainer: FAKE_PROGRAM, intervalMs: 50, startGraceMs: 1500, perDevice: 2, onError: error => console.error(error) });
await supervisor.start();
