import { type Docker, DockerError, textOf } from './docker';
import { DockerUnavailable } from './docker-address';

/** What Docker tells of an image. */
export interface ImageFacts {
  Id: string;
  Architecture: string;
  RepoDigests?: string[] | null;
  Size: number;
  Config?: { Entrypoint?: string[] | string | null; Cmd?: string[] | null; WorkingDir?: string } | null;
}

/**
 * AWS's image of a managed runtime. LAMBDA_RUNTIME_IMAGE_MAPPING names others, as JSON, as for LocalStack.
 * https://docs.aws.amazon.com/lambda/latest/dg/images-create.html#runtimes-images-lp
 */
export function runtimeImage(runtime: string, mapping: Readonly<Record<string, string>> = {}): string {
  const mapped = mapping[runtime];
  if (mapped) return mapped;
  const [, name = runtime, version = ''] = /^([a-z]+)(.*)$/.exec(runtime) ?? [];
  return `public.ecr.aws/lambda/${name}:${version.replace(/^\./, '').replace(/\.x$/, '')}`;
}

export async function findImage(docker: Docker, name: string): Promise<ImageFacts | undefined> {
  try {
    return await docker.call<ImageFacts>('GET', `/images/${encodeURIComponent(name)}/json`);
  } catch (error) {
    if (error instanceof DockerError && error.status === 404) return undefined;
    throw error;
  }
}

/** Docker's name of Lambda's architectures. */
export const dockerArchitecture = (architecture: string) => (architecture === 'arm64' ? 'arm64' : 'amd64');

/** The image for an architecture, pulled where it is missing. */
export async function pullImage(docker: Docker, name: string, architecture: string): Promise<ImageFacts> {
  const wanted = dockerArchitecture(architecture);
  const here = await findImage(docker, name);
  if (here?.Architecture === wanted) return here;
  const query = `fromImage=${encodeURIComponent(name)}&platform=${encodeURIComponent(`linux/${wanted}`)}`;
  const advice =
    here === undefined
      ? `pull it yourself with \`docker pull ${name}\`, or name another in LAMBDA_RUNTIME_IMAGE_MAPPING`
      : `the one that is here is for ${here.Architecture}: LAMBDA_IGNORE_ARCHITECTURE=1 runs functions on this machine's`;
  try {
    const progress = await textOf(await docker.open('POST', `/images/create?${query}`));
    for (const line of progress.split('\n')) {
      const { error } = (line.trim() ? JSON.parse(line) : {}) as { error?: string };
      if (error) throw new DockerError(500, error);
    }
  } catch (error) {
    if (!(error instanceof DockerError)) throw error;
    throw new DockerUnavailable(
      `the image ${name} for ${wanted} is not here and cannot be pulled (${error.message}): ${advice}`,
    );
  }
  const pulled = await findImage(docker, name);
  if (pulled) return pulled;
  throw new DockerUnavailable(`the image ${name} was pulled, but is not here: ${advice}`);
}
