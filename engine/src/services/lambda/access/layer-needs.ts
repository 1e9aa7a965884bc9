import { arn, type Call, type Needed, parseArn } from '../../../kernel';
import { lambdaStore } from '../store';
import { policyText } from './function-needs';

export interface LayerInput {
  LayerName?: string | undefined;
  VersionNumber?: number | undefined;
}

/** A need on a version of a layer, which may be another account's and has a policy of its own. */
export function onLayerVersion(call: Call, action: string, input: LayerInput): Needed {
  const { VersionNumber: version = 0 } = input;
  const layer = layerArn(call, input.LayerName);
  const { account = call.account, resource = '' } = parseArn(layer) ?? {};
  const found =
    account === call.account
      ? lambdaStore(call.store).layers.get([resource.replace('layer:', ''), version])
      : undefined;
  return {
    action: `lambda:${action}`,
    resource: `${layer}:${version}`,
    policy: { text: policyText(found?.statements), rule: 'sufficient' },
    owner: account,
  };
}

/** The same for the ARN of a version. */
export function onLayerVersionArn(call: Call, action: string, text: string): Needed {
  const cut = text.lastIndexOf(':');
  const [LayerName, VersionNumber] = [text.slice(0, cut), Number(text.slice(cut + 1))];
  return onLayerVersion(call, action, { LayerName, VersionNumber });
}

export function layerArn(call: Call, name = ''): string {
  return name.startsWith('arn:') ? name : arn('lambda', call.region, call.account, `layer:${name}`);
}
