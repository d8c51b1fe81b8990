// Reads what the suites reported. `suite` prints one suite's line and its failures in full; `sum` prints the closing line
// and answers with the exit code. A suite is named as name:exit code:seconds.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const [what, folder, ...suites] = process.argv.slice(2);
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
  // A result without anything inside closes itself and has no end tag to look for.
  const failures = [...text.matchAll(/<UnitTestResult\b([^>]*?)(?:\/>|>([\s\S]*?)<\/UnitTestResult>)/g)]
    .filter(([, attributes]) => /\boutcome="(?:Failed|Error|Timeout|Aborted)"/.test(attributes))
    .map(([, attributes, inner = '']) => {
      const part = (tag) => plain(inner.match(new RegExp(`<${tag}\\b[^>]*>([\\s\\S]*?)</${tag}>`))?.[1] ?? '').trimEnd();
      const name = plain(attributes.match(/\btestName="([^"]*)"/)?.[1] ?? '?');
      return [name, part('Message'), part('StackTrace'), part('StdOut')].filter(Boolean).join('\n');
    });
  const failed = count('failed') + count('error') + count('timeout') + count('aborted');
  return { passed: count('passed'), failed, skipped: count('total') - count('passed') - failed, failures };
}

/** Test results as vitest writes them. A file that could not be loaded is a failure of its own. */
function vitest(text) {
  const report = JSON.parse(text);
  const broken = report.testResults.filter((file) => file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'));
  const failures = [
    ...report.testResults.flatMap((file) =>
      file.assertionResults.filter((test) => test.status === 'failed').map((test) => [`${file.name}: ${test.fullName}`, ...test.failureMessages].join('\n')),
    ),
    ...broken.map((file) => `${file.name}\n${file.message}`),
  ];
  return { passed: report.numPassedTests, failed: report.numFailedTests + broken.length, skipped: report.numPendingTests + report.numTodoTests, failures };
}

function read(suite) {
  const [name, code, seconds] = suite.split(':');
  const [file, parse] = name === 'web' ? ['web.json', vitest] : [`${name}.trx`, trx];
  const path = join(folder, file);
  let result = null;
  try {
    if (existsSync(path)) result = parse(readFileSync(path, 'utf8'));
  } catch (problem) {
    console.error(`${path}: ${problem.message}`);
  }
  result ??= { passed: 0, failed: 0, skipped: 0, failures: [], silent: true };
  // A suite that did not report, or that ended badly without a failed test, or that ran nothing, counts as one failure.
  if (result.failed === 0 && (result.silent || code !== '0' || result.passed === 0)) {
    const log = join(folder, `${name}.log`);
    const why = code === '124' ? 'took too long and was ended' : result.silent ? 'did not report' : `ended with exit code ${code}`;
    result.failed = 1;
    result.failures.push(`The suite ${why}. It said:\n${existsSync(log) ? readFileSync(log, 'utf8') : ''}`);
  }
  return { name, seconds, ...result };
}

const all = suites.map(read);
if (what === 'suite') {
  for (const { name, seconds, passed, failed, skipped, failures } of all) {
    console.log(`${name.replace(/-cluster$/, ' on the cluster').padEnd(22)} ${passed} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ''} (${seconds} s)`);
    for (const failure of failures) console.log(`\n  ${failure.replaceAll('\n', '\n  ')}\n`);
  }
} else {
  const sum = (field) => all.reduce((total, suite) => total + suite[field], 0);
  console.log(`${sum('passed')} passed, ${sum('failed')} failed`);
  process.exitCode = sum('failed') === 0 ? 0 : 1;
}
