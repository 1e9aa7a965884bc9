import { Readable } from 'node:stream';
import { AwsError, isAwsError } from '../kernel/errors';
import { parseCbor, readCbor } from './cbor';
import { parseJson, readStructure } from './json';
import { Malformed } from './malformed';
import { malformedXml } from './malformed-xml';
import { bodyBytes, formPairs } from './match';
import type { OperationModel, ServiceModel } from './model';
import { ParameterTree, readQueryStructure } from './query-read';
import { readRest } from './rest-read';
import type { WireRequest } from './wire';

/** Requests to inputs. */

/** True where the body may be handed over as a stream. */
export function isStreamingInput(operation: OperationModel): boolean {
  return operation.input?.payload?.shape.json.streaming === 1;
}

/** Parameters that are the protocol's, or the signature's in a query string. */
const COMMON =
  /^(?:Action|Version|AWSAccessKeyId|Signature|SignatureMethod|SignatureVersion|Timestamp|SecurityToken|Expires|X-Amz-.*)$/i;

function readQuery(operation: OperationModel, request: WireRequest): Record<string, unknown> {
  const pairs = formPairs(request).filter(([name]) => !COMMON.test(name));
  const tree = ParameterTree.of(pairs);
  const members = operation.input?.members ?? [];
  const dialect = operation.protocol === 'ec2Query' ? 'ec2Query' : 'awsQuery';
  const input = readQueryStructure(members, tree, dialect);
  const unused = dialect === 'ec2Query' ? tree.unused() : undefined;
  if (unused !== undefined) {
    throw new AwsError('UnknownParameter', `The parameter ${unused} is not recognized`);
  }
  return input;
}

function read(operation: OperationModel, request: WireRequest): Record<string, unknown> {
  switch (operation.protocol) {
    case 'awsJson1_0':
    case 'awsJson1_1': {
      const body = parseJson(bodyBytes(request));
      const { input } = operation;
      return input ? readStructure(input, input.members, body, false, 0) : {};
    }
    case 'awsQuery':
    case 'ec2Query':
      return readQuery(operation, request);
    case 'rpcv2Cbor': {
      const { input } = operation;
      return input ? (readCbor(input, parseCbor(bodyBytes(request))) as Record<string, unknown>) : {};
    }
    default:
      return readRest(operation, request);
  }
}

/** The protocol's error for a request that cannot be understood. */
function refusal(operation: OperationModel, malformed: Malformed): AwsError {
  const { message, code } = malformed;
  const { service } = operation.model;
  switch (operation.protocol) {
    case 'awsQuery':
      return new AwsError(code ?? 'MalformedInput', message, { status: code ? 404 : 400 });
    case 'ec2Query':
      return new AwsError(code ?? 'InvalidParameterValue', message, { status: 400 });
    case 'restXml':
      if (code) return new AwsError(code, message, { status: 400 });
      if (service === 's3') return malformedXml(operation);
      return new AwsError('MalformedInput', message, { status: 400 });
    case 'restJson1':
      return new AwsError(
        'SerializationException',
        message === '' ? 'Could not parse request body into json' : message,
        { status: 400 },
      );
    default:
      return new AwsError('SerializationException', message, { status: 400 });
  }
}

/** The operation's input, as a caller of the SDK would have written it. Throws nothing but AwsError. */
export function decode(
  _model: ServiceModel,
  operation: OperationModel,
  request: WireRequest,
): Record<string, unknown> {
  if (request.body instanceof Readable && !isStreamingInput(operation)) {
    throw new Error(`${operation.name}: the body must be collected before it is decoded`);
  }
  try {
    return read(operation, request);
  } catch (error) {
    if (isAwsError(error)) throw error;
    if (error instanceof Malformed) throw refusal(operation, error);
    // A request that nests until the stack ends is malformed too.
    if (error instanceof RangeError)
      throw refusal(operation, new Malformed('The request is nested too deeply'));
    throw error;
  }
}
