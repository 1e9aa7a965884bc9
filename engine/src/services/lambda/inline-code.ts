import { zipSync } from 'fflate';

/**
 * The module that CloudFormation puts beside code that stands in a template.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cfn-lambda-function-code-cfnresponsemodule.html
 */
const CFN_RESPONSE = `'use strict';
const https = require('https');
exports.SUCCESS = 'SUCCESS';
exports.FAILED = 'FAILED';
exports.send = (event, context, responseStatus, responseData, physicalResourceId, noEcho) => new Promise((resolve, reject) => {
  const body = JSON.stringify({
    Status: responseStatus,
    Reason: 'See the details in CloudWatch Log Stream: ' + context.logStreamName,
    PhysicalResourceId: physicalResourceId || context.logStreamName,
    StackId: event.StackId,
    RequestId: event.RequestId,
    LogicalResourceId: event.LogicalResourceId,
    NoEcho: noEcho || false,
    Data: responseData,
  });
  const url = new URL(event.ResponseURL);
  const request = https.request({
    hostname: url.hostname,
    port: 443,
    path: url.pathname + url.search,
    method: 'PUT',
    headers: { 'content-type': '', 'content-length': Buffer.byteLength(body) },
  }, (response) => {
    response.resume();
    if (context.done) context.done();
    resolve(response.statusCode);
  });
  request.on('error', (error) => {
    if (context.done) context.done(error);
    reject(error);
  });
  request.end(body);
});
`;

const CFN_RESPONSE_PYTHON = `import json
import urllib3

SUCCESS = "SUCCESS"
FAILED = "FAILED"

http = urllib3.PoolManager()


def send(event, context, responseStatus, responseData, physicalResourceId=None, noEcho=False, reason=None):
    body = json.dumps({
        "Status": responseStatus,
        "Reason": reason or "See the details in CloudWatch Log Stream: {}".format(context.log_stream_name),
        "PhysicalResourceId": physicalResourceId or context.log_stream_name,
        "StackId": event["StackId"],
        "RequestId": event["RequestId"],
        "LogicalResourceId": event["LogicalResourceId"],
        "NoEcho": noEcho,
        "Data": responseData,
    })
    headers = {"content-type": "", "content-length": str(len(body))}
    http.request("PUT", event["ResponseURL"], headers=headers, body=body)
`;

/** The archive CloudFormation makes of a template's ZipFile text. */
export function inlineArchive(text: string, runtime: string): Uint8Array {
  const encode = (source: string) => new TextEncoder().encode(source);
  // A fixed date: the same text is the same archive.
  const options = { mtime: new Date(Date.UTC(1980, 0, 2)) };
  if (runtime.startsWith('python'))
    return zipSync({ 'index.py': encode(text), 'cfnresponse.py': encode(CFN_RESPONSE_PYTHON) }, options);
  return zipSync({ 'index.js': encode(text), 'cfn-response.js': encode(CFN_RESPONSE) }, options);
}
