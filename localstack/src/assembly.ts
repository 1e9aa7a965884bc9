import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join, resolve } from 'node:path';
import type { Reduced } from './reduce';
import { isCustomResource } from './stand-ins';
import type { Template } from './template';

interface Manifest {
  artifacts: Record<string, { type: string; properties: Record<string, unknown> }>;
}

interface AssetManifest {
  [member: string]: unknown;
  files: Record<
    string,
    {
      source: { path: string };
      destinations: Record<string, { objectKey: string; [member: string]: unknown }>;
    }
  >;
}

export interface StackTemplate {
  /** The artifact's id, and the stack's name unless it says another. */
  name: string;
  file: string;
  template: Template;
}

/** The stacks of a synthesised assembly. Stages (assemblies in assemblies) are not looked into. */
export function stacksOf(assembly: string): StackTemplate[] {
  const { artifacts } = read<Manifest>(join(assembly, 'manifest.json'));
  return Object.entries(artifacts).flatMap(([id, { type, properties }]) => {
    if (type === 'cdk:cloud-assembly')
      throw new Error(`The stage ${id} of the app cannot be deployed to LocalStack`);
    if (type !== 'aws:cloudformation:stack') return [];
    const file = String(properties.templateFile);
    const name = String(properties.stackName ?? id);
    return [{ name, file, template: read<Template>(join(assembly, file)) }];
  });
}

/**
 * Copies an assembly with a reduced template. A template is published under its content's hash, which CDK takes for
 * published already where it is known: so a changed one gets the hash of what it is now. What only resources need
 * that were taken out is not published.
 */
export function copyAssembly(
  from: string,
  to: string,
  file: string,
  { template, removed }: Pick<Reduced, 'template' | 'removed'>,
): void {
  const text = `${JSON.stringify(template, null, 1)}\n`;
  // The adapter itself takes what custom resources name.
  const played = Object.values(removed).filter(({ Type }) => isCustomResource(Type));
  const needed = text + JSON.stringify(played);
  let manifest = readFileSync(join(from, 'manifest.json'), 'utf8');
  rmSync(to, { recursive: true, force: true });
  mkdirSync(to, { recursive: true, mode: 0o700 });
  for (const entry of readdirSync(from)) {
    const path = join(from, entry);
    if (entry === file || entry === 'manifest.json') continue;
    if (!entry.endsWith('.assets.json')) {
      symlinkSync(resolve(path), join(to, entry));
      continue;
    }
    const { files, ...rest } = read<AssetManifest>(path);
    const kept: AssetManifest['files'] = {};
    for (const [hash, asset] of Object.entries(files)) {
      if (asset.source.path === file) {
        const fresh = createHash('sha256').update(text).digest('hex');
        kept[fresh] = JSON.parse(JSON.stringify(asset).replaceAll(hash, fresh)) as typeof asset;
        manifest = manifest.replaceAll(hash, fresh);
      } else if (keysOf(asset).some((key) => needed.includes(key))) {
        kept[hash] = asset;
      }
    }
    writeFileSync(join(to, entry), `${JSON.stringify({ ...rest, files: kept }, null, 1)}\n`);
  }
  writeFileSync(join(to, file), text);
  writeFileSync(join(to, 'manifest.json'), manifest);
}

function keysOf({ destinations }: AssetManifest['files'][string]): string[] {
  return Object.values(destinations).map(({ objectKey }) => objectKey);
}

function read<T>(file: string): T {
  if (!existsSync(file)) throw new Error(`${file} is not there: the synthesis did not end well`);
  return JSON.parse(readFileSync(file, 'utf8')) as T;
}
