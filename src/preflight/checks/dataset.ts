/** The rows: readable, of the method's columns, enough of them, and not cut too often. */
import type { Problem } from '../../shared/problem';
import { problem, size } from '../check';
import type { PreflightCheck } from '../check';
import { lengthSummary } from '../datasetFacts';

/** Share of rows cut from which it is worth a word. Below, a few long rows are nobody's mistake. */
const CUT_FRACTION = 0.1;
/** Problems of single rows, which the share of rows cut sums up. */
const ABOUT_ONE_ROW = ['dataset/row-too-long', 'dataset/prompt-cut', 'dataset/response-cut'];

export const dataset: PreflightCheck = {
  id: 'dataset',
  title: 'Dataset',
  check(recipe, { dataset: facts }) {
    const problems: Problem[] = facts.problems.filter(({ id }) => !ABOUT_ONE_ROW.includes(id));
    if (facts.cutFraction > CUT_FRACTION) {
      const percent = Math.round(100 * facts.cutFraction);
      const isPrompt = facts.longestTokens <= recipe.max_length;
      const [key, value] = isPrompt ? ['max_prompt_length', recipe.max_length - 1] : ['max_length', facts.longestTokens];
      problems.push(problem('warning', 'rows-cut', key, `${percent} % of the rows are cut; the longest has ${facts.longestTokens} tokens, max_length is ${recipe.max_length} and max_prompt_length ${recipe.max_prompt_length}.`, `Set ${key} to ${value}, or leave it if their ends do not matter.`, value));
    }
    const wantsEvaluation = recipe.eval_steps > 0 && recipe.dataset.test_size > 0 && recipe.dataset.eval_source === null;
    if (wantsEvaluation && facts.evalRows === 0 && !problems.some(({ id }) => id === 'dataset/too-few-to-split')) {
      problems.push(problem('warning', 'nothing-to-evaluate', 'dataset.test_size', `A share of ${recipe.dataset.test_size} of the rows leaves none to evaluate on.`, 'Set dataset.test_size to 0.1.', 0.1));
    }
    const lengths = lengthSummary(facts);
    const count = facts.state === 'sample' ? `first ${facts.lengths.length} rows` : facts.trainRows === undefined ? `not read${facts.downloadBytes ? `, ${size(facts.downloadBytes)} to download` : ''}` : `${facts.trainRows} rows to train, ${facts.evalRows ?? 0} to evaluate`;
    return { problems, details: lengths ? `${count}; tokens a row: 95 % up to ${lengths.p95}, longest ${lengths.longest}` : count };
  },
};
