import type { ImageConfig } from '@aws-sdk/client-lambda';
import { AwsError, type Call, isAwsError, parseImageUri } from '../../kernel';
import { invalid } from './errors';
import type { VersionImage } from './store';

// Functions that are container images: https://docs.aws.amazon.com/lambda/latest/dg/images-create.html

interface ImageInput {
  PackageType?: string | undefined;
  Handler?: string | undefined;
  Runtime?: string | undefined;
  Layers?: string[] | undefined;
  ImageConfig?: ImageConfig | undefined;
}

/** An image brings its handler, runtime and libraries along; only an image has an entry point. */
export function checkPackage(input: ImageInput, isImage: boolean): void {
  if (isImage) {
    if (input.Handler !== undefined || input.Runtime !== undefined || input.Layers?.length) {
      throw invalid(
        "Please don't provide Handler or Runtime or Layer when the intended function PackageType is Image.",
      );
    }
    return;
  }
  if (hasImageConfig(input.ImageConfig)) {
    throw invalid("Please don't provide ImageConfig when the intended function PackageType is Zip.");
  }
}

function hasImageConfig(config: ImageConfig | undefined): boolean {
  return Boolean(config?.Command?.length || config?.EntryPoint?.length || config?.WorkingDirectory);
}

/** What an image has instead of an archive's. AWS counts no bytes of it. */
export const NO_ARCHIVE = { runtime: '', handler: '', codeBlob: '', codeSize: 0 };

/** The configuration to keep: an empty one is none. */
export function imageConfig(config: ImageConfig | undefined): Pick<VersionImage, 'config'> {
  if (!config || !hasImageConfig(config)) return {};
  const { Command, EntryPoint, WorkingDirectory } = config;
  return {
    config: {
      ...(EntryPoint?.length ? { EntryPoint } : {}),
      ...(Command?.length ? { Command } : {}),
      ...(WorkingDirectory ? { WorkingDirectory } : {}),
    },
  };
}

/**
 * What a function runs for an image's URI: the image that was pushed to ECR by that name, else the one that the local
 * Docker has by it. A tag is translated once, as on AWS.
 */
export async function resolveImage(
  uri: string,
  call: Call,
): Promise<{ image: VersionImage; sha256: string }> {
  const parsed = parseImageUri(uri);
  if (!parsed || parsed.region !== call.region) {
    throw invalid(`Source image ${uri} is not valid. Provide a valid source image.`);
  }
  const { repository, name, digest } = parsed;
  const pushed = await pushedDigest(parsed, call);
  const local = pushed === undefined ? uriOf(repository, parsed) : `${repository}:${digestTag(pushed)}`;
  const found = await call.parts.functions.image(local);
  if (!found) {
    if (pushed === undefined)
      throw invalid(`Source image ${uri} does not exist. Provide a valid source image.`);
    throw new AwsError(
      'ServiceException',
      `The image ${uri} was pushed to ${name}, but the local Docker no longer has it: push it again.`,
      { status: 500, members: { Type: 'Service' } },
    );
  }
  // An image that never was pushed has no manifest: its own id stands for that.
  const resolved =
    pushed ??
    digest ??
    found.repoDigests.find((one) => one.startsWith(`${repository}@`))?.split('@')[1] ??
    found.id;
  const given = uri.replace(/@.*$/, '').replace(/:[^/:]*$/, '');
  return {
    image: { uri, resolvedUri: `${given}@${resolved}`, id: found.id },
    sha256: resolved.replace('sha256:', ''),
  };
}

type Parsed = NonNullable<ReturnType<typeof parseImageUri>>;

const uriOf = (repository: string, { tag, digest }: Parsed) =>
  digest ? `${repository}@${digest}` : `${repository}:${tag}`;

/** The tag under which the local Docker keeps what was pushed. */
const digestTag = (digest: string) => digest.replace(':', '-');

async function pushedDigest({ account, name, tag, digest }: Parsed, call: Call): Promise<string | undefined> {
  try {
    const { imageDetails } = await call.invoke(
      'ecr',
      'DescribeImages',
      { repositoryName: name, imageIds: [digest ? { imageDigest: digest } : { imageTag: tag }] },
      { account, as: call.parts.identity.servicePrincipal('lambda.amazonaws.com', account) },
    );
    return imageDetails?.[0]?.imageDigest;
  } catch (error) {
    if (isAwsError(error, 'ImageNotFoundException', 'RepositoryNotFoundException')) return undefined;
    throw error;
  }
}
