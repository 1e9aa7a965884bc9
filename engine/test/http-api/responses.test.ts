import { Bed, proxyTo, type TestApi } from './support';

let bed: Bed;
let api: TestApi;

/** A function that answers what the test's header says. */
const ANSWERS = `exports.handler = async (event) => {
  const answer = JSON.parse(Buffer.from(event.headers['x-answer'], 'base64').toString());
  if (answer.throws) throw new Error(answer.throws);
  return answer.value;
};`;

beforeAll(async () => {
  bed = await Bed.start();
  const arn = await bed.newFunction('answers', ANSWERS);
  api = await bed.newApi();
  await api.route('ANY /two', proxyTo(arn));
  await api.route('ANY /one', proxyTo(arn, '1.0'));
  await api.stage();
});
afterAll(() => bed.stop());

const answered = (path: string, answer: object) =>
  api.ask(path, { headers: { 'x-answer': Buffer.from(JSON.stringify(answer)).toString('base64') } });

const BROKEN = { status: 500, text: '{"message":"Internal Server Error"}' };

// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
describe('format 2.0', () => {
  test('a result without a status is the body of a 200 in JSON', async () => {
    const answer = await answered('/two', { value: { message: 'Hello from Lambda!' } });
    expect(answer).toMatchObject({ status: 200, text: '{"message":"Hello from Lambda!"}' });
    expect(answer.headers['content-type']).toBe('application/json');
    expect(await answered('/two', { value: 'Hello from Lambda!' })).toMatchObject({
      text: 'Hello from Lambda!',
    });
    expect(await answered('/two', { value: [1, 2] })).toMatchObject({ status: 200, text: '[1,2]' });
  });

  test('a result with a status says all', async () => {
    const answer = await answered('/two', {
      value: {
        statusCode: 201,
        headers: { 'Content-Type': 'text/html', 'X-N': 1 },
        cookies: ['a=1; Secure', 'b=2'],
        body: '<p>',
      },
    });
    expect(answer).toMatchObject({ status: 201, text: '<p>' });
    expect(answer.headers).toMatchObject({
      'content-type': 'text/html',
      'x-n': '1',
      'set-cookie': ['a=1; Secure', 'b=2'],
    });
    const plain = await answered('/two', { value: { statusCode: 200, body: 'hi' } });
    expect(plain.headers['content-type']).toBe('text/plain;charset=UTF-8');
  });

  test('binary bodies come in base64, whatever the client accepts', async () => {
    const body = Buffer.from([0, 255, 1, 128]);
    const value = {
      statusCode: 200,
      headers: { 'content-type': 'image/png' },
      body: body.toString('base64'),
      isBase64Encoded: true,
    };
    expect((await answered('/two', { value })).body).toEqual(body);
  });

  test.each([
    [{ statusCode: 'many' }],
    [{ statusCode: 200, body: { not: 'text' } }],
    [{ statusCode: 200, headers: { a: { b: 1 } } }],
    [{ statusCode: 200, cookies: 'a=1' }],
    [{ statusCode: 200, headers: { 'a b': '1' } }],
  ])('%j is no answer', async (value) => {
    expect(await answered('/two', { value })).toMatchObject(BROKEN);
  });

  test('a function that throws', async () => {
    expect(await answered('/two', { throws: 'secret' })).toMatchObject(BROKEN);
  });
});

describe('format 1.0', () => {
  test('knows values of several headers', async () => {
    const answer = await answered('/one', {
      value: {
        statusCode: 200,
        headers: { 'X-A': '1' },
        multiValueHeaders: { 'Set-Cookie': ['a=1', 'b=2'] },
        body: '{}',
      },
    });
    expect(answer.headers).toMatchObject({
      'x-a': '1',
      'set-cookie': ['a=1', 'b=2'],
      'content-type': 'application/json',
    });
  });

  test.each([['text'], [{ message: 'no status' }], [null]])('%j is no answer', async (value) => {
    expect(await answered('/one', { value })).toMatchObject(BROKEN);
  });
});
