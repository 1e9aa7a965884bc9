import { constants, createWriteStream } from 'node:fs';
import { chmod, mkdir, symlink } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative, resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import yauzl from 'yauzl';

/** An archive that cannot be taken: no zip, or one that would reach out of its folder. */
export class BadArchive extends Error {}

class ArchiveTooLarge extends Error {}

/** https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html: 250 MB unzipped, with all layers. */
export const MAX_UNZIPPED_BYTES = 262_144_000;

const isLink = (entry: yauzl.Entry) =>
  ((entry.externalFileAttributes >>> 16) & constants.S_IFMT) === constants.S_IFLNK;
const isFolder = (entry: yauzl.Entry) => entry.fileName.endsWith('/');

/** Checks an archive by its directory. Gives the unzipped size and the number of entries. */
export async function inspectArchive(file: string): Promise<{ size: number; entries: number }> {
  let size = 0;
  let entries = 0;
  await eachEntry(file, async (entry) => {
    entries++;
    size += entry.uncompressedSize;
  });
  return { size, entries };
}

/** Unpacks `file` into `folder`, never beyond it, and never more than the limit whatever the directory says. */
export async function extractArchive(file: string, folder: string): Promise<void> {
  const root = resolve(folder);
  await mkdir(root, { recursive: true, mode: 0o755 });
  const made = new Set<string>([root]);
  const links: { path: string; target: string }[] = [];
  let size = 0;
  const ensure = async (path: string) => {
    if (made.has(path)) return;
    await mkdir(path, { recursive: true });
    made.add(path);
  };
  await eachEntry(file, async (entry, open) => {
    const path = inside(root, entry.fileName);
    if (isFolder(entry)) return ensure(path);
    await ensure(dirname(path));
    if (isLink(entry)) {
      links.push({ path, target: await readText(await open()) });
      return undefined;
    }
    const mode = (entry.externalFileAttributes >>> 16) & 0o777;
    const content = await open();
    content.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > MAX_UNZIPPED_BYTES) content.destroy(new ArchiveTooLarge());
    });
    await pipeline(content, createWriteStream(path));
    // Execute bits matter to layers' binaries; everybody's reading is what Lambda needs too.
    if (mode & 0o111) await chmod(path, 0o755);
    return undefined;
  });
  // Links come last: no file is written through one.
  for (const { path, target } of links) {
    if (isAbsolute(target)) throw new BadArchive(`link to ${target}`);
    inside(root, relative(root, resolve(dirname(path), target)) || '.');
    await symlink(target, path);
  }
}

function inside(root: string, name: string): string {
  const path = resolve(root, name);
  const way = relative(root, path);
  if (way.startsWith('..') || isAbsolute(way)) throw new BadArchive(`path outside of the archive: ${name}`);
  return join(root, way);
}

async function readText(stream: Readable): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream) {
    size += (chunk as Buffer).length;
    if (size > 4096) throw new BadArchive('a link that is no path');
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks).toString('utf8');
}

type Visit = (entry: yauzl.Entry, open: () => Promise<Readable>) => Promise<void>;

function eachEntry(file: string, visit: Visit): Promise<void> {
  return new Promise((done, failed) => {
    yauzl.open(file, { lazyEntries: true, autoClose: false }, (error, zip) => {
      if (error) return failed(new BadArchive(error.message));
      const fail = (problem: unknown) => {
        zip.close();
        failed(problem instanceof Error ? problem : new BadArchive(String(problem)));
      };
      // yauzl itself refuses absolute names, backslashes and "..".
      zip.on('error', (problem: Error) => fail(new BadArchive(problem.message)));
      zip.on('end', () => {
        zip.close();
        done();
      });
      zip.on('entry', (entry: yauzl.Entry) => {
        const open = () =>
          new Promise<Readable>((opened, refused) =>
            zip.openReadStream(entry, (problem, stream) =>
              problem ? refused(new BadArchive(problem.message)) : opened(stream),
            ),
          );
        visit(entry, open).then(() => zip.readEntry(), fail);
      });
      zip.readEntry();
      return undefined;
    });
  });
}
