/** The grammar: seeded, without repeats, and fair to its held-out questions. */
import assert from 'node:assert/strict';
import { ALWAYS_HELD_OUT, distinctFacts, plainKey, writeCorpus } from '../../scripts/apprentice/grammar';

describe('apprentice grammar', () => {
  const corpus = writeCorpus(1);

  it('writes the same text for the same seed, and another for another', () => {
    assert.deepEqual(writeCorpus(1), corpus);
    assert.notDeepEqual(writeCorpus(2).train, corpus.train);
  });

  it('asks every question once', () => {
    assert.equal(new Set(corpus.train.map(({ prompt }) => prompt)).size, corpus.train.length);
  });

  it('never trains on a held-out question, in whatever case and with whatever mark', () => {
    const asked = new Set(corpus.train.map(({ prompt }) => plainKey(prompt)));
    assert.deepEqual(corpus.heldOut.filter(({ prompt }) => asked.has(plainKey(prompt))), []);
  });

  it('teaches each held-out answer in other words', () => {
    const taught = new Set(corpus.train.map(({ chosen }) => chosen));
    for (const { prompt, answers } of corpus.heldOut) assert.ok(answers.some((answer) => taught.has(answer)), prompt);
  });

  it('keeps back what is always held out', () => {
    const heldOut = corpus.heldOut.map(({ prompt }) => prompt);
    for (const question of ALWAYS_HELD_OUT) assert.ok(heldOut.includes(question), question);
  });

  it('is wide enough to be a small world', () => {
    assert.ok(distinctFacts().length > 2000);
    assert.ok(corpus.train.length > 30_000);
    assert.ok(corpus.heldOut.length > 500);
  });

  it('writes questions and answers as sentences', () => {
    for (const { asks, answers } of distinctFacts()) {
      for (const text of [...asks, ...answers]) assert.match(text, /^[A-Z0-9"].*[.?!]$/, text);
      for (const text of [...asks, ...answers]) assert.doesNotMatch(text, /undefined|\{\}| {2}|\ba [aeio]|\ban [bcdfgj-np-tv-z]/, text);
    }
  });
});
