import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ResourceFailure } from '../cloud/failures';
import { systemClock } from '../kernel';
import type { EngineCard } from './engine-card';
import { CliError } from './errors';
import { type Project, stateOption } from './project';
import { CommandError } from './steps';

/** Runs a deployment; where resources fail, tells which and why instead of all that the CDK said. */
export async function explained<T>(
  project: Project,
  engine: EngineCard,
  deploy: () => Promise<T>,
): Promise<T> {
  const since = systemClock.millis();
  try {
    return await deploy();
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    const failures = await fetchFailures(engine, since);
    if (failures.length === 0) throw error;
    const output = join(project.home, 'deploy.log');
    writeFileSync(output, error.output, { mode: 0o600 });
    throw new CliError(formatFailures(failures, project, output));
  }
}

/** None where the engine cannot be asked: what the CDK said is then all there is. */
async function fetchFailures(engine: EngineCard, since: number): Promise<ResourceFailure[]> {
  try {
    const response = await fetch(`${engine.endpoint}/_tierkit/failures?since=${since}`);
    return response.ok ? ((await response.json()) as ResourceFailure[]) : [];
  } catch {
    return [];
  }
}

function formatFailures(failures: readonly ResourceFailure[], project: Project, output: string): string {
  const stacks = new Map(failures.map(({ stack, stackStatus }) => [stack, stackStatus]));
  return [
    '',
    `The deployment failed: ${[...stacks].map(([name, status]) => `${name} is now ${status}`).join(', ')}.`,
    '',
    ...failures.map(
      ({ logicalId, type, status, reason }) =>
        `  ${logicalId} (${type}) ${status}:\n${indented(reason.trim())}\n`,
    ),
    `  What the functions said: npx tierkit logs${stateOption(project)}`,
    `  What the CDK said:       ${output}`,
  ].join('\n');
}

const indented = (text: string) => text.replace(/^(?=.)/gm, '    ');
