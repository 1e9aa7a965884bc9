import { execFileSync } from 'node:child_process';

/** Why tests with an image cannot run here; undefined where they can. */
function missing(image: string): string | undefined {
  try {
    execFileSync('docker', ['image', 'inspect', image], { stdio: ['ignore', 'ignore', 'pipe'] });
    return undefined;
  } catch (error) {
    const said = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : String(error);
    return said || 'there is no docker command';
  }
}

/** `describe` where Docker has the image, else skipped with its reason. */
export function describeWith(image: string): jest.Describe {
  const reason = missing(image);
  if (reason === undefined) return describe;
  process.stderr.write(`Skipped, as ${image} cannot be used here: ${reason}\n`);
  return describe.skip;
}
