const cors = { 'Access-Control-Allow-Origin': { type: 'string' } };
const http = (method: string) => ({
  type: 'http',
  httpMethod: method,
  uri: 'http://petstore.example.com/pets',
  passthroughBehavior: 'when_no_match',
  responses: {
    default: {
      statusCode: '200',
      responseParameters: { 'method.response.header.Access-Control-Allow-Origin': "'*'" },
    },
  },
});

/** A small shop of pets, as the console's example has it. */
export const swaggerPets = {
  swagger: '2.0',
  info: { title: 'PetStore', description: 'pets', version: '1.0' },
  schemes: ['https'],
  paths: {
    '/': {
      get: {
        produces: ['text/html'],
        responses: { 200: { description: '200 response', headers: { 'Content-Type': { type: 'string' } } } },
        'x-amazon-apigateway-integration': {
          type: 'mock',
          requestTemplates: { 'application/json': '{"statusCode": 200}' },
          responses: {
            default: {
              statusCode: '200',
              responseParameters: { 'method.response.header.Content-Type': "'text/html'" },
              responseTemplates: { 'text/html': '<h1>Pets</h1>' },
            },
          },
        },
      },
    },
    '/pets': {
      get: {
        parameters: [{ name: 'type', in: 'query', required: false, type: 'string' }],
        produces: ['application/json'],
        security: [{ door: [] }],
        responses: { 200: { description: 'all', schema: { $ref: '#/definitions/Pets' }, headers: cors } },
        'x-amazon-apigateway-integration': {
          ...http('GET'),
          requestParameters: {
            'integration.request.querystring.type': 'method.request.querystring.type',
          },
        },
      },
      post: {
        operationId: 'CreatePet',
        consumes: ['application/json'],
        parameters: [
          { name: 'NewPet', in: 'body', required: true, schema: { $ref: '#/definitions/NewPet' } },
        ],
        security: [{ api_key: [] }],
        responses: { 200: { description: 'made', schema: { $ref: '#/definitions/Pet' }, headers: cors } },
        'x-amazon-apigateway-integration': http('POST'),
      },
    },
    '/pets/{petId}': {
      get: {
        operationId: 'GetPet',
        parameters: [{ name: 'petId', in: 'path', required: true, type: 'string' }],
        responses: { 200: { description: 'one', schema: { $ref: '#/definitions/Pet' }, headers: cors } },
        'x-amazon-apigateway-integration': http('GET'),
      },
    },
  },
  securityDefinitions: {
    api_key: { type: 'apiKey', name: 'x-api-key', in: 'header' },
    door: {
      type: 'apiKey',
      name: 'Authorization',
      in: 'header',
      'x-amazon-apigateway-authtype': 'oauth2',
      'x-amazon-apigateway-authorizer': {
        type: 'token',
        authorizerUri:
          'arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:000000000000:function:door/invocations',
        identityValidationExpression: '^x-[a-z]+',
        authorizerResultTtlInSeconds: 60,
      },
    },
  },
  definitions: {
    Pets: { type: 'array', items: { $ref: '#/definitions/Pet' } },
    Empty: { type: 'object' },
    Pet: {
      type: 'object',
      properties: { id: { type: 'integer' }, type: { type: 'string' }, price: { type: 'number' } },
    },
    NewPet: {
      type: 'object',
      required: ['type'],
      properties: { type: { type: 'string', enum: ['dog', 'cat'] }, price: { type: 'number' } },
    },
  },
};
