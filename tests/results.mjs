// Reads what the suites reported. `suite` prints one suite's line and its failures in full; `sum` prints the slowest tests, what
// exceeds its budget and the closing line, and answers with the exit code. What a suite's process said of itself is in NAME.ran.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const [what, folder, ...suites] = process.argv.slice(2);
const budgets = JSON.parse(readFileSync(new URL('budgets.json', import.meta.url), 'utf8'));
const entities = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' };
const plain = (xml) =>
  xml.replace(/&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi, (all, hex, decimal, name) =>
    name ? (entities[name] ?? all) : String.fromCodePoint(hex ? Number.parseInt(hex, 16) : Number(decimal)),
  );

/** Test results as .NET writes them. */
function trx(text) {
  const counters = text.match(/<Counters\b[^>]*>/)?.[0];
  if (!counters) return null;
  const count = (name) => Number(counters.match(new RegExp(`\\b${name}="(\\d+)"`))?.[1] ?? 0);
  const attribute = (attributes, name) => plain(attributes.match(new RegExp(`\\b${name}="([^"]*)"`))?.[1] ?? '');
  const seconds = (duration) => duration.split(':').reduce((sum, part) => sum * 60 + Number(part), 0);
  // A result without anything inside closes itself and has no end tag to look for.
  const results = [...text.matchAll(/<UnitTestResult\b([^>]*?)(?:\/>|>([\s\S]*?)<\/UnitTestResult>)/g)];
  const failures = results
    .filter(([, attributes]) => /^(?:Failed|Error|Timeout|Aborted)$/.test(attribute(attributes, 'outcome')))
    .map(([, attributes, inner = '']) => {
      // What went wrong, not what a test has said of itself before.
      const error = inner.match(/<ErrorInfo>[\s\S]*<\/ErrorInfo>/)?.[0] ?? '';
      const part = (tag, within = error) => plain(within.match(new RegExp(`<${tag}\\b[^>]*>([\\s\\S]*?)</${tag}>`))?.[1] ?? '').trimEnd();
      return [attribute(attributes, 'testName') || '?', part('Message'), part('StackTrace'), part('StdOut', inner)].filter(Boolean).join('\n');
    });
  const tests = results.map(([, attributes]) => ({ name: attribute(attributes, 'testName'), seconds: seconds(attribute(attributes, 'duration')) }));
  const failed = count('failed') + count('error') + count('timeout') + count('aborted');
  return { passed: count('passed'), failed, skipped: count('total') - count('passed') - failed, failures, tests };
}

/** Test results as vitest writes them. A file that could not be loaded is a failure of its own. */
function vitest(text) {
  const report = JSON.parse(text);
  const all = report.testResults.flatMap((file) => file.assertionResults.map((test) => ({ ...test, file: file.name })));
  const broken = report.testResults.filter((file) => file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'));
  const failures = [
    ...all.filter((test) => test.status === 'failed').map((test) => [`${test.file}: ${test.fullName}`, ...test.failureMessages].join('\n')),
    ...broken.map((file) => `${file.name}\n${file.message}`),
  ];
  const tests = all.map((test) => ({ name: test.fullName, seconds: (test.duration ?? 0) / 1000 }));
  return { passed: report.numPassedTests, failed: report.numFailedTests + broken.length, skipped: report.numPendingTests + report.numTodoTests, failures, tests };
}

function read(name) {
  const ran = join(folder, `${name}.ran`);
  const [code, seconds] = existsSync(ran) ? readFileSync(ran, 'utf8').trim().split(' ') : ['', '0'];
  const [file, parse] = name === 'web' ? ['web.json', vitest] : [`${name}.trx`, trx];
  const path = join(folder, file);
  let result = null;
  try {
    if (existsSync(path)) result = parse(readFileSync(path, 'utf8'));
  } catch (problem) {
    console.error(`${path}: ${problem.message}`);
  }
  result ??= { passed: 0, failed: 0, skipped: 0, failures: [], tests: [], silent: true };
  // A suite that did not report, or that ended badly without a failed test, or that ran nothing, counts as one failure.
  if (result.failed === 0 && (result.silent || code !== '0' || result.passed === 0)) {
    const log = join(folder, `${name}.log`);
    const why = code === '124' ? 'took too long and was ended' : result.silent ? 'did not report' : `ended with exit code ${code}`;
    result.failed = 1;
    result.failures.push(`The suite ${why}. It said:\n${existsSync(log) ? readFileSync(log, 'utf8') : ''}`);
  }
  return { name, seconds: Number(seconds), ...result };
}

/**
 * Suites that took half as long again as their budget. Budgets are seconds on the machine they were written on, beside the other
 * lane: a machine that is slower, or busy with other things, is slower with all suites, so the pace of the middle one is taken off.
 */
function overBudget(all) {
  const paces = all.filter(({ name }) => budgets[name] > 0).map(({ name, seconds }) => seconds / budgets[name]).sort((one, other) => one - other);
  const pace = Math.max(1, paces[Math.floor(paces.length / 2)] ?? 1);
  return all.filter(({ name, seconds }) => seconds > 1.5 * pace * budgets[name]).map(({ name, seconds }) => ({ name, seconds, pace }));
}

const all = suites.map(read);
if (what === 'suite') {
  for (const { name, seconds, passed, failed, skipped, failures } of all) {
    const budget = budgets[name] ? `, budget ${budgets[name]} s` : '';
    console.log(`${name.padEnd(16)} ${passed} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ''} (${seconds} s${budget})`);
    for (const failure of failures) console.log(`\n  ${failure.replaceAll('\n', '\n  ')}\n`);
  }
} else {
  const tests = all.flatMap((suite) => suite.tests.map((test) => ({ ...test, suite: suite.name }))).sort((one, other) => other.seconds - one.seconds);
  console.log('\nThe twenty slowest tests:');
  for (const { suite, name, seconds } of tests.slice(0, 20)) console.log(`${seconds.toFixed(1).padStart(6)} s  ${suite}  ${name.replace(/^Coordination\.(\w+)\.Tests\./, '')}`);
  const over = all.length > 1 ? overBudget(all) : [];
  for (const { name, seconds, pace } of over)
    console.log(`\n${name} took ${seconds} s. Its budget in tests/budgets.json is ${budgets[name]} s, which half may be added to${pace > 1 ? `, at the pace of this run (${pace.toFixed(2)})` : ''}.`);
  const sum = (field) => all.reduce((total, suite) => total + suite[field], 0);
  console.log(`\n${sum('passed')} passed, ${sum('failed') + over.length} failed`);
  process.exitCode = sum('failed') + over.length === 0 ? 0 : 1;
}
