import type { Call, Operation } from '../../kernel';
import { conflict, notFound, preconditionFailed } from './errors';
import { findLayer, layerArn, layerName } from './layers';
import { type LayerVersion, lambdaStore } from './store';

function requireLayer(name: string, version: number, call: Call): LayerVersion {
  const layer = findLayer(name, version, call);
  if (!layer) throw notFound(`Layer version ${layerArn(call, layerName(name), version)} does not exist.`);
  return layer;
}

function save(layer: LayerVersion, statements: Record<string, unknown>[], call: Call): string {
  const policyRevision = call.ids.uuid();
  lambdaStore(call.store).layers.put([layer.layerName, layer.version], {
    ...layer,
    statements,
    policyRevision,
  });
  return policyRevision;
}

/** https://docs.aws.amazon.com/lambda/latest/api/API_AddLayerVersionPermission.html */
export const addLayerVersionPermission: Operation<'lambda', 'AddLayerVersionPermission'> = (input, call) => {
  const layer = requireLayer(input.LayerName!, input.VersionNumber!, call);
  if (layer.statements.some((statement) => statement.Sid === input.StatementId)) {
    throw conflict(
      `The statement id (${input.StatementId}) provided already exists. Please provide a new statement id, or remove the existing statement.`,
    );
  }
  if (input.RevisionId !== undefined && input.RevisionId !== layer.policyRevision) {
    throw preconditionFailed('GetLayerPolicy');
  }
  const principal = input.Principal!;
  const statement = {
    Sid: input.StatementId,
    Effect: 'Allow',
    Principal:
      principal === '*'
        ? '*'
        : { AWS: /^\d{12}$/.test(principal) ? `arn:aws:iam::${principal}:root` : principal },
    Action: input.Action,
    Resource: layerArn(call, layer.layerName, layer.version),
    ...(input.OrganizationId
      ? { Condition: { StringEquals: { 'aws:PrincipalOrgID': input.OrganizationId } } }
      : {}),
  };
  const RevisionId = save(layer, [...layer.statements, statement], call);
  return { Statement: JSON.stringify(statement), RevisionId };
};

export const getLayerVersionPolicy: Operation<'lambda', 'GetLayerVersionPolicy'> = (input, call) => {
  const layer = requireLayer(input.LayerName!, input.VersionNumber!, call);
  if (layer.statements.length === 0) throw notFound('No policy is associated with the given resource.');
  return {
    Policy: JSON.stringify({ Version: '2012-10-17', Id: 'default', Statement: layer.statements }),
    RevisionId: layer.policyRevision,
  };
};

export const removeLayerVersionPermission: Operation<'lambda', 'RemoveLayerVersionPermission'> = (
  input,
  call,
) => {
  const layer = requireLayer(input.LayerName!, input.VersionNumber!, call);
  if (input.RevisionId !== undefined && input.RevisionId !== layer.policyRevision) {
    throw preconditionFailed('GetLayerPolicy');
  }
  const left = layer.statements.filter((statement) => statement.Sid !== input.StatementId);
  if (left.length === layer.statements.length) {
    throw notFound(`Statement ${input.StatementId} is not found in resource policy.`);
  }
  save(layer, left, call);
  return {};
};
