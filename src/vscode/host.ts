/** What commands and views work with. Made at activation, each part started when first used. */
import { Uri, workspace, type ExtensionContext } from 'vscode';
import { Findings } from './findings';
import { findNode, type NodeProgram } from '../jobs/findNode';
import { Jobs } from './jobs';
import { Log } from './log';
import { Service } from './service';
import { tokenVariables } from './secrets';

export interface Host {
  context: ExtensionContext;
  log: Log;
  /** Heavy work, in a process of its own. */
  service: Service;
  jobs: Jobs;
  /** Problems of recipes, in the Problems panel. */
  findings: Findings;
  /** The Node that runs trainers and the service. */
  node(): Promise<NodeProgram>;
  /** A file of the built extension: `dist/NAME`. */
  builtFile(name: string): string;
}

export function createHost(context: ExtensionContext): Host {
  const log = new Log();
  const findings = new Findings();
  let found: Promise<NodeProgram> | undefined;
  const node = (): Promise<NodeProgram> => (found ??= findNode(workspace.getConfiguration('merlina').get<string>('nodePath')));
  const builtFile = (name: string): string => Uri.joinPath(context.extensionUri, 'dist', name).fsPath;
  const service = new Service(builtFile('service.mjs'), node, () => tokenVariables(context.secrets), log);
  const jobs = new Jobs({ folder: context.globalStorageUri.fsPath, builtFile, node, log, secrets: () => tokenVariables(context.secrets) });
  context.subscriptions.push(
    log, service, jobs, findings,
    workspace.onDidChangeConfiguration(event => {
      if (!event.affectsConfiguration('merlina.nodePath')) return;
      found = undefined;
      service.restart();
    }),
    context.secrets.onDidChange(() => service.restart()),
  );
  return { context, log, service, jobs, findings, node, builtFile };
}
