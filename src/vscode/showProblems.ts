/** Problems of a command as notifications; anything else is a bug, for the log and for VS Code. */
import { l10n, window } from 'vscode';
import { ProblemError, renderProblem } from '../shared/problem';
import type { Host } from './host';
import { noticeText } from './plainText';

/** Gives what `work` gives; undefined where it could not, and the user has been told why. */
export async function withProblemsShown<T>(host: Host, name: string, work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    host.log.error(name, error);
    if (!(error instanceof ProblemError)) throw error;
    void tell(host, error);
    return undefined;
  }
}

async function tell(host: Host, { problems }: ProblemError): Promise<void> {
  const showLog = l10n.t('Show log');
  const answer = await window.showErrorMessage(noticeText(problems.map(renderProblem).join('\n')), showLog);
  if (answer === showLog) host.log.show();
}
