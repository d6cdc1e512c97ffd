/** mocha's own report, and each test's result as JSON for the summary of `npm test`. CommonJS, as mocha loads reporters. */
const { mkdirSync, writeFileSync } = require('node:fs');
const path = require('node:path');
const { reporters, Runner } = require('mocha');

module.exports = class ResultsReporter extends reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    const results = [];
    runner.on(Runner.constants.EVENT_TEST_PASS, test => results.push({ title: test.fullTitle() }));
    runner.on(Runner.constants.EVENT_TEST_PENDING, test => results.push({ title: test.fullTitle(), isSkipped: true }));
    const failed = (test, error) => ({ title: test.fullTitle(), error: String(error.stack ?? error) });
    runner.on(Runner.constants.EVENT_TEST_FAIL, (test, error) => results.push(failed(test, error)));
    runner.on(Runner.constants.EVENT_TEST_RETRY, (test, error) => results.push({ ...failed(test, error), isRetried: true }));
    runner.on(Runner.constants.EVENT_RUN_END, () => {
      const file = options.reporterOptions.results;
      mkdirSync(path.dirname(file), { recursive: true });
      writeFileSync(file, JSON.stringify(results));
    });
  }
};
