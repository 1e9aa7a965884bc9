// The limit: node:http and nothing else. Answers any request with the JSON that GetItem has for the bench's item.
const { createServer } = require('node:http');

const body = JSON.stringify({ Item: { id: { S: '1' }, name: { S: 'an item' }, price: { N: '42' } } });
const headers = {
  'content-type': 'application/x-amz-json-1.0',
  'content-length': Buffer.byteLength(body),
};

createServer((request, response) => {
  request.resume();
  request.once('end', () => response.writeHead(200, headers).end(body));
}).listen(Number(process.argv[2]), '127.0.0.1');
