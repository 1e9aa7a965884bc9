export interface ImageUri {
  account: string;
  region: string;
  /** The repository's name. */
  name: string;
  /** `<account>.dkr.ecr.<region>.amazonaws.com/<name>`, whichever way it was written. */
  repository: string;
  tag: string;
  digest?: string;
}

/** A repository as AWS names it, or at the engine's own address: Docker cannot push to AWS's names here. */
const PLACE =
  /^(?:(?<account>\d{12})\.dkr\.ecr\.(?<region>[a-z0-9-]+)\.amazonaws\.com(?:\.cn)?|[a-z0-9.-]+:\d+\/(?<localAccount>\d{12})\/(?<localRegion>[a-z]{2}[a-z0-9-]*-\d))\/(?<name>[a-z0-9._/-]+)(?::(?<tag>\w[\w.-]{0,127}))?(?:@(?<digest>sha256:[0-9a-f]{64}))?$/;

/** Takes the URI of an image in ECR apart, or undefined where the text is none. */
export function parseImageUri(uri: string): ImageUri | undefined {
  const groups = PLACE.exec(uri)?.groups;
  if (!groups) return undefined;
  const account = groups.account ?? groups.localAccount ?? '';
  const region = groups.region ?? groups.localRegion ?? '';
  const name = groups.name ?? '';
  return {
    account,
    region,
    name,
    repository: `${account}.dkr.ecr.${region}.amazonaws.com/${name}`,
    tag: groups.tag ?? 'latest',
    ...(groups.digest ? { digest: groups.digest } : {}),
  };
}
