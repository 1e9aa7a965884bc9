import {
  CreateModelCommand,
  CreateRequestValidatorCommand,
  PutGatewayResponseCommand,
} from '@aws-sdk/client-api-gateway';
import fc from 'fast-check';
import { compileModel } from '../../src/execute-api/models';
import { ModelFaults } from '../../src/execute-api/models/faults';
import { Bed, type TestApi } from './support';

// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-mapping-template-reference.html: "a detailed
// validation error message"; in the words of json-schema-validator, of which AWS's tutorials show
// `[object has missing required properties (["NoteId"])]`.
describe('$context.error.validationErrorString', () => {
  let bed: Bed;
  let api: TestApi;

  beforeAll(async () => {
    bed = await Bed.start();
    api = await bed.newApi();
    const restApiId = api.id;
    const model = (name: string, schema: object) =>
      bed.api.send(
        new CreateModelCommand({
          restApiId,
          name,
          contentType: 'application/json',
          schema: JSON.stringify(schema),
        }),
      );
    await model('Seat', {
      type: 'object',
      required: ['row', 'hall'],
      properties: {
        row: { type: 'integer', minimum: 1 },
        hall: { type: 'string', enum: ['large', 'small'] },
      },
      additionalProperties: false,
    });
    await model('Seats', {
      type: 'array',
      minItems: 1,
      items: { $ref: `https://apigateway.amazonaws.com/restapis/${restApiId}/models/Seat` },
    });
    const { id: requestValidatorId } = await bed.api.send(
      new CreateRequestValidatorCommand({ restApiId, name: 'body', validateRequestBody: true }),
    );
    const mock = { type: 'MOCK' as const, requestTemplates: { 'application/json': '{"statusCode": 200}' } };
    for (const [path, name] of [
      ['/seat', 'Seat'],
      ['/seats', 'Seats'],
    ] as const) {
      await api.method('POST', path, mock, {
        requestValidatorId,
        requestModels: { 'application/json': name },
      });
    }
    await bed.api.send(
      new PutGatewayResponseCommand({
        restApiId,
        responseType: 'BAD_REQUEST_BODY',
        responseTemplates: {
          'application/json':
            '{"message":$context.error.messageString,"why":"$context.error.validationErrorString"}',
          'text/plain': '$context.error.validationErrorString',
        },
      }),
    );
    await api.deploy();
  });
  afterAll(() => bed.stop());

  const post = async (path: string, body: string, headers: Record<string, string> = {}) => {
    const response = await api.fetch(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body,
    });
    return { status: response.status, text: await response.text() };
  };

  test.each([
    ['/seat', '{}', 'object has missing required properties (["hall","row"])'],
    [
      '/seat',
      '{"row":1,"hall":"large","b":1,"a":2}',
      'object instance has properties which are not allowed by the schema: ["a","b"]',
    ],
    [
      '/seat',
      '{"row":0,"hall":"x"}',
      'numeric instance is lower than the required minimum (minimum: 1, found: 0), instance value ("x") not found in enum (possible values: ["large","small"])',
    ],
    ['/seat', '[]', 'instance type (array) does not match any allowed primitive type (allowed: ["object"])'],
    ['/seats', '[]', 'array is too short: must have at least 1 elements but instance has 0 elements'],
    ['/seats', '[{"row":1,"hall":"small"},{}]', 'object has missing required properties (["hall","row"])'],
    ['/seat', 'nonsense', 'Unknown error parsing request body'],
    ['/seat', '', 'Unknown error parsing request body'],
  ])('%s %s', async (path, body, why) => {
    const { status, text } = await post(path, body);
    expect(status).toBe(400);
    expect(JSON.parse(text)).toEqual({ message: 'Invalid request body', why: `[${why}]` });
  });

  test('what fits goes on', async () => {
    const statusOf = async (path: string, body: string) => (await post(path, body)).status;
    // A mock without an integration response answers nothing: past validation, that is.
    expect(await statusOf('/seat', '{"row":1,"hall":"small"}')).toBe(500);
  });

  test('quotes are escaped outside of JSON too, where no VTL could do it', async () => {
    const { text } = await post('/seat', '{}', { accept: 'text/plain' });
    expect(text).toBe('[object has missing required properties ([\\"hall\\",\\"row\\"])]');
  });

  test.each(['constructor', 'toString', '__proto__'])('media types are no members: %s', async (type) => {
    const { status, text } = await post('/seat', '{}', { accept: type });
    expect([status, JSON.parse(text)]).toEqual([
      400,
      expect.objectContaining({ message: 'Invalid request body' }),
    ]);
    // Without a model for its content type a body is not validated.
    expect((await post('/seat', '{}', { 'content-type': type })).status).toBe(500);
  });
});

