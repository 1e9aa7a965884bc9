import { execFileSync, spawnSync } from 'node:child_process';
import { join } from 'node:path';

/** Builds the image that the suite drives, unless TIERKIT_IMAGE names one; says why where it cannot. */
export default function build(): void {
  const docker = spawnSync('docker', ['version', '--format', '{{.Server.Version}}'], { encoding: 'utf8' });
  if (docker.status !== 0) {
    const why = docker.error ? 'there is no `docker` here' : docker.stderr.trim();
    process.env.TIERKIT_IMAGE_SKIP = why;
    process.stderr.write(`\nThe image's suite is skipped: it needs a Docker Engine, and ${why}.\n`);
    return;
  }
  if (process.env.TIERKIT_IMAGE) return;
  process.env.TIERKIT_IMAGE = 'tierkit';
  execFileSync(join(__dirname, '..', 'build.sh'), ['tierkit'], { stdio: ['ignore', 'ignore', 'inherit'] });
}
