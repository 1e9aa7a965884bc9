import type { LayerVersionsListItem } from '@aws-sdk/client-lambda';
import { arn as buildArn, type Call, type Operation, parseArn } from '../../kernel';
import { pageOf } from '../../kernel/paging';
import { storeCode } from './code';
import { codeLocation } from './code-location';
import { invalid, notFound } from './errors';
import { timestamp } from './present';
import { type LayerVersion, lambdaStore } from './store';

export function layerArn(call: Pick<Call, 'account' | 'region'>, name: string, version?: number): string {
  return buildArn(
    'lambda',
    call.region,
    call.account,
    `layer:${name}${version === undefined ? '' : `:${version}`}`,
  );
}

/** A layer's name, given as such or as its ARN. */
export function layerName(text: string): string {
  return parseArn(text)?.resource.split(':')[1] ?? text;
}

function item(layer: LayerVersion, call: Call): LayerVersionsListItem {
  return {
    LayerVersionArn: layerArn(call, layer.layerName, layer.version),
    Version: layer.version,
    Description: layer.description,
    CreatedDate: layer.created,
    ...(layer.runtimes
      ? { CompatibleRuntimes: layer.runtimes as LayerVersionsListItem['CompatibleRuntimes'] }
      : {}),
    ...(layer.licenseInfo === undefined ? {} : { LicenseInfo: layer.licenseInfo }),
    ...(layer.architectures
      ? { CompatibleArchitectures: layer.architectures as LayerVersionsListItem['CompatibleArchitectures'] }
      : {}),
  };
}

async function complete(layer: LayerVersion, call: Call) {
  return {
    ...item(layer, call),
    LayerArn: layerArn(call, layer.layerName),
    Content: {
      Location: codeLocation(call, layer.blob),
      CodeSha256: layer.sha256,
      CodeSize: layer.size,
    },
  };
}

/** https://docs.aws.amazon.com/lambda/latest/api/API_PublishLayerVersion.html */
export const publishLayerVersion: Operation<'lambda', 'PublishLayerVersion'> = async (input, call) => {
  const name = layerName(input.LayerName!);
  const code = await storeCode(input.Content ?? {}, call);
  const store = lambdaStore(call.store);
  const layer = store.transaction(() => {
    // Numbers are never given twice, even when the last version was deleted.
    const version = (store.layerCounters.get(name) ?? 0) + 1;
    store.layerCounters.put(name, version);
    const made: LayerVersion = {
      layerName: name,
      version,
      description: input.Description ?? '',
      ...(input.LicenseInfo === undefined ? {} : { licenseInfo: input.LicenseInfo }),
      ...(input.CompatibleRuntimes ? { runtimes: input.CompatibleRuntimes } : {}),
      ...(input.CompatibleArchitectures ? { architectures: input.CompatibleArchitectures } : {}),
      created: timestamp(call.clock.now()),
      blob: code.blob,
      size: code.size,
      sha256: code.sha256,
      statements: [],
    };
    store.layers.put([name, version], made);
    return made;
  });
  return complete(layer, call);
};

export function findLayer(name: string, version: number, call: Call): LayerVersion | undefined {
  if (version < 1) throw invalid('Layer Version Cannot be less than 1');
  return lambdaStore(call.store).layers.get([layerName(name), version]);
}

export const getLayerVersion: Operation<'lambda', 'GetLayerVersion'> = async (input, call) => {
  const layer = findLayer(input.LayerName!, input.VersionNumber!, call);
  if (!layer) throw notFound('The resource you requested does not exist.');
  return complete(layer, call);
};

export const getLayerVersionByArn: Operation<'lambda', 'GetLayerVersionByArn'> = async (input, call) => {
  const [, name = '', version] = parseArn(input.Arn!)?.resource.split(':') ?? [];
  const layer = findLayer(name, Number(version), call);
  if (!layer) throw notFound('The resource you requested does not exist.');
  return complete(layer, call);
};

/** A version that is not there is as good as deleted. Functions that use it keep it. */
export const deleteLayerVersion: Operation<'lambda', 'DeleteLayerVersion'> = (input, call) => {
  if (input.VersionNumber! < 1) throw invalid('Layer Version Cannot be less than 1');
  lambdaStore(call.store).layers.remove([layerName(input.LayerName!), input.VersionNumber!]);
  return {};
};

interface Wanted {
  CompatibleRuntime?: string | undefined;
  CompatibleArchitecture?: string | undefined;
}

const suits = (
  layer: LayerVersion,
  { CompatibleRuntime: runtime, CompatibleArchitecture: machine }: Wanted,
) =>
  (runtime === undefined || layer.runtimes?.includes(runtime) === true) &&
  (machine === undefined || layer.architectures?.includes(machine) === true);

export const listLayerVersions: Operation<'lambda', 'ListLayerVersions'> = (input, call) => {
  const page = pageOf(lambdaStore(call.store).layers, {
    prefix: [layerName(input.LayerName!)],
    reverse: true,
    limit: input.MaxItems ?? 50,
    token: input.Marker,
    keep: (layer) => suits(layer, input),
    invalidToken: () => invalid('The marker is not valid.'),
  });
  return {
    LayerVersions: page.items.map((layer) => item(layer, call)),
    ...(page.next === undefined ? {} : { NextMarker: page.next }),
  };
};

/** The latest version of each layer. */
export const listLayers: Operation<'lambda', 'ListLayers'> = (input, call) => {
  const latest = new Map<string, LayerVersion>();
  for (const layer of lambdaStore(call.store).layers.values()) {
    if (suits(layer, input)) latest.set(layer.layerName, layer);
  }
  const limit = input.MaxItems ?? 50;
  const names = [...latest.keys()].sort().filter((name) => input.Marker === undefined || name > input.Marker);
  const shown = names.slice(0, limit);
  return {
    Layers: shown.map((name) => ({
      LayerName: name,
      LayerArn: layerArn(call, name),
      LatestMatchingVersion: item(latest.get(name)!, call),
    })),
    ...(names.length > limit ? { NextMarker: shown.at(-1) } : {}),
  };
};