describe('a value that fits has no faults, and one that does not has some', () => {
  const names = fc.constantFrom('a', 'b', 'c');
  const list = <T>(of: fc.Arbitrary<T>) => fc.array(of, { minLength: 1, maxLength: 2 });
  const simple: Record<string, fc.Arbitrary<unknown>> = {
    type: fc.constantFrom('object', 'array', 'string', 'number', 'integer', 'boolean', 'null', [
      'string',
      'null',
    ]),
    required: fc.uniqueArray(names, { minLength: 1 }),
    additionalItems: fc.boolean(),
    minItems: fc.nat(2),
    maxItems: fc.nat(2),
    uniqueItems: fc.boolean(),
    minLength: fc.nat(3),
    maxLength: fc.nat(3),
    pattern: fc.constantFrom('^a', 'b$'),
    minimum: fc.integer({ min: -3, max: 3 }),
    maximum: fc.integer({ min: -3, max: 3 }),
    multipleOf: fc.constantFrom(2, 3),
    minProperties: fc.nat(2),
    maxProperties: fc.nat(2),
    enum: fc.constant([1, 'a', null, [], { a: 1 }]),
    dependencies: fc.dictionary(names, fc.uniqueArray(names, { minLength: 1 })),
  };
  const nested = (inner: fc.Arbitrary<object>): Record<string, fc.Arbitrary<unknown>> => ({
    ...simple,
    properties: fc.dictionary(names, inner),
    patternProperties: fc.dictionary(fc.constantFrom('^a', '[bc]'), inner),
    additionalProperties: fc.oneof(fc.boolean(), inner),
    items: fc.oneof(inner, list(inner)),
    allOf: list(inner),
    anyOf: list(inner),
    oneOf: list(inner),
    not: inner,
  });
  /** A few keywords at a time, so that there are values that fit. */
  const fewOf = (all: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<object> =>
    fc.subarray(Object.entries(all), { maxLength: 4 }).chain((some) => fc.record(Object.fromEntries(some)));
  const schema = fewOf(nested(fewOf(nested(fewOf(simple)))));
  const value = fc
    .jsonValue({ maxDepth: 2 })
    .chain((one) =>
      fc.oneof(
        fc.constant(one),
        fc.dictionary(names, fc.oneof(fc.integer({ min: -4, max: 4 }), fc.constantFrom('a', 'ab', null))),
        fc.array(fc.integer({ min: -4, max: 4 }), { maxLength: 3 }),
        fc.constantFrom('a', 'ab', 'abc', 'xyz', 0, 1.5, 3),
      ),
    );

  test('as another validator sees it', () => {
    fc.assert(
      fc.property(schema, value, (model, one) => {
        const fits = compileModel('M', { M: JSON.stringify(model) })(one) === undefined;
        const faults = new ModelFaults(new Map([['M', JSON.parse(JSON.stringify(model))]])).ofModel('M', one);
        expect(faults.length === 0).toBe(fits);
      }),
      { numRuns: 60 },
    );
  });

  test('models that refer to one another', () => {
    const reference = (name: string) => ({
      $ref: `https://apigateway.amazonaws.com/restapis/x/models/${name}`,
    });
    const models = {
      Tree: JSON.stringify({
        type: 'object',
        properties: {
          left: reference('Tree'),
          leaf: reference('Leaf'),
          here: { $ref: '#/definitions/Short' },
        },
        definitions: { Short: { type: 'string', maxLength: 2 } },
      }),
      Leaf: JSON.stringify({ type: 'string', pattern: '^l' }),
    };
    const faultsOf = compileModel('Tree', models);
    expect(faultsOf({ left: { left: { leaf: 'l' } }, here: 'ab' })).toBeUndefined();
    expect(faultsOf({ left: { left: { leaf: 'x' } } })).toEqual([
      'ECMA 262 regex "^l" does not match input string "x"',
    ]);
    expect(faultsOf({ left: { here: 'abc' } })).toEqual([
      'string "abc" is too long (length: 3, maximum allowed: 2)',
    ]);
  });
});
