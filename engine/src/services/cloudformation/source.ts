import { type Call, isAwsError } from '../../kernel';
import { parseTemplate } from '../../templates/parse';
import { refuse } from '../../templates/refusal';
import type { Template } from '../../templates/template';
import { checkTemplate } from '../../templates/validate';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html */
const MAX_BODY = 51_200;
const MAX_OBJECT = 1_000_000;

interface Location {
  bucket: string;
  key: string;
}

/** The bucket and key that a template's URL names, in any of the styles in which S3 is addressed here or on AWS. */
function locate(url: string, { parts: { addresses }, http }: Call): Location {
  if (url.startsWith('s3://')) {
    const bucket = url.slice(5).split('/')[0] ?? '';
    throw refuse(`S3 error: Domain name specified in ${bucket} is not a valid S3 domain`);
  }
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (!parsed || !/^https?:$/.test(parsed.protocol)) throw refuse('TemplateURL must be a supported URL.');
  const path = decoded(parsed.pathname.slice(1));
  const host = parsed.hostname;
  const virtual =
    /^(.+)\.s3(?:[.-][a-z0-9.-]+)?\.(?:amazonaws\.com(?:\.cn)?|localhost\.localstack\.cloud|localhost)$/.exec(
      host,
    )?.[1];
  if (virtual) return { bucket: virtual, key: path };
  const aws =
    /^s3(?:[.-][a-z0-9.-]+)?\.(?:amazonaws\.com(?:\.cn)?|localhost\.localstack\.cloud|localhost)$/.test(host);
  const local =
    /^(localhost|127\.0\.0\.1|localhost\.localstack\.cloud|\[::1\])$/.test(host) ||
    Number(parsed.port) === addresses.port ||
    // Outside a container the engine has the name and port under which the asker sees it.
    parsed.host === new URL(addresses.endpointFor(http?.host)).host;
  const cut = path.indexOf('/');
  if ((!aws && !local) || cut < 1) throw refuse('TemplateURL must be a supported URL.');
  return { bucket: path.slice(0, cut), key: path.slice(cut + 1) };
}

async function fetchBody(call: Call, url: string): Promise<string> {
  const { bucket, key } = locate(url, call);
  try {
    const { Body } = await call.invoke('s3', 'GetObject', { Bucket: bucket, Key: key });
    const chunks: Uint8Array[] = [];
    if (Body instanceof Uint8Array) chunks.push(Body);
    else if (Body) for await (const chunk of Body) chunks.push(Buffer.from(chunk as Uint8Array));
    const bytes = Buffer.concat(chunks);
    if (bytes.length > MAX_OBJECT) throw refuse(`Template may not exceed ${MAX_OBJECT} bytes in size.`);
    return bytes.toString('utf8');
  } catch (error) {
    if (!isAwsError(error) || error.code === 'ValidationError') throw error;
    throw refuse(
      `S3 error: ${error.message}\nFor more information check http://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html`,
    );
  }
}

interface Given {
  TemplateBody?: string | undefined;
  TemplateURL?: string | undefined;
}

/** The text of the template that a request brings or names. */
export async function templateText(call: Call, input: Given): Promise<string | undefined> {
  const { TemplateBody: body, TemplateURL: url } = input;
  if (body !== undefined && url !== undefined)
    throw refuse('Either Template URL or Template Body must be specified, but not both.');
  if (url !== undefined) return fetchBody(call, url);
  if (body !== undefined && Buffer.byteLength(body) > MAX_BODY) {
    throw refuse(
      `1 validation error detected: Value '${body}' at 'templateBody' failed to satisfy constraint: Member must have length less than or equal to ${MAX_BODY}`,
    );
  }
  return body;
}

export async function requiredText(call: Call, input: Given): Promise<string> {
  const text = await templateText(call, input);
  if (text === undefined) throw refuse('Either Template URL or Template Body must be specified.');
  return text;
}

/** A template's text as a checked template. */
export function read(body: string): Template {
  return checkTemplate(parseTemplate(body));
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    throw refuse('TemplateURL must be a supported URL.');
  }
}
