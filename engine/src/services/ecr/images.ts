import { createHash } from 'node:crypto';
import type { Image, ImageDetail, ImageFailure, ImageIdentifier } from '@aws-sdk/client-ecr';
import { AwsError, type Call, type Operation } from '../../kernel';
import { pageOfList } from '../../kernel/paging';
import {
  type ImageRecord,
  images,
  invalidParameter,
  localName,
  openRepository,
  type Repository,
  tagsOf,
} from './store';

/** Shown, and matched, as ECR writes it. */
const shown = ({ imageDigest, imageTag }: ImageIdentifier) =>
  `{imageDigest:'${imageDigest ?? 'null'}', imageTag:'${imageTag ?? 'null'}'}`;

function missing(call: Call, id: ImageIdentifier, repository: Repository): AwsError {
  return new AwsError(
    'ImageNotFoundException',
    `The image with imageId ${shown(id)} does not exist within the repository with name '${repository.name}' in the registry with id '${call.account}'`,
  );
}

/** The image that an identifier names; digest and tag must agree where both are given. */
export function findImage(call: Call, name: string, id: ImageIdentifier): ImageRecord | undefined {
  const { byDigest, byTag } = images(call);
  const tagged = id.imageTag === undefined ? undefined : byTag.get([name, id.imageTag]);
  if (id.imageTag !== undefined && tagged === undefined) return undefined;
  const digest = id.imageDigest ?? tagged;
  if (digest === undefined || (tagged !== undefined && tagged !== digest)) return undefined;
  return byDigest.get([name, digest]);
}

interface TagFilter {
  tagStatus?: string | undefined;
}

const passes = (filter: TagFilter | undefined, tags: readonly string[]) =>
  filter?.tagStatus === 'TAGGED'
    ? tags.length > 0
    : filter?.tagStatus === 'UNTAGGED'
      ? tags.length === 0
      : true;

const invalidToken = () =>
  invalidParameter("Invalid parameter at 'nextToken' failed to satisfy constraint: 'Invalid token'");

export const listImages: Operation<'ecr', 'ListImages'> = (input, call) => {
  const { name } = openRepository(call, input);
  const ids: ImageIdentifier[] = [];
  const tagsFor = tagsOf(call, name);
  for (const { digest: imageDigest } of images(call).byDigest.values({ prefix: [name] })) {
    const tags = tagsFor(imageDigest);
    if (!passes(input.filter, tags)) continue;
    if (tags.length === 0) ids.push({ imageDigest });
    for (const imageTag of tags) ids.push({ imageDigest, imageTag });
  }
  const page = pageOfList(ids, ({ imageDigest, imageTag }) => `${imageDigest} ${imageTag ?? ''}`, {
    limit: input.maxResults ?? 100,
    token: input.nextToken,
    invalidToken,
  });
  return { imageIds: page.items, ...(page.next === undefined ? {} : { nextToken: page.next }) };
};

function detail(call: Call, image: ImageRecord, tags: readonly string[]): ImageDetail {
  const { repository, digest, mediaType, size, pushed, config } = image;
  return {
    registryId: call.account,
    repositoryName: repository,
    imageDigest: digest,
    ...(tags.length ? { imageTags: [...tags] } : {}),
    imageSizeInBytes: size,
    imagePushedAt: new Date(pushed),
    imageManifestMediaType: mediaType,
    ...(config === undefined ? {} : { artifactMediaType: config }),
    imageStatus: 'ACTIVE',
  };
}

export const describeImages: Operation<'ecr', 'DescribeImages'> = (input, call) => {
  const repository = openRepository(call, input);
  const tagsFor = tagsOf(call, repository.name);
  if (input.imageIds?.length) {
    const found = new Set<ImageRecord>();
    for (const id of input.imageIds) {
      const image = findImage(call, repository.name, id);
      if (!image) throw missing(call, id, repository);
      found.add(image);
    }
    return { imageDetails: [...found].map((image) => detail(call, image, tagsFor(image.digest))) };
  }
  const all = [...images(call).byDigest.values({ prefix: [repository.name] })].filter((image) =>
    passes(input.filter, tagsFor(image.digest)),
  );
  const page = pageOfList(all, ({ digest }) => digest, {
    limit: input.maxResults ?? 100,
    token: input.nextToken,
    invalidToken,
  });
  return {
    imageDetails: page.items.map((image) => detail(call, image, tagsFor(image.digest))),
    ...(page.next === undefined ? {} : { nextToken: page.next }),
  };
};

function failureFor(imageId: ImageIdentifier): ImageFailure {
  return { imageId, failureCode: 'ImageNotFound', failureReason: 'Requested image not found' };
}

export const batchGetImage: Operation<'ecr', 'BatchGetImage'> = (input, call) => {
  const { name } = openRepository(call, input);
  const found: Image[] = [];
  const failures: ImageFailure[] = [];
  for (const id of input.imageIds ?? []) {
    const image = findImage(call, name, id);
    if (!image) failures.push(failureFor(id));
    else
      found.push({
        registryId: call.account,
        repositoryName: name,
        imageId: { imageDigest: image.digest, ...(id.imageTag ? { imageTag: id.imageTag } : {}) },
        imageManifest: image.manifest,
        imageManifestMediaType: image.mediaType,
      });
  }
  return { images: found, failures };
};

