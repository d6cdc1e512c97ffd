/** Text that would be a link or a picture stays text. */
import { strict as assert } from 'node:assert';
import { labelText, noticeText } from '../../src/vscode/plainText';

/** As VS Code finds links in notifications (vs/base/common/linkedText.ts) and pictures in labels (iconLabels.ts). */
const LINK = /\[[^\]]+\]\((?:https?:\/\/|command:|file:)[^)\s]+\)/;
const ICON = /\$\([A-Za-z0-9-]+(?:~[A-Za-z]+)?\)/;

describe('vscode/plainText', () => {
  it('makes no link of a name', () => {
    const text = 'run [free](command:workbench.action.terminal.new) failed\nwhy';
    assert.match(text, LINK);
    assert.doesNotMatch(noticeText(text), LINK);
    assert.equal(noticeText(text).split('\n').length, 2);
    assert.equal(noticeText('\u001b[31m\u202e'), '\\e[31m\\u{202e}');
  });

  it('draws no picture of a name', () => {
    assert.match('$(flame) $(sync~spin)', ICON);
    assert.doesNotMatch(labelText('$(flame) $(sync~spin)'), ICON);
    assert.equal(labelText('costs $5 (more)'), 'costs $5 (more)');
  });
});
