/** A host that tests may kill: supervises a data directory with what pretends to train, until it is ended. `hostProgram.ts DATA_DIR [JOBS]`
 *  submits so many jobs first, and stops the second of them. */
import { fileURLToPath } from 'node:url';
import { JobManager, Supervisor } from '../../src/jobs';
import { FAKE_PROGRAM, recipeOf } from './jobsFixture';

const [folder, jobs = '0'] = process.argv.slice(2);
const manager = await JobManager.open(folder!, { workerFile: fileURLToPath(new URL('./databaseWorker.mjs', import.meta.url)), refreshBudgetMs: 50 });
const supervisor = new Supervisor(manager, { trainer: FAKE_PROGRAM, intervalMs: 50, startGraceMs: 1500, perDevice: 2, onError: error => console.error(error) });
const ids: string[] = [];
for (let i = 0; i < Number(jobs); i++) ids.push((await manager.createJob(recipeOf({ steps: 20, step_ms: 5 }))).job_id);
await supervisor.start();
if (ids[1] !== undefined) await manager.stopJob(ids[1]).catch(() => {}); // it may have ended
