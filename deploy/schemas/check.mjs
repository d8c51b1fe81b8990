// node check.mjs: prints what is wrong with the containers' and Kubernetes' files, and exits with 0 when nothing is.
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkCompose } from './compose.mjs';
import { checkKubernetes } from './kubernetes.mjs';

const deploy = join(dirname(fileURLToPath(import.meta.url)), '..');
const problems = [
  ...checkCompose(join(deploy, 'containers')).map((problem) => `containers/compose.yaml: ${problem}`),
  ...(await checkKubernetes(join(deploy, 'kubernetes'))).map((problem) => `kubernetes/${problem}`),
];
for (const problem of problems) console.error(problem);
process.exitCode = problems.length > 0 ? 1 : 0;
