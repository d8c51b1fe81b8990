// Reads deploy/kubernetes against the JSON schemas of Kubernetes' API and follows every name in it.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { parse, parseAllDocuments } from 'yaml';

const here = dirname(fileURLToPath(import.meta.url));
// Group of an API version to the names its schemas and its types have.
const groups = {
  v1: ['ApiCoreV1', 'core/v1'],
  'apps/v1': ['ApiAppsV1', 'apps/v1'],
  'policy/v1': ['ApiPolicyV1', 'policy/v1'],
  'networking.k8s.io/v1': ['ApiNetworkingV1', 'networking/v1'],
  'rbac.authorization.k8s.io/v1': ['ApiRbacV1', 'rbac/v1'],
};

export async function checkKubernetes(folder) {
  const problems = [];
  const kustomization = parse(readFileSync(join(folder, 'kustomization.yaml'), 'utf8'));
  const files = readdirSync(folder).filter((name) => name.endsWith('.yaml') && name !== 'kustomization.yaml');
  for (const name of kustomization.resources) if (!files.includes(name)) problems.push(`kustomization.yaml: there is no ${name}`);
  for (const name of files) if (!kustomization.resources.includes(name) && name !== 'secret.example.yaml') problems.push(`kustomization.yaml leaves out ${name}`);

  const objects = files.flatMap((file) =>
    parseAllDocuments(readFileSync(join(folder, file), 'utf8')).map((document) => {
      problems.push(...document.errors.map((error) => `${file}: ${error.message}`));
      return { file, value: document.toJS() };
    }));
  for (const { file, value } of objects) {
    const where = `${file}: ${value.kind} ${value.metadata.name}`;
    if (!groups[value.apiVersion]) { problems.push(`${where}: apiVersion ${value.apiVersion} is not known here`); continue; }
    const { validate } = await import(`kubernetes-models/_schemas/IoK8s${groups[value.apiVersion][0]}${value.kind}`);
    if (!validate(value)) problems.push(...validate.errors.map((error) => `${where}: ${error.instancePath} ${error.message ?? error.keyword}`));
  }
  problems.push(...unknownFields(objects), ...brokenNames(objects.map(({ value }) => value)));
  return problems;
}

