/** Supervised fine-tuning: the likelihood of the labelled tokens. */
import type { Loss } from './loss';

export const sft: Loss = {
  id: 'sft',
  title: 'Supervised fine-tuning',
  formula: '−Σ log p(token) / labelled tokens of the window',
  source: 'TRL SFTTrainer 1.16',
  needs: { rows: 'sequence', reference: false, averageLogps: false, learnPrompt: false },
  reduction: 'sum-over-labels',
  parameters: {},
  build: ({ nll }) => ({ loss: nll, figures: {} }),
  metrics: () => ({}),
};
