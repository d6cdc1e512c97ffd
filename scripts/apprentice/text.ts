/** The apprentice's texts with their fixed seeds, as ChatML and as JSON lines. */
import { writeCorpus, type ChatRow, type Corpus } from './grammar';
import { writeWizardRows, type PreferenceRow } from './wizard';

const CORPUS_SEED = 1;
const WIZARD_SEED = 2;

export const corpus = (): Corpus => writeCorpus(CORPUS_SEED);
export const wizardRows = (): PreferenceRow[] => writeWizardRows(WIZARD_SEED);

/** One exchange as the chat template writes it. */
export const chatMl = ({ prompt, chosen }: ChatRow) => `<|im_start|>user\n${prompt}<|im_end|>\n<|im_start|>assistant\n${chosen}<|im_end|>\n`;

export const jsonLines = (rows: readonly object[]) => rows.map((row) => `${JSON.stringify(row)}\n`).join('');
