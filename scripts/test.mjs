/** `npm test`: everything that can be tested on this machine, from a bare clone. What follows is scripts/testing/main.ts. */
import { ensureInstalled, run } from './ensureInstalled.mjs';

ensureInstalled();
run([process.execPath, '--import', 'tsx'], ['scripts/testing/main.ts', ...process.argv.slice(2)]);
