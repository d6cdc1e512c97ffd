/** A few words about what trains the apprentice. */
import { fill, type Fact } from '../fact';

const TERMS: [string, string][] = [
  ['a language model', 'A language model is a program that learns which word comes next.'],
  ['a token', 'A token is a small piece of text, often a word or a part of one.'],
  ['a tokenizer', 'A tokenizer cuts text into tokens.'],
  ['a dataset', 'A dataset is a list of examples to learn from.'],
  ['training', 'Training changes the numbers of a model until its answers fit the examples.'],
  ['the loss', 'The loss is a number that says how wrong a model is. It should go down.'],
  ['the learning rate', 'The learning rate says how large each step of the training is.'],
  ['an epoch', 'An epoch is one walk through all the examples.'],
  ['a batch', 'A batch is a group of examples that are learnt together.'],
  ['a checkpoint', 'A checkpoint is a saved state of the training, so that nothing is lost.'],
  ['LoRA', 'LoRA trains a few small matrices and leaves the large model as it is.'],
  ['an adapter', 'An adapter is a small file that changes how a large model answers.'],
  ['ORPO', 'ORPO learns from pairs: it likes the chosen answer more than the rejected one.'],
  ['DPO', 'DPO learns from pairs and keeps close to the model that it started from.'],
  ['a preference', 'A preference says which of two answers is better.'],
  ['a prompt', 'A prompt is the text that you give to a model.'],
  ['a neural network', 'A neural network is a long chain of simple sums with numbers that can be learnt.'],
  ['a recipe', 'A recipe says what to train, on which examples and how.'],
  ['a gradient', 'A gradient says in which direction each number should change.'],
  ['overfitting', 'Overfitting means that a model knows its examples by heart and nothing else.'],
];

export function trainingFacts(): Fact[] {
  return TERMS.map(([term, answer]): Fact => ({ topic: 'training', asks: fill(['what is {}?', 'do you know what {} is?', 'can you tell me what {} is?', 'explain {} to me.', 'tell me what {} is.', 'tell me about {}.', "what's {}?", 'I want to know what {} is.'], term), answers: [answer] }));
}
