/** `npm run demo`: from a bare clone to a trained apprentice, with only Node and git. */
import { ensureInstalled, run } from './ensureInstalled.mjs';

ensureInstalled();
run([process.execPath], ['esbuild.mjs']);
run([process.execPath], ['dist/cli.mjs', 'train', '--demo', ...process.argv.slice(2)]);