/** The schemas let pass fields that they do not name, as a misspelt one. The same API as TypeScript's types does not. */
function unknownFields(objects) {
  const folder = mkdtempSync(join(here, 'types-'));
  try {
    const file = join(folder, 'manifests.ts');
    writeFileSync(file, objects.map(({ value }, index) =>
      `import type { ${value.kind} as T${index} } from 'kubernetes-types/${groups[value.apiVersion]?.[1]}';\nconst o${index}: T${index} = ${JSON.stringify(value)};`).join('\n'));
    const program = ts.createProgram([file], { noEmit: true, strict: true, skipLibCheck: true, types: [], moduleResolution: ts.ModuleResolutionKind.Bundler, module: ts.ModuleKind.ESNext });
    return ts.getPreEmitDiagnostics(program).map((error) => {
      const { value, file: manifest } = objects[Math.floor((error.file?.getLineAndCharacterOfPosition(error.start).line ?? 0) / 2)];
      return `${manifest}: ${value.kind} ${value.metadata.name}: ${ts.flattenDiagnosticMessageText(error.messageText, ' ')}`;
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function brokenNames(objects) {
  const problems = [];
  const all = (kind) => objects.filter((value) => value.kind === kind);
  const named = (kind, name) => all(kind).find((value) => value.metadata.name === name);
  const workloads = [...all('StatefulSet'), ...all('Deployment')];
  const pods = workloads.map((workload) => ({ workload, ...workload.spec.template }));
  const selected = (labels) => pods.filter((pod) => Object.entries(labels).every(([key, value]) => pod.metadata.labels[key] === value));
  const need = (condition, message) => { if (!condition) problems.push(message); };
  const ports = (pod) => pod.spec.containers.flatMap((container) => container.ports.map((port) => port.name));

  for (const { workload, metadata, spec } of pods) {
    const name = `${workload.kind} ${workload.metadata.name}`;
    need(selected(workload.spec.selector.matchLabels).length === 1, `${name}: its selector does not choose its own pods alone`);
    need(named('ServiceAccount', spec.serviceAccountName), `${name}: there is no service account ${spec.serviceAccountName}`);
    need(spec.securityContext.runAsNonRoot, `${name}: may run as root`);
    need(all('PodDisruptionBudget').some((budget) => selected(budget.spec.selector.matchLabels).some((pod) => pod.workload === workload)), `${name}: has no disruption budget`);
    if (workload.spec.serviceName) need(named('Service', workload.spec.serviceName), `${name}: there is no service ${workload.spec.serviceName}`);
    const volumes = [...spec.volumes, ...(workload.spec.volumeClaimTemplates ?? []).map((claim) => claim.metadata)].map((volume) => volume.name);
    for (const volume of spec.volumes) if (volume.secret) need(named('Secret', volume.secret.secretName), `${name}: there is no form of the secret ${volume.secret.secretName}`);
    for (const container of spec.containers) {
      for (const probe of ['startupProbe', 'livenessProbe', 'readinessProbe']) {
        need(container[probe] && container.ports.some((port) => port.name === container[probe].httpGet.port), `${name}: ${probe} asks no port of its own`);
      }
      for (const mount of container.volumeMounts) need(volumes.includes(mount.name), `${name}: there is no volume ${mount.name}`);
      for (const from of container.envFrom) need(named('ConfigMap', from.configMapRef.name), `${name}: there is no config map ${from.configMapRef.name}`);
      for (const variable of container.env) {
        const key = variable.valueFrom?.secretKeyRef;
        need(!key || key.key in (named('Secret', key.name)?.stringData ?? {}), `${name}: there is no form of the secret ${key?.name} with ${key?.key}`);
        const label = variable.valueFrom?.fieldRef?.fieldPath.match(/labels\['(.*)'\]/)?.[1];
        need(!label || label in metadata.labels, `${name}: there is no label ${label}`);
      }
      need(container.resources.requests && container.resources.limits, `${name}: asks for no resources`);
      need(container.securityContext.readOnlyRootFilesystem && !container.securityContext.allowPrivilegeEscalation, `${name}: may write to its image or gain rights`);
      const grace = Number(container.lifecycle.preStop.exec.command[1]);
      need(spec.terminationGracePeriodSeconds > grace + 20, `${name}: is killed before it has finished`);
    }
  }
  for (const service of all('Service')) {
    const chosen = selected(service.spec.selector);
    need(chosen.length === 1, `Service ${service.metadata.name}: chooses nothing`);
    for (const port of service.spec.ports) need(chosen.some((pod) => ports(pod).includes(port.targetPort ?? port.name)), `Service ${service.metadata.name}: there is no port ${port.targetPort ?? port.name}`);
  }
  for (const policy of all('NetworkPolicy')) {
    const chosen = selected(policy.spec.podSelector.matchLabels);
    need(chosen.length === 1, `NetworkPolicy ${policy.metadata.name}: chooses nothing`);
    for (const rule of policy.spec.ingress) for (const { port } of rule.ports) need(chosen.some((pod) => ports(pod).includes(port)), `NetworkPolicy ${policy.metadata.name}: there is no port ${port}`);
  }
  for (const ingress of all('Ingress')) {
    for (const { host } of ingress.spec.rules) need(named('ConfigMap', 'coordination').data.COORDINATION_HOSTS.split(';').includes(host), `Ingress: the gateways do not answer to ${host}`);
    for (const { http } of ingress.spec.rules) for (const { backend } of http.paths) {
      need(named('Service', backend.service.name)?.spec.ports.some((port) => port.name === backend.service.port.name), `Ingress: there is no ${backend.service.name}:${backend.service.port.name}`);
    }
  }
  for (const binding of all('RoleBinding')) {
    need(named('Role', binding.roleRef.name), `RoleBinding ${binding.metadata.name}: there is no role ${binding.roleRef.name}`);
    for (const subject of binding.subjects) need(named(subject.kind, subject.name), `RoleBinding ${binding.metadata.name}: there is no ${subject.name}`);
  }
  for (const secret of all('Secret')) need('settings' in secret.stringData ? /Password=;/.test(secret.stringData.settings) : Object.values(secret.stringData).every((text) => text === ''), 'secret.example.yaml holds a secret');
  return problems;
}
