import { AwsError, type Operation } from '../../kernel';
import { openRepository } from './store';

/** No image can be pushed, so every repository is empty. */
export const listImages: Operation<'ecr', 'ListImages'> = (input, call) => {
  openRepository(call, input);
  return { imageIds: [] };
};

export const describeImages: Operation<'ecr', 'DescribeImages'> = (input, call) => {
  const repository = openRepository(call, input);
  const [first] = input.imageIds ?? [];
  if (first) {
    const id = `{imageDigest:'${first.imageDigest ?? 'null'}', imageTag:'${first.imageTag ?? 'null'}'}`;
    throw new AwsError(
      'ImageNotFoundException',
      `The image with imageId ${id} does not exist within the repository with name '${repository.name}' in the registry with id '${call.account}'`,
    );
  }
  return { imageDetails: [] };
};

const HOURS = 3_600_000;
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** Docker logs in with this; the registry itself is not there, so what comes next is refused by its address. */
export const getAuthorizationToken: Operation<'ecr', 'GetAuthorizationToken'> = (input, call) => {
  const registries = input.registryIds?.length ? input.registryIds : [call.account];
  return {
    authorizationData: registries.map((registry) => ({
      authorizationToken: Buffer.from(`AWS:${call.ids.of(ALPHABET, 1024)}`).toString('base64'),
      expiresAt: new Date(call.clock.millis() + 12 * HOURS),
      proxyEndpoint: `https://${registry}.dkr.ecr.${call.region}.amazonaws.com`,
    })),
  };
};
