/** Runs the groups one after the other and says at the end what passed, failed and was skipped. Named groups: only these. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { ROOT } from '../ensureInstalled.mjs';
import { allGroups, type Group } from './groups';
import { outcomeOfCommand, outcomeOfTests, renderSummary, skippedOutcome, type GroupOutcome, type TestResult } from './summary';

function runGroup({ name, command, results, missing }: Group): GroupOutcome {
  console.log(`\n=== ${name}`);
  if (missing.length > 0) return skippedOutcome(name, missing);
  if (results) rmSync(results, { force: true });
  const { status, error } = spawnSync(process.execPath, command, { cwd: ROOT, stdio: ['ignore', 'inherit', 'inherit'] });
  if (error) throw error;
  if (!results) return outcomeOfCommand(name, status);
  return outcomeOfTests(name, status, existsSync(results) ? (JSON.parse(readFileSync(results, 'utf8')) as TestResult[]) : undefined);
}

const wanted = process.argv.slice(2);
const groups = allGroups();
const chosen = groups.filter(({ name }) => wanted.length === 0 || wanted.some(word => name.includes(word)));
if (chosen.length === 0) console.error(`No group is named "${wanted.join(' ')}". There are: ${groups.map(({ name }) => name).join('; ')}.`);
const outcomes = chosen.map(runGroup);
console.log(`\n${renderSummary(outcomes)}`);
process.exitCode = chosen.length === 0 || outcomes.some(({ failed }) => failed.length > 0) ? 1 : 0;
