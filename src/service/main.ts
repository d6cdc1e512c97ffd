/** The process that does what views ask for: started by the host when first needed, ends with it. Speaks calls over Node's IPC channel. */
import { Answerer } from '../shared/calls';
import { serviceContract } from './contract';
import { handlers } from './handlers';

const answerer = new Answerer(serviceContract, handlers, message => process.send?.(message), error => {
  process.stderr.write(`${error instanceof Error ? error.stack ?? error.message : String(error)}\n`);
});

process.on('message', message => answerer.receive(message));
// The host is gone: nobody waits any more.
process.on('disconnect', () => process.exit(0));
