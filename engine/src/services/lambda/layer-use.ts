import { inspectArchive, MAX_UNZIPPED_BYTES } from '../../functions/archive';
import type { Call } from '../../kernel';
import { parseArn } from '../../kernel';
import { invalid } from './errors';
import { type LayerUse, lambdaStore } from './store';

/** https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const MAX_LAYERS = 5;

/** Finds the layer versions a function names. */
export function useLayers(arns: readonly string[], call: Call): LayerUse[] {
  if (arns.length > MAX_LAYERS) throw invalid(`Cannot reference more than ${MAX_LAYERS} layers.`);
  const byLayer = new Map<string, string>();
  return arns.map((arn) => {
    const parsed = parseArn(arn);
    const [, name = '', version = ''] = parsed?.resource.split(':') ?? [];
    if (parsed?.region !== call.region) {
      throw invalid(
        `Layers are not in the same region as the function. Layers are expected to be in region ${call.region}.`,
      );
    }
    const layer =
      parsed.account === call.account
        ? lambdaStore(call.store).layers.get([name, Number(version)])
        : undefined;
    if (!layer) throw invalid(`Layer version ${arn} does not exist.`);
    const other = byLayer.get(name);
    if (other !== undefined) {
      throw invalid(
        `Two different versions of the same layer are not allowed to be referenced in the same function. ${other} and ${arn} are versions of the same layer.`,
      );
    }
    byLayer.set(name, arn);
    return { arn, size: layer.size, blob: layer.blob };
  });
}

/** Code and layers together have one limit. */
export async function checkUnzipped(
  codeSize: number,
  layers: readonly LayerUse[],
  call: Call,
): Promise<void> {
  let size = codeSize;
  for (const layer of layers) size += (await inspectArchive(call.parts.blobs.path(layer.blob))).size;
  if (size > MAX_UNZIPPED_BYTES) {
    throw invalid(
      `Function code combined with layers exceeds the maximum allowed size of ${MAX_UNZIPPED_BYTES} bytes. The actual size is ${size} bytes.`,
    );
  }
}
