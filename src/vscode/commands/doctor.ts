/** Merlina: Doctor. Looks at this machine and opens what it found; the report can be pasted into an issue. */
import { env, l10n, ProgressLocation, version, window, workspace } from 'vscode';
import type { Host } from '../host';
import type { Command } from './command';

export const doctor: Command = {
  id: 'merlina.doctor',
  async run(host) {
    const report = await window.withProgress({ location: ProgressLocation.Notification, title: l10n.t('The doctor looks at this machine…') }, () => examine(host));
    const document = await workspace.openTextDocument({ language: 'markdown', content: report });
    await window.showTextDocument(document, { preview: false });
    void offerCopy(report);
    return report;
  },
};

function examine(host: Host): Promise<string> {
  const { version: own } = host.context.extension.packageJSON as { version: string };
  const program: [string, string][] = [['Merlina', own], [env.appName, `${version}${env.remoteName === undefined ? '' : ` (${env.remoteName})`}`]];
  return host.service.call('examine', { folder: host.context.globalStorageUri.fsPath, program });
}

async function offerCopy(report: string): Promise<void> {
  const copy = l10n.t('Copy');
  if ((await window.showInformationMessage(l10n.t('The report is ready. It holds no secret.'), copy)) === copy) await env.clipboard.writeText(report);
}
