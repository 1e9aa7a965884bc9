import { Readable } from 'node:stream';
import { type Entry, open, type ZipFile } from 'yauzl';
import { AwsError, type Call } from '../../kernel';

/** A file to deploy, by the path it has below the destination. */
export interface DeployedFile {
  path: string;
  open(): Promise<Readable>;
}

export interface Archive {
  files: DeployedFile[];
  close(): Promise<void>;
}

/** Opens a zip that lies in a bucket. It goes to a file first: archives may be larger than memory should be. */
export async function openArchive(call: Call, bucket: string, key: string): Promise<Archive> {
  const { Body } = await call.invoke('s3', 'GetObject', { Bucket: bucket, Key: key });
  const { blobs } = call.parts;
  const blob = await blobs.write(Body instanceof Readable || Body instanceof Uint8Array ? Body : '');
  try {
    const zip = await opened(blobs.path(blob.id));
    const files = await entries(zip);
    return {
      files,
      async close() {
        zip.close();
        await blobs.remove(blob.id);
      },
    };
  } catch (error) {
    await blobs.remove(blob.id);
    throw new AwsError(
      'InvalidArchive',
      `s3://${bucket}/${key} cannot be deployed: ${error instanceof Error ? error.message : error}`,
    );
  }
}

function opened(path: string): Promise<ZipFile> {
  return new Promise((resolve, reject) => {
    open(path, { lazyEntries: true, autoClose: false }, (error, zip) =>
      error ? reject(error) : resolve(zip),
    );
  });
}

/** The files in a zip. Names that would lead out of the destination (`../`, absolute ones) fail it: yauzl checks. */
function entries(zip: ZipFile): Promise<DeployedFile[]> {
  const files: DeployedFile[] = [];
  return new Promise((resolve, reject) => {
    zip.on('entry', (entry: Entry) => {
      if (!entry.fileName.endsWith('/')) {
        files.push({ path: entry.fileName, open: () => stream(zip, entry) });
      }
      zip.readEntry();
    });
    zip.once('end', () => resolve(files));
    zip.once('error', (error) => {
      zip.close();
      reject(error);
    });
    zip.readEntry();
  });
}

function stream(zip: ZipFile, entry: Entry): Promise<Readable> {
  return new Promise((resolve, reject) => {
    zip.openReadStream(entry, (error, readable) => (error ? reject(error) : resolve(readable)));
  });
}

/** Replaces a source's deploy-time markers in a file. In a JSON file values are escaped as JSON wants. */
export function replaceMarkers(content: Buffer, markers: Record<string, unknown>, json: boolean): Buffer {
  let out = content;
  for (const [marker, value] of Object.entries(markers)) {
    const text = json ? JSON.stringify(value).replace(/^"|"$/g, '') : String(value);
    if (!out.includes(marker)) continue;
    const replacement = Buffer.from(text);
    const pieces: Buffer[] = [];
    let at = 0;
    for (let found = out.indexOf(marker); found >= 0; found = out.indexOf(marker, at)) {
      pieces.push(out.subarray(at, found), replacement);
      at = found + Buffer.byteLength(marker);
    }
    out = Buffer.concat([...pieces, out.subarray(at)]);
  }
  return out;
}
