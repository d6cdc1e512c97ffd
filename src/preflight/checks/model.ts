/** The model: there, readable, of a supported architecture, with tokenizer, template and stop token. */
import type { Problem } from '../../shared/problem';
import { problem, size } from '../check';
import type { PreflightCheck } from '../check';

export const model: PreflightCheck = {
  id: 'model',
  title: 'Model',
  check(recipe, { model: facts }) {
    const problems: Problem[] = facts.problems.map(one => one.severity === 'error' && one.id === 'model/architecture' && recipe.backend === 'trl' ? { ...one, severity: 'info' } : one);
    if (facts.hasTokenizer === false && !problems.some(({ id }) => id.startsWith('tokenizer/'))) {
      problems.push(problem('error', 'no-tokenizer', 'base_model', `The model ${facts.id} has no tokenizer.json, so its rows cannot be turned into tokens.`, 'Choose a model that has one.'));
    }
    if (facts.hasChatTemplate === false && recipe.dataset.format.format_type === 'tokenizer') {
      problems.push(problem('error', 'no-chat-template', 'dataset.format.format_type', 'Format "tokenizer" uses the model\'s chat template, and this model has none.', 'Set dataset.format.format_type to "chatml".', 'chatml'));
    }
    if (facts.hasTokenizer === true && facts.stopToken === undefined) {
      problems.push(problem('warning', 'no-stop-token', 'base_model', 'The tokenizer names no end-of-text token, so the model may not learn to stop.', 'Set eos_token in tokenizer_config.json, or choose another model.'));
    }
    const positions = facts.spec?.maxPositions;
    if (positions !== undefined && recipe.max_length > positions) {
      problems.push(problem('warning', 'beyond-positions', 'max_length', `max_length ${recipe.max_length} is longer than the ${positions} positions the model knows.`, `Set max_length to ${positions}.`, positions));
    }
    const where = { here: 'is here', hub: `is on the hub and will be downloaded (${size(facts.downloadBytes ?? 0)})`, unknown: 'was not opened' }[facts.state];
    return { problems, details: `${facts.id} ${where}${facts.spec ? ` (${facts.spec.family}, ${facts.spec.layers.length} layers)` : ''}` };
  },
};