/** By its tag an image loses that tag only, and is gone with the last; by its digest it is gone at once. */
export const batchDeleteImage: Operation<'ecr', 'BatchDeleteImage'> = async (input, call) => {
  const { name } = openRepository(call, input);
  const { byDigest, byTag } = images(call);
  const imageIds: ImageIdentifier[] = [];
  const failures: ImageFailure[] = [];
  for (const id of input.imageIds ?? []) {
    const image = findImage(call, name, id);
    if (!image) {
      failures.push(failureFor(id));
      continue;
    }
    const all = tagsOf(call, name)(image.digest);
    const gone = id.imageTag === undefined ? all : [id.imageTag];
    for (const tag of gone) byTag.remove([name, tag]);
    if (gone.length === all.length) {
      byDigest.remove([name, image.digest]);
      await call.parts.functions.untagImage(localName(call, name, image.digest));
    }
    for (const imageTag of gone) imageIds.push({ imageDigest: image.digest, imageTag });
    if (gone.length === 0) imageIds.push({ imageDigest: image.digest });
  }
  return { imageIds, failures };
};

interface Manifest {
  mediaType?: string;
  config?: { digest?: string; mediaType?: string; size?: number };
  layers?: { size?: number }[];
}

const DOCKER_MANIFEST = 'application/vnd.docker.distribution.manifest.v2+json';

/**
 * https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_PutImage.html
 *
 * The local Docker is where images are: a manifest of one that is not there has layers that nobody has.
 */
export const putImage: Operation<'ecr', 'PutImage'> = async (input, call) => {
  const repository = openRepository(call, input);
  const { name } = repository;
  const manifest = input.imageManifest ?? '';
  const digest = `sha256:${createHash('sha256').update(manifest).digest('hex')}`;
  const parsed = parseManifest(manifest);
  if (input.imageDigest !== undefined && input.imageDigest !== digest) {
    throw new AwsError(
      'ImageDigestDoesNotMatchException',
      `The provided digest '${input.imageDigest}' does not match the digest of the image: '${digest}'`,
    );
  }
  const { byDigest, byTag } = images(call);
  const tag = input.imageTag;
  const before = tag === undefined ? undefined : byTag.get([name, tag]);
  const known = byDigest.get([name, digest]);
  if (known && (tag === undefined || before === digest)) {
    throw new AwsError(
      'ImageAlreadyExistsException',
      `Image with digest '${digest}'${tag === undefined ? '' : ` and tag '${tag}'`} already exists in the repository with name '${name}' in registry with id '${call.account}'`,
    );
  }
  if (before !== undefined && repository.mutability.startsWith('IMMUTABLE')) {
    throw new AwsError(
      'ImageTagAlreadyExistsException',
      `The image tag '${tag}' already exists in the '${name}' repository and cannot be overwritten because the tag is immutable.`,
    );
  }
  if (!known) await keepLocally(call, digest, parsed, localName(call, name, digest));
  const mediaType = input.imageManifestMediaType ?? parsed.mediaType ?? DOCKER_MANIFEST;
  const image: ImageRecord = known ?? {
    repository: name,
    digest,
    manifest,
    mediaType,
    size: [parsed.config, ...(parsed.layers ?? [])].reduce((sum, part) => sum + (part?.size ?? 0), 0),
    pushed: call.clock.millis(),
    ...(parsed.config?.mediaType ? { config: parsed.config.mediaType } : {}),
  };
  call.store.transaction(() => {
    byDigest.put([name, digest], image);
    if (tag !== undefined) byTag.put([name, tag], digest);
  });
  return {
    image: {
      registryId: call.account,
      repositoryName: name,
      imageId: { imageDigest: digest, ...(tag === undefined ? {} : { imageTag: tag }) },
      imageManifest: manifest,
      imageManifestMediaType: mediaType,
    },
  };
};

function parseManifest(text: string): Manifest {
  try {
    const manifest: unknown = JSON.parse(text);
    if (typeof manifest === 'object' && manifest !== null && !Array.isArray(manifest)) return manifest;
  } catch {
    // Said below.
  }
  throw invalidParameter(
    `Invalid parameter at 'ImageManifest' failed to satisfy constraint: 'Invalid JSON syntax'`,
  );
}

/** Docker's classic store names an image by its configuration's digest, containerd's by its manifest's. */
async function keepLocally(call: Call, digest: string, manifest: Manifest, name: string) {
  for (const id of [manifest.config?.digest, digest]) {
    if (id === undefined || !(await call.parts.functions.image(id))) continue;
    // A name for the digest alone: neither another push nor a clean-up takes the image away.
    await call.parts.functions.tagImage(id, name);
    return;
  }
  throw new AwsError(
    'LayersNotFoundException',
    `The image ${digest} is not in the Docker of this machine: tierkit keeps no layers of its own, push from there.`,
  );
}
